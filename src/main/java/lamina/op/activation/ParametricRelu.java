package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/**
 * A leaky ReLU whose slope is learnt: a layer of its own, since it has weights. He et al., Delving
 * Deep into Rectifiers (2015).
 */
final class ParametricRelu extends ActivationKind {
  ParametricRelu() {
    super("prelu", "x above 0, else a learnt slope · x");
    parameter("slope", 0.25);
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return x > 0 ? x : alpha * x;
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x > 0 ? 1 : alpha;
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.LEAKY, alpha);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {0};
  }

  @Override
  public boolean isTrained() {
    return true;
  }
}
