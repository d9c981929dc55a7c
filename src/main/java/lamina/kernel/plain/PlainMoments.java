package lamina.kernel.plain;

import lamina.kernel.Moments;

/**
 * The moments of elements of either precision. They are taken in blocks of float64, which make one
 * loop serve both, and are added up in four chains: an addition takes four times as long as the
 * processor is busy with it.
 */
public final class PlainMoments {
  /** Elements of a block: few, so that it stays in the nearest cache. */
  private static final int BLOCK = 128;

  private double sum;
  private double squares;

  private PlainMoments() {}

  /** As {@link lamina.kernel.Kernels#moments}. */
  public static Moments of(double[] x, int from, int count) {
    PlainMoments moments = new PlainMoments();
    for (int start = 0; start < count; start += BLOCK) {
      moments.add(x, from + start, Math.min(BLOCK, count - start));
    }
    return new Moments(moments.sum, moments.squares);
  }

  /** As {@link lamina.kernel.Kernels#moments}. */
  public static Moments of(float[] x, int from, int count) {
    PlainMoments moments = new PlainMoments();
    double[] block = new double[Math.min(BLOCK, count)];
    for (int start = 0; start < count; start += BLOCK) {
      int size = Math.min(BLOCK, count - start);
      for (int i = 0; i < size; i++) {
        block[i] = x[from + start + i];
      }
      moments.add(block, 0, size);
    }
    return new Moments(moments.sum, moments.squares);
  }

  private void add(double[] x, int from, int count) {
    double firstSum = 0;
    double secondSum = 0;
    double thirdSum = 0;
    double fourthSum = 0;
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = from;
    for (; i + 4 <= from + count; i += 4) {
      firstSum += x[i];
      secondSum += x[i + 1];
      thirdSum += x[i + 2];
      fourthSum += x[i + 3];
      first += x[i] * x[i];
      second += x[i + 1] * x[i + 1];
      third += x[i + 2] * x[i + 2];
      fourth += x[i + 3] * x[i + 3];
    }
    for (; i < from + count; i++) {
      firstSum += x[i];
      first += x[i] * x[i];
    }
    sum += (firstSum + secondSum) + (thirdSum + fourthSum);
    squares += (first + second) + (third + fourth);
  }
}
