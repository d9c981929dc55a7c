package lamina.op.activation;

import lamina.kernel.SpecialFunctions;

/** What tanh leaves of x. */
final class TanhShrink extends ActivationKind {
  TanhShrink() {
    super("tanh-shrink", "x − tanh(x)");
    torch("Tanhshrink", "");
    keras("tanh_shrink");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return SpecialFunctions.tanhShrink(x);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    double tanh = Math.tanh(x);
    return tanh * tanh;
  }
}
