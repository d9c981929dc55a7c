package lamina.op.activation;

/** Small numbers become 0. Its slope is 0 at both bounds. */
final class HardShrink extends ActivationKind {
  HardShrink() {
    super("hard-shrink", "0 from −lambda to lambda, else x");
    parameter("lambda", 0.5);
    torch("Hardshrink", "lambd=0.5");
    keras("hard_shrink");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return x >= -alpha && x <= alpha ? 0 : x;
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
