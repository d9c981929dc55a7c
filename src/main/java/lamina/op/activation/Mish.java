package lamina.op.activation;

import lamina.kernel.PointwiseLoop;
import lamina.kernel.SpecialFunctions;

/**
 * x times the tanh of its softplus. Misra, Mish: A Self Regularized Non-Monotonic Activation
 * Function (2019).
 */
final class Mish extends ActivationKind {
  Mish() {
    super("mish", "x · tanh(log(1 + exp(x)))");
    torch("Mish", "inplace=False");
    keras("mish");
    onnx("Mish");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return SpecialFunctions.timesGate(x, gate(x));
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return gate(x) + SpecialFunctions.timesGate(x, gateDerivative(x));
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.MISH);
  }

  /**
   * tanh(log(1 + exp(x))) = n / (n + 2) with n = exp(x) (exp(x) + 2); divided through by exp(2x)
   * for positive x.
   */
  private static double gate(double x) {
    double e = Math.exp(-Math.abs(x));
    if (x > 0) {
      return (1 + 2 * e) / (1 + 2 * e + 2 * e * e);
    }
    double n = e * (e + 2);
    return n / (n + 2);
  }

  /** (1 − tanh²(softplus(x))) σ(x), where 1 − tanh² = 4 (n + 1) / (n + 2)². */
  private static double gateDerivative(double x) {
    double e = Math.exp(-Math.abs(x));
    if (x > 0) {
      double d = 1 + 2 * e + 2 * e * e;
      return 4 * e * e * (1 + e) / (d * d);
    }
    double d = e * (e + 2) + 2;
    return 4 * e * (1 + e) / (d * d);
  }
}
