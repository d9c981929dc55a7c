package lamina.kernel;

import static lamina.kernel.SpecialFunctions.sigmoid;
import static lamina.kernel.SpecialFunctions.sigmoidDerivative;
import static lamina.kernel.SpecialFunctions.softplus;
import static lamina.kernel.SpecialFunctions.tanhDerivative;

/**
 * The activation functions of one number and their derivatives, in double precision. Formulas and
 * values at kinks: documentation of torch.nn's non-linear activations; where a formula cancels or
 * overflows, an equal one is used.
 */
final class Pointwise {
  /** Klambauer et al., Self-Normalizing Neural Networks (2017). */
  private static final double SELU_ALPHA = 1.6732632423543772;

  private static final double SELU_SCALE = 1.0507009873554805;

  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

  private Pointwise() {}

  /** f(x); a and b are the function's parameters. */
  static double value(ActivationKind kind, double a, double b, double x) {
    return switch (kind) {
      case IDENTITY -> x;
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU, PRELU -> x > 0 ? x : a * x;
      case RRELU -> x > 0 ? x : (a + b) / 2 * x;
      case ELU -> x > 0 ? x : a * Math.expm1(x);
      case CELU -> x > 0 ? x : a * Math.expm1(x / a);
      case SELU -> SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x));
      case GELU -> timesGate(x, SpecialFunctions.normalCdf(x));
      case GELU_TANH -> timesGate(x, sigmoid(2 * geluArgument(x)));
      case SIGMOID -> sigmoid(x);
      case HARD_SIGMOID -> Math.min(Math.max(a * x + b, 0), 1);
      case LOG_SIGMOID -> -softplus(-x);
      case TANH -> Math.tanh(x);
      case HARD_TANH -> Math.min(Math.max(x, a), b);
      case TANH_SHRINK -> SpecialFunctions.tanhShrink(x);
      case SOFT_SHRINK -> x > a ? x - a : x < -a ? x + a : x * 0;
      case HARD_SHRINK -> x >= -a && x <= a ? 0 : x;
      case SOFTPLUS -> a * x > b ? x : softplus(a * x) / a;
      case SOFTSIGN -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
      case SILU -> timesGate(x, sigmoid(x));
      case HARD_SWISH -> timesGate(x, Math.min(Math.max(x + 3, 0), 6) / 6);
      case MISH -> timesGate(x, mishGate(x));
      case RELU6 -> Math.min(Math.max(x, 0), 6);
      case THRESHOLD -> x <= a ? b : x;
      case SOFTMAX, LOG_SOFTMAX, SOFTMIN, GLU -> throw needsAxis(kind);
    };
  }

  /**
   * f′(x). At kinks: 0 for relu, relu6, hard-tanh, hard-sigmoid, the shrinks and threshold; the
   * left slope for leaky ReLU, elu and selu; hard-swish′(−3) = −1/2 and hard-swish′(3) = 1, as
   * PyTorch 1.13 has it.
   */
  static double derivative(ActivationKind kind, double a, double b, double x) {
    return switch (kind) {
      case IDENTITY -> 1;
      case RELU -> x <= 0 ? 0 : 1;
      case LEAKY_RELU, PRELU -> x > 0 ? 1 : a;
      case RRELU -> x > 0 ? 1 : (a + b) / 2;
      case ELU -> x > 0 ? 1 : a * Math.exp(x);
      case CELU -> x > 0 ? 1 : Math.exp(x / a);
      case SELU -> SELU_SCALE * (x > 0 ? 1 : SELU_ALPHA * Math.exp(x));
      case GELU -> SpecialFunctions.normalCdf(x) + timesGate(x, SpecialFunctions.normalDensity(x));
      case GELU_TANH -> geluTanhDerivative(x);
      case SIGMOID -> sigmoidDerivative(x);
      case HARD_SIGMOID -> a * x + b <= 0 || a * x + b >= 1 ? 0 : a;
      case LOG_SIGMOID -> sigmoid(-x);
      case TANH -> tanhDerivative(x);
      case HARD_TANH -> x <= a || x >= b ? 0 : 1;
      case TANH_SHRINK -> Math.tanh(x) * Math.tanh(x);
      case SOFT_SHRINK, HARD_SHRINK -> x >= -a && x <= a ? 0 : 1;
      case SOFTPLUS -> a * x > b ? 1 : sigmoid(a * x);
      case SOFTSIGN -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
      case SILU -> sigmoid(x) + timesGate(x, sigmoidDerivative(x));
      case HARD_SWISH -> x < -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1;
      case MISH -> mishGate(x) + timesGate(x, mishGateDerivative(x));
      case RELU6 -> x <= 0 || x >= 6 ? 0 : 1;
      case THRESHOLD -> x <= a ? 0 : 1;
      case SOFTMAX, LOG_SOFTMAX, SOFTMIN, GLU -> throw needsAxis(kind);
    };
  }

  private static IllegalArgumentException needsAxis(ActivationKind kind) {
    return new IllegalArgumentException(kind.label() + " is no function of one number");
  }

  /** x · gate, and its limit 0 where x is infinite and the gate closed. */
  private static double timesGate(double x, double gate) {
    return gate == 0 ? 0 : x * gate;
  }

  private static double geluArgument(double x) {
    return SQRT_2_OVER_PI * (x + 0.044715 * x * x * x);
  }

  private static double geluTanhDerivative(double x) {
    double u = geluArgument(x);
    double slope = SQRT_2_OVER_PI * (1 + 3 * 0.044715 * x * x);
    return sigmoid(2 * u) + timesGate(2 * x * slope, sigmoidDerivative(2 * u));
  }

  /**
   * tanh(log(1 + exp(x))) = n / (n + 2) with n = exp(x) (exp(x) + 2); divided through by exp(2x)
   * for positive x.
   */
  private static double mishGate(double x) {
    double e = Math.exp(-Math.abs(x));
    if (x > 0) {
      return (1 + 2 * e) / (1 + 2 * e + 2 * e * e);
    }
    double n = e * (e + 2);
    return n / (n + 2);
  }

  /** (1 − tanh²(softplus(x))) σ(x), where 1 − tanh² = 4 (n + 1) / (n + 2)². */
  private static double mishGateDerivative(double x) {
    double e = Math.exp(-Math.abs(x));
    if (x > 0) {
      double d = 1 + 2 * e + 2 * e * e;
      return 4 * e * e * (1 + e) / (d * d);
    }
    double d = e * (e + 2) + 2;
    return 4 * e * (1 + e) / (d * d);
  }
}
