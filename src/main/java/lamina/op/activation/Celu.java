package lamina.op.activation;

/**
 * An ELU that is smooth for every alpha. Barron, Continuously Differentiable Exponential Linear
 * Units (2017).
 */
final class Celu extends ActivationKind {
  Celu() {
    super("celu", "x above 0, else alpha · (exp(x / alpha) − 1)");
    parameter("alpha", 1);
    torch("CELU", "alpha=1.0, inplace=False");
    keras("celu");
    onnx("Celu(alpha=1.0)");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return x > 0 ? x : alpha * Math.expm1(x / alpha);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x > 0 ? 1 : Math.exp(x / alpha);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {0};
  }

  @Override
  public String refusal(double alpha, double beta) {
    return alpha == 0 ? "needs an alpha other than 0" : null;
  }
}
