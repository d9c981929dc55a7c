package lamina.kernel;

/** Work on whole channels in float64: arrays {@code (batch, channels, plane)}. */
public final class ChannelsDouble {
  private ChannelsDouble() {}

  /** {@code sums[c] = Σ x[n, c, p]}. */
  public static void sum(int batch, int channels, int plane, double[] x, double[] sums) {
    int inputOffset = 0;
    for (int image = 0; image < batch; image++) {
      for (int channel = 0; channel < channels; channel++) {
        double sum = 0;
        for (int i = 0; i < plane; i++) {
          sum += x[inputOffset++];
        }
        sums[channel] += sum;
      }
    }
  }

  /** {@code y[n, c, p] += bias[c]}. */
  public static void add(int batch, int channels, int plane, double[] bias, double[] y) {
    int outputOffset = 0;
    for (int image = 0; image < batch; image++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int i = 0; i < plane; i++) {
          y[outputOffset++] += bias[channel];
        }
      }
    }
  }

  /** Each of the planes from its last element to its first. */
  public static void reverse(int planes, int plane, double[] x, double[] y) {
    for (int from = 0; from < planes * plane; from += plane) {
      for (int i = 0; i < plane; i++) {
        y[from + i] = x[from + plane - 1 - i];
      }
    }
  }
}
