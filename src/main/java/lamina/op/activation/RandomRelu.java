package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/**
 * A leaky ReLU whose slope is random in training, which its layer does; in evaluation it is the
 * mean of the bounds. Xu et al., Empirical Evaluation of Rectified Activations (2015).
 */
final class RandomRelu extends ActivationKind {
  RandomRelu() {
    super("rrelu", "x above 0, else a slope · x that is random in training");
    parameters("lower", 1.0 / 8, "upper", 1.0 / 3);
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return x > 0 ? x : (alpha + beta) / 2 * x;
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x > 0 ? 1 : (alpha + beta) / 2;
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.LEAKY, (alpha + beta) / 2);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {0};
  }

  @Override
  public String refusal(double alpha, double beta) {
    return alpha <= beta ? null : "needs lower <= upper, but lower " + alpha + " and upper " + beta;
  }

  /** One number stands for both bounds. */
  @Override
  public double betaOf(double alpha) {
    return alpha;
  }
}
