package lamina.op.activation;

import lamina.kernel.PointwiseLoop;
import lamina.kernel.SpecialFunctions;

/** The logistic function. */
final class Sigmoid extends ActivationKind {
  Sigmoid() {
    super("sigmoid", "1 / (1 + exp(−x))");
    torch("Sigmoid", "");
    keras("sigmoid");
    onnx("Sigmoid");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return SpecialFunctions.sigmoid(x);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return SpecialFunctions.sigmoidDerivative(x);
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.SIGMOID);
  }

  @Override
  public double[] bounds(double alpha, double beta) {
    return new double[] {0, 1};
  }
}
