package lamina.op;

import lamina.kernel.Precision;

/** Resampling of one axis on float64 arrays. {@link Resampling} checks the arguments. */
final class ResamplingDouble {
  private ResamplingDouble() {}

  /** {@code y[o] = Σ weight x[index]} along the middle axis of {@code (outer, axis, inner)}. */
  static void forward(Resampling.Taps taps, int inner, double[] x, double[] y) {
    int from = taps.inputSize() * inner;
    for (int o = 0, row = 0; o < y.length; o += inner, row++) {
      int position = row % taps.outputSize();
      int block = row / taps.outputSize() * from;
      for (int tap = 0; tap < taps.count(); tap++) {
        int tapIndex = position * taps.count() + tap;
        int start = block + taps.index()[tapIndex] * inner;
        double weight = Precision.toDouble(taps.weight()[tapIndex]);
        for (int i = 0; i < inner; i++) {
          y[o + i] += weight * x[start + i];
        }
      }
    }
  }

  /** The gradient of {@link #forward}: adds to dx. */
  static void backward(Resampling.Taps taps, int inner, double[] dy, double[] dx) {
    int from = taps.inputSize() * inner;
    for (int o = 0, row = 0; o < dy.length; o += inner, row++) {
      int position = row % taps.outputSize();
      int block = row / taps.outputSize() * from;
      for (int tap = 0; tap < taps.count(); tap++) {
        int tapIndex = position * taps.count() + tap;
        int start = block + taps.index()[tapIndex] * inner;
        double weight = Precision.toDouble(taps.weight()[tapIndex]);
        for (int i = 0; i < inner; i++) {
          dx[start + i] += weight * dy[o + i];
        }
      }
    }
  }
}
