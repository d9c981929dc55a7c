package lamina.op.activation;

import lamina.kernel.PointwiseLoop;

/**
 * A ReLU that lets a part of negative inputs through, also at 0. Maas et al., Rectifier
 * Nonlinearities Improve Neural Network Acoustic Models (2013).
 */
final class LeakyRelu extends ActivationKind {
  LeakyRelu() {
    super("leaky-relu", "x above 0, else slope · x");
    parameter("negative slope", 0.01);
    torch("LeakyReLU", "negative_slope=0.01, inplace=False");
    keras("leaky_relu(0.2)", "LeakyReLU(negative_slope|alpha=0.3)");
    onnx("LeakyRelu(alpha=0.01)");
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
}
