package lamina.op.activation;

import lamina.kernel.SpecialFunctions;

/**
 * The approximation of gelu that many language models use; PyTorch writes {@code
 * GELU(approximate='tanh')}.
 */
final class GeluTanh extends ActivationKind {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  GeluTanh() {
    super("gelu-tanh", "gelu by tanh(√(2/π) · (x + 0.044715 · x³))");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return SpecialFunctions.timesGate(x, SpecialFunctions.sigmoid(2 * argument(x)));
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    double u = argument(x);
    double slope = SQRT_2_OVER_PI * (1 + 3 * CUBIC * x * x);
    return SpecialFunctions.sigmoid(2 * u)
        + SpecialFunctions.timesGate(2 * x * slope, SpecialFunctions.sigmoidDerivative(2 * u));
  }

  private static double argument(double x) {
    return SQRT_2_OVER_PI * (x + CUBIC * x * x * x);
  }
}
