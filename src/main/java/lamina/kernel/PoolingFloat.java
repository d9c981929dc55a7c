// Derived from PoolingDouble.java: change that file and run DerivedFloat.
package lamina.kernel;

/**
 * Pooling in float32, over arrays {@code (planes, size...)}. One loop nest finds the window of each
 * output; what is done with it differs.
 */
public final class PoolingFloat {
  private final PoolPlacement windows;

  /** The window at hand, before the first one at first, and where its plane starts. */
  private int column = -1;

  private int row;
  private int slice;
  private int plane;

  /** Its first element, its taps and how far apart they are. */
  private int first;

  private int depths;
  private int heights;
  private int widths;
  private final int depthStep;
  private final int heightStep;
  private final int widthStep;

  private PoolingFloat(PoolPlacement windows) {
    this.windows = windows;
    depthStep = windows.depth.step * windows.height.size * windows.width.size;
    heightStep = windows.height.step * windows.width.size;
    widthStep = windows.width.step;
  }

  /**
   * Goes to the next window, in the order of the outputs: by counting, since the divisions that
   * find the place of any output take longer than what is done with a small window.
   */
  private void moveOn() {
    if (++column == windows.width.windows) {
      column = 0;
      if (++row == windows.height.windows) {
        row = 0;
        if (++slice == windows.depth.windows) {
          slice = 0;
          plane += windows.inPlane();
        }
      }
    }
    first =
        plane
            + (windows.depth.start[slice] * windows.height.size + windows.height.start[row])
                * windows.width.size
            + windows.width.start[column];
    depths = windows.depth.count[slice];
    heights = windows.height.count[row];
    widths = windows.width.count[column];
  }

  /** As {@link PoolPlacement#divisor}, of the window at hand. */
  private long divisor(boolean countPadding, int fixed) {
    return windows.divisor(slice, row, column, countPadding, fixed);
  }

  /**
   * The maximum of each window. The first of equal values wins, and NaN wins over all. A window
   * without elements gives −∞ and the index −1.
   *
   * @param indices where to write which element it was, flat in its plane; may be null
   */
  static void max(PoolPlacement windows, int planes, float[] x, float[] y, long[] indices) {
    PoolingFloat window = new PoolingFloat(windows);
    int inPlane = windows.inPlane();
    int outPlane = windows.outPlane();
    for (int output = 0; output < planes * outPlane; output++) {
      window.moveOn();
      int index = window.indexOfMax(x);
      y[output] = index < 0 ? Float.NEGATIVE_INFINITY : x[index];
      if (indices != null) {
        indices[output] = index < 0 ? -1 : index - output / outPlane * inPlane;
      }
    }
  }

  private int indexOfMax(float[] x) {
    int index = -1;
    float max = Float.NEGATIVE_INFINITY;
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int at = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          float value = x[at];
          if (value > max || index < 0 || Float.isNaN(value)) {
            if (Float.isNaN(value)) {
              return at;
            }
            max = value;
            index = at;
          }
          at += widthStep;
        }
      }
    }
    return index;
  }

  /** Adds the gradient of each maximum to the element it was. */
  public static void maxBackward(
      int planes, int inPlane, int outPlane, long[] indices, float[] dy, float[] dx) {
    for (int output = 0; output < planes * outPlane; output++) {
      if (indices[output] >= 0) {
        dx[output / outPlane * inPlane + (int) indices[output]] += dy[output];
      }
    }
  }

  /** {@code y = Σ x / divisor} over each window, the divisor from {@link PoolPlacement#divisor}. */
  static void average(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int fixedDivisor,
      float[] x,
      float[] y) {
    PoolingFloat window = new PoolingFloat(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      y[output] = window.sum(x) / window.divisor(countPadding, fixedDivisor);
    }
  }

  private float sum(float[] x) {
    float sum = 0;
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int at = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          sum += x[at];
          at += widthStep;
        }
      }
    }
    return sum;
  }

  /** Spreads the gradient of each average over its window. */
  public static void averageBackward(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int fixedDivisor,
      float[] dy,
      float[] dx) {
    PoolingFloat window = new PoolingFloat(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      window.add(dy[output] / window.divisor(countPadding, fixedDivisor), dx);
    }
  }

  private void add(float value, float[] dx) {
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int at = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          dx[at] += value;
          at += widthStep;
        }
      }
    }
  }

  /**
   * {@code y = (Σ |x|^p)^(1/p)} over the elements there are; or, with {@code scaled}, PyTorch's
   * {@code (k · mean(x^p))^(1/p)}, the mean over the clipped window and k the whole one's size.
   */
  public static void norm(
      PoolPlacement windows, int planes, float power, boolean scaled, float[] x, float[] y) {
    PoolingFloat window = new PoolingFloat(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      float sum = window.sumOfPowers(power, !scaled, x);
      float scale = scaled ? (float) windows.taps / window.divisor(true, 0) : 1;
      y[output] = Precision.toFloat(Math.pow(scale * sum, 1 / power));
    }
  }

  private float sumOfPowers(float power, boolean absolute, float[] x) {
    float sum = 0;
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int at = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          sum += Precision.toFloat(Math.pow(absolute ? Math.abs(x[at]) : x[at], power));
          at += widthStep;
        }
      }
    }
    return sum;
  }

  /** {@code dx += dy · scale · x^(p−1) · y^(1−p)}; nothing where y is 0, as PyTorch documents. */
  public static void normBackward(
      PoolPlacement windows,
      int planes,
      float power,
      boolean scaled,
      float[] x,
      float[] y,
      float[] dy,
      float[] dx) {
    PoolingFloat window = new PoolingFloat(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      if (y[output] == 0) {
        continue;
      }
      float scale = scaled ? (float) windows.taps / window.divisor(true, 0) : 1;
      float factor = dy[output] * scale * Precision.toFloat(Math.pow(y[output], 1 - power));
      window.addPowers(factor, power - 1, !scaled, x, dx);
    }
  }

  private void addPowers(float factor, float power, boolean absolute, float[] x, float[] dx) {
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int at = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          float value = Precision.toFloat(Math.pow(absolute ? Math.abs(x[at]) : x[at], power));
          dx[at] += factor * (absolute ? Math.signum(x[at]) * value : value);
          at += widthStep;
        }
      }
    }
  }
}
