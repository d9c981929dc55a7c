package lamina.kernel;

/**
 * The functions that a recurrent cell applies to its gates, its candidate and its state. Each is
 * monotone, so that its slope follows from its value. Names and default parameters are those of the
 * ONNX operators RNN, GRU and LSTM, but for the hard sigmoid, which exists in both forms.
 */
public enum GateFunction {
  SIGMOID,
  TANH,
  RELU,
  /** {@code x/6 + 1/2} between 0 and 1: PyTorch, Keras 3. */
  HARD_SIGMOID,
  /** {@code 0.2 x + 0.5} between 0 and 1: ONNX. */
  ONNX_HARD_SIGMOID,
  /** {@code x}, and {@code 0.01 x} below 0. */
  LEAKY_RELU,
  /** {@code x}, and {@code eˣ − 1} below 0. */
  ELU,
  /** {@code x / (1 + |x|)}. */
  SOFTSIGN,
  /** {@code log(1 + eˣ)}. */
  SOFTPLUS,
  IDENTITY;

  /** The value at {@code x}. */
  public double apply(double x) {
    return switch (this) {
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
      // Math.max would take longer, since it tells −0 from 0.
      case RELU -> x < 0 ? 0 : x;
      case HARD_SIGMOID -> unitInterval(x / 6 + 0.5);
      case ONNX_HARD_SIGMOID -> unitInterval(0.2 * x + 0.5);
      case LEAKY_RELU -> x < 0 ? 0.01 * x : x;
      case ELU -> x < 0 ? Math.expm1(x) : x;
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case IDENTITY -> x;
    };
  }

  /** The value at {@code x}, rounded from float64. */
  public float apply(float x) {
    return (float) apply((double) x);
  }

  /** The derivative where the function's value is {@code y}; 0 at the kinks of the first two. */
  public double slope(double y) {
    return switch (this) {
      case RELU -> y > 0 ? 1 : 0;
      case HARD_SIGMOID -> y > 0 && y < 1 ? 1.0 / 6 : 0;
      case ONNX_HARD_SIGMOID -> y > 0 && y < 1 ? 0.2 : 0;
      case SIGMOID -> y * (1 - y);
      case TANH -> 1 - y * y;
      case LEAKY_RELU -> y > 0 ? 1 : 0.01;
      case ELU -> y < 0 ? y + 1 : 1;
      case SOFTSIGN -> (1 - Math.abs(y)) * (1 - Math.abs(y));
      case SOFTPLUS -> -Math.expm1(-y);
      case IDENTITY -> 1;
    };
  }

  /** As {@link #slope(double)}, rounded from float64. */
  public float slope(float y) {
    return (float) slope((double) y);
  }

  private static double unitInterval(double x) {
    return x < 0 ? 0 : x > 1 ? 1 : x;
  }
}
