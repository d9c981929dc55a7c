package lamina.kernel;

/**
 * A loop that backends have for functions that must be fast. A backend that has it not, computes
 * the formula.
 *
 * @param kind which loop
 * @param a its first parameter
 * @param b its second parameter
 */
public record PointwiseLoop(Kind kind, double a, double b) {
  /** The loops there are. */
  public enum Kind {
    /** None: the formula, element by element. */
    FORMULA,
    IDENTITY,
    RELU,
    /** {@code x > 0 ? x : a x}. */
    LEAKY,
    /** {@code min(max(x, a), b)}. */
    CLIP,
    /** {@code a (x > 0 ? x : b (exp(x) − 1))}. */
    ELU,
    SIGMOID,
    LOG_SIGMOID,
    TANH,
    SILU,
    HARD_SWISH,
    MISH,
    /** {@code a x > b ? x : log(1 + exp(a x)) / a}. */
    SOFTPLUS
  }

  /** A loop with its parameters, which are 0 if they are left out. */
  public static PointwiseLoop of(Kind kind, double... parameters) {
    return new PointwiseLoop(
        kind, parameters.length > 0 ? parameters[0] : 0, parameters.length > 1 ? parameters[1] : 0);
  }
}
