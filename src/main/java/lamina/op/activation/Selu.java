package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/**
 * An ELU scaled so that layers keep mean 0 and variance 1. Klambauer et al., Self-Normalizing
 * Neural Networks (2017).
 */
final class Selu extends ActivationKind {
  private static final double ALPHA = 1.6732632423543772;
  private static final double SCALE = 1.0507009873554805;

  Selu() {
    super("selu", "1.0507 · (x above 0, else 1.6733 · (exp(x) − 1))");
    torch("SELU", "inplace=False");
    keras("selu");
    onnx("Selu");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return SCALE * (x > 0 ? x : ALPHA * Math.expm1(x));
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return SCALE * (x > 0 ? 1 : ALPHA * Math.exp(x));
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.ELU, SCALE, ALPHA);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {0};
  }
}
