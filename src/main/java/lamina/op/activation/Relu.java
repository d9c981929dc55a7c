package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/** The positive part of x. Its slope at 0 is 0. */
final class Relu extends ActivationKind {
  Relu() {
    super("relu", "x above 0, else 0");
    torch("ReLU", "inplace=False");
    keras("relu", "ReLU");
    onnx("Relu");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return Math.max(x, 0);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x <= 0 ? 0 : 1;
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.RELU);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {0};
  }

  @Override
  public double silence(double alpha, double beta) {
    return 0;
  }
}
