package lamina.op.activation;

/** Small numbers become a value. Its slope at the threshold is 0. */
final class Threshold extends ActivationKind {
  Threshold() {
    super("threshold", "x above threshold, else value");
    parameters("threshold", Double.NaN, "value", Double.NaN);
    torch("Threshold", "threshold, value, inplace=False");
    keras("ThresholdedReLU(theta=1.0, 0)");
    onnx("ThresholdedRelu(alpha=1.0, 0)");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return x <= alpha ? beta : x;
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x <= alpha ? 0 : 1;
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {alpha};
  }

  @Override
  public String expression() {
    return "'Threshold(0.5, 0)' for threshold and value";
  }

  @Override
  public double silence(double alpha, double beta) {
    return beta;
  }
}
