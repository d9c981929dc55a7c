package lamina.kernel;

/** {@link ChannelLoops} in float64. */
final class ChannelsDouble implements ChannelLoops<double[]> {
  /** The only instance: it has no state. */
  static final ChannelsDouble LOOPS = new ChannelsDouble();

  private ChannelsDouble() {}

  /**
   * First the images are added up, in a loop that runs on vectors, then the elements of each plane
   * of their sum.
   */
  @Override
  public void sum(int batch, int channels, int plane, double[] x, double[] sums) {
    int size = channels * plane;
    double[] image = x;
    if (batch > 1) {
      image = new double[size];
      int from = 0;
      for (int n = 0; n + 4 <= batch; n += 4) {
        addFour(size, x, from, image);
        from += 4 * size;
      }
      for (; from < batch * size; from += size) {
        add(size, x, from, image);
      }
    }
    for (int channel = 0; channel < channels && batch > 0; channel++) {
      sums[channel] += sum(image, channel * plane, plane);
    }
  }

  private static void add(int count, double[] x, int from, double[] sums) {
    for (int i = 0; i < count; i++) {
      sums[i] += x[from + i];
    }
  }

  private static void addFour(int count, double[] x, int from, double[] sums) {
    int second = from + count;
    int third = second + count;
    int fourth = third + count;
    for (int i = 0; i < count; i++) {
      sums[i] += (x[from + i] + x[second + i]) + (x[third + i] + x[fourth + i]);
    }
  }

  /**
   * Adds up in four chains: the result of an addition is there only four cycles later, and
   * meanwhile the processor can start others.
   */
  private static double sum(double[] x, int from, int count) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      first += x[from + i];
      second += x[from + i + 1];
      third += x[from + i + 2];
      fourth += x[from + i + 3];
    }
    for (; i < count; i++) {
      first += x[from + i];
    }
    return (first + second) + (third + fourth);
  }

  @Override
  public void add(int batch, int channels, int plane, double[] bias, double[] y) {
    int outputOffset = 0;
    for (int image = 0; image < batch; image++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int i = 0; i < plane; i++) {
          y[outputOffset++] += bias[channel];
        }
      }
    }
  }

  @Override
  public void reverse(int planes, int plane, double[] x, double[] y) {
    for (int from = 0; from < planes * plane; from += plane) {
      for (int i = 0; i < plane; i++) {
        y[from + i] = x[from + plane - 1 - i];
      }
    }
  }
}
