package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/** A ReLU that stops at 6. Its slope is 0 at both bounds. */
final class Relu6 extends ActivationKind {
  Relu6() {
    super("relu6", "x clipped to 0 and 6");
    torch("ReLU6", "inplace=False");
    keras("relu6");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return Math.min(Math.max(x, 0), 6);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x <= 0 || x >= 6 ? 0 : 1;
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.CLIP, 0, 6);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {0, 6};
  }

  @Override
  public double silence(double alpha, double beta) {
    return 0;
  }
}
