package lamina.op.activation;

import lamina.kernel.PointwiseLoop;
import lamina.kernel.SpecialFunctions;

/** A smooth ReLU; linear above the threshold, as PyTorch has it. */
final class Softplus extends ActivationKind {
  Softplus() {
    super("softplus", "log(1 + exp(beta · x)) / beta");
    parameters("beta", 1, "threshold", 20);
    torch("Softplus", "beta=1.0, threshold=20.0");
    keras("softplus");
    onnx("Softplus");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return alpha * x > beta ? x : SpecialFunctions.softplus(alpha * x) / alpha;
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return alpha * x > beta ? 1 : SpecialFunctions.sigmoid(alpha * x);
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.SOFTPLUS, alpha, beta);
  }

  @Override
  public String refusal(double alpha, double beta) {
    return alpha == 0 ? "needs a beta other than 0" : null;
  }
}
