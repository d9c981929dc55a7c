package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/** An exponential below 0. Clevert et al., Exponential Linear Units (2015). */
final class Elu extends ActivationKind {
  Elu() {
    super("elu", "x above 0, else alpha · (exp(x) − 1)");
    parameter("alpha", 1);
    torch("ELU", "alpha=1.0, inplace=False");
    keras("elu", "ELU(alpha=1.0)");
    onnx("Elu(alpha=1.0)");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return x > 0 ? x : alpha * Math.expm1(x);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x > 0 ? 1 : alpha * Math.exp(x);
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.ELU, 1, alpha);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {0};
  }
}
