package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/** A tanh of three straight lines. Its slope is 0 at both bounds. */
final class HardTanh extends ActivationKind {
  HardTanh() {
    super("hard-tanh", "x clipped to min and max");
    parameters("min", -1, "max", 1);
    torch("Hardtanh", "min_val=-1.0, max_val=1.0, inplace=False");
    keras("hard_tanh");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return Math.min(Math.max(x, alpha), beta);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x <= alpha || x >= beta ? 0 : 1;
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.CLIP, alpha, beta);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {alpha, beta};
  }

  @Override
  public String refusal(double alpha, double beta) {
    return alpha < beta ? null : "needs min < max, but min " + alpha + " and max " + beta;
  }

  @Override
  public String expression() {
    return "'Hardtanh(-2, 0.5)' for min and max";
  }

  @Override
  public double[] bounds(double alpha, double beta) {
    return new double[] {alpha, beta};
  }
}
