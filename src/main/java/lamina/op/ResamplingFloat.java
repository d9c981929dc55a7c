// Derived from ResamplingDouble.java: change that file and run DerivedFloat.
package lamina.op;

import lamina.kernel.Precision;

/** Resampling of one axis on float32 arrays. {@link Resampling} checks the arguments. */
final class ResamplingFloat {
  private ResamplingFloat() {}

  /** {@code y[o] = Σ weight x[index]} along the middle axis of {@code (outer, axis, inner)}. */
  static void forward(Resampling.Taps taps, int inner, float[] x, float[] y) {
    int from = taps.inputSize() * inner;
    for (int o = 0, row = 0; o < y.length; o += inner, row++) {
      int position = row % taps.outputSize();
      int block = row / taps.outputSize() * from;
      for (int tap = 0; tap < taps.count(); tap++) {
        int at = position * taps.count() + tap;
        int start = block + taps.index()[at] * inner;
        float weight = Precision.toFloat(taps.weight()[at]);
        for (int i = 0; i < inner; i++) {
          y[o + i] += weight * x[start + i];
        }
      }
    }
  }

  /** The gradient of {@link #forward}: adds to dx. */
  static void backward(Resampling.Taps taps, int inner, float[] dy, float[] dx) {
    int from = taps.inputSize() * inner;
    for (int o = 0, row = 0; o < dy.length; o += inner, row++) {
      int position = row % taps.outputSize();
      int block = row / taps.outputSize() * from;
      for (int tap = 0; tap < taps.count(); tap++) {
        int at = position * taps.count() + tap;
        int start = block + taps.index()[at] * inner;
        float weight = Precision.toFloat(taps.weight()[at]);
        for (int i = 0; i < inner; i++) {
          dx[start + i] += weight * dy[o + i];
        }
      }
    }
  }
}
