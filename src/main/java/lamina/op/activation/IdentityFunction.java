package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/** The input itself. */
final class IdentityFunction extends ActivationKind {
  IdentityFunction() {
    super("identity", "x");
    keras("linear");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return x;
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return 1;
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.IDENTITY);
  }
}
