package lamina.op.activation;

import lamina.kernel.PointwiseLoop;
import lamina.kernel.SpecialFunctions;

/** The logarithm of the logistic function. */
final class LogSigmoid extends ActivationKind {
  LogSigmoid() {
    super("log-sigmoid", "log(1 / (1 + exp(−x)))");
    torch("LogSigmoid", "");
    keras("log_sigmoid");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return -SpecialFunctions.softplus(-x);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return SpecialFunctions.sigmoid(-x);
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.LOG_SIGMOID);
  }
}
