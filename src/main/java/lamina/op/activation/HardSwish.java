package lamina.op.activation;

import lamina.kernel.PointwiseLoop;
import lamina.kernel.SpecialFunctions;

/**
 * A silu without exponentials. Its slope is −1/2 at −3 and 1 at 3, as PyTorch 1.13 has it. Howard
 * et al., Searching for MobileNetV3 (2019).
 */
final class HardSwish extends ActivationKind {
  HardSwish() {
    super("hard-swish", "x · (x + 3) / 6, the factor clipped to 0 and 1");
    torch("Hardswish", "inplace=False");
    keras("hard_silu", "hard_swish");
    onnx("HardSwish");
  }

  @Override
  public double value(double x, double alpha, double beta) {
    return SpecialFunctions.timesGate(x, Math.min(Math.max(x + 3, 0), 6) / 6);
  }

  @Override
  public double derivative(double x, double alpha, double beta) {
    return x < -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1;
  }

  @Override
  public PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.HARD_SWISH);
  }

  @Override
  public double[] kinks(double alpha, double beta) {
    return new double[] {-3, 3};
  }
}
