package lamina.op.activation;

/** A sigmoid without exponentials. */
final class Softsign extends ActivationKind {
  Softsign() {
    super("softsign", "x / (1 + |x|)");
    torch("Softsign", "");
    keras("softsign");
    onnx("Softsign");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
  }

  @Override
  public double[] bounds(double alpha, double beta) {
    return new double[] {-1, 1};
  }
}
