package lamina.op.activation;

import lamina.kernel.PointwiseLoop;
import lamina.kernel.SpecialFunctions;

/**
 * x times its own sigmoid, also called swish. Elfwing et al., Sigmoid-Weighted Linear Units (2017).
 */
final class Silu extends ActivationKind {
  Silu() {
    super("silu", "x / (1 + exp(−x))");
    torch("SiLU", "inplace=False");
    keras("silu", "swish");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return SpecialFunctions.timesGate(x, SpecialFunctions.sigmoid(x));
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return SpecialFunctions.sigmoid(x)
        + SpecialFunctions.timesGate(x, SpecialFunctions.sigmoidDerivative(x));
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.SILU);
  }
}
