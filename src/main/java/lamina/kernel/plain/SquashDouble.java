package lamina.kernel.plain;

import lamina.kernel.GateFunction;

/** The functions of recurrent gates over runs of an array in float64, in plain loops. */
public final class SquashDouble {
  private SquashDouble() {}

  /** Replaces each element by the function's value. */
  public static void apply(GateFunction function, double[] x, int from, int count) {
    for (int i = from; i < from + count; i++) {
      x[i] = function.apply(x[i]);
    }
  }

  /** Multiplies each gradient by the slope of the function where its value is {@code y}. */
  public static void timesSlope(
      GateFunction function, double[] gradient, int to, double[] y, int from, int count) {
    switch (function) {
      // The most frequent functions have loops of their own, which choose nothing at each element.
      case SIGMOID -> {
        for (int i = 0; i < count; i++) {
          double value = y[from + i];
          gradient[to + i] *= value * (1 - value);
        }
      }
      case TANH -> {
        for (int i = 0; i < count; i++) {
          double value = y[from + i];
          gradient[to + i] *= 1 - value * value;
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          gradient[to + i] *= function.slope(y[from + i]);
        }
      }
    }
  }
}
