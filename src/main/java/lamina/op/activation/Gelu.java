package lamina.op.activation;

import lamina.kernel.SpecialFunctions;

/**
 * x times the probability that a standard normal number is below it. Hendrycks and Gimpel, Gaussian
 * Error Linear Units (2016).
 */
final class Gelu extends ActivationKind {
  Gelu() {
    super("gelu", "x · Φ(x), Φ being the normal distribution");
    torch("GELU", "approximate='none'");
    keras("gelu");
    onnx("Gelu");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return SpecialFunctions.timesGate(x, SpecialFunctions.normalCdf(x));
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return SpecialFunctions.normalCdf(x)
        + SpecialFunctions.timesGate(x, SpecialFunctions.normalDensity(x));
  }

  @Override
  public ActivationKind variant(String approximate) {
    return approximate.equals("tanh") ? Activations.of("gelu-tanh") : this;
  }

  @Override
  public String[] variants() {
    return new String[] {"none", "tanh"};
  }
}
