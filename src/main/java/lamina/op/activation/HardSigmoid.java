package lamina.op.activation;

/**
 * A sigmoid of three straight lines: {@code x/6 + 1/2} in PyTorch and Keras 3, {@code 0.2 x + 0.5}
 * in ONNX. Its slope is 0 at both bounds.
 */
final class HardSigmoid extends ActivationKind {
  HardSigmoid() {
    super("hard-sigmoid", "slope · x + offset, clipped to 0 and 1");
    parameters("slope", 1.0 / 6, "offset", 0.5);
    torch("Hardsigmoid", "inplace=False");
    keras("hard_sigmoid");
    onnx("HardSigmoid(alpha=0.2, beta=0.5)");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return Math.min(Math.max(alpha * x + beta, 0), 1);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return alpha * x + beta <= 0 || alpha * x + beta >= 1 ? 0 : alpha;
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    double zero = -beta / alpha;
    double one = (1 - beta) / alpha;
    return alpha == 0 ? new double[0] : new double[] {Math.min(zero, one), Math.max(zero, one)};
  }

  @Override
  public boolean takesBeta() {
    return true;
  }

  @Override
  public double[] bounds(double alpha, double beta) {
    return new double[] {0, 1};
  }
}
