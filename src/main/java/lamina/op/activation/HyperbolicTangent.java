package lamina.op.activation;

import lamina.kernel.PointwiseLoop;
import lamina.kernel.SpecialFunctions;

/** The hyperbolic tangent. */
final class HyperbolicTangent extends ActivationKind {
  HyperbolicTangent() {
    super("tanh", "tanh(x)");
    torch("Tanh", "");
    keras("tanh");
    onnx("Tanh");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return Math.tanh(x);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return SpecialFunctions.tanhDerivative(x);
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.TANH);
  }

  @Override
  public double[] bounds(double alpha, double beta) {
    return new double[] {-1, 1};
  }
}
