package lamina.op.activation;

/** Takes lambda off the absolute value. Its slope is 0 at both bounds. */
final class SoftShrink extends ActivationKind {
  SoftShrink() {
    super("soft-shrink", "x moved towards 0 by lambda, 0 between");
    parameter("lambda", 0.5);
    torch("Softshrink", "lambd=0.5");
    keras("soft_shrink");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return x > alpha ? x - alpha : x < -alpha ? x + alpha : x * 0;
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x >= -alpha && x <= alpha ? 0 : 1;
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {-alpha, alpha};
  }

  @Override
  public String refusal(double alpha, double beta) {
    return alpha >= 0 ? null : "needs a lambda of at least 0, not " + alpha;
  }
}
