package lamina.kernel;

import java.util.Arrays;

/**
 * Pooling in float64, over arrays {@code (planes, size...)}. One loop nest finds the window of each
 * output; what is done with it differs.
 */
public final class PoolingDouble {
  private final PoolPlacement windows;

  /**
   * The current window, which is one before the first at the beginning, and where its plane starts.
   */
  private int column = -1;

  private int row;
  private int slice;
  private int plane;

  /**
   * Where the current window's first element lies, and on each axis its taps and their distance.
   */
  private int first;

  private int depths;
  private int heights;
  private int widths;
  private final int depthStep;
  private final int heightStep;
  private final int widthStep;

  private PoolingDouble(PoolPlacement windows) {
    this.windows = windows;
    depthStep = windows.depth.step * windows.height.size * windows.width.size;
    heightStep = windows.height.step * windows.width.size;
    widthStep = windows.width.step;
  }

  /**
   * Goes to the next window, in the order of the outputs. It counts, since the divisions that would
   * find a window by its number take longer than the work on a small window.
   */
  private void moveOn() {
    if (++column == windows.width.windows) {
      Parallel.checkInterrupt();
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

  /** What the sum over the current window is divided by; see {@link PoolPlacement#divisor}. */
  private long divisor(boolean countPadding, int fixed) {
    return windows.divisor(slice, row, column, countPadding, fixed);
  }

  /**
   * The maximum of each window. The first of equal values wins, and NaN wins over all. A window
   * without elements gives −∞ and the index −1.
   *
   * @param indices where to write which element it was, flat in its plane; may be null
   */
  public static void max(
      PoolPlacement windows, int planes, double[] x, double[] y, long[] indices) {
    PoolingDouble window = new PoolingDouble(windows);
    int inPlane = windows.inPlane();
    int outPlane = windows.outPlane();
    for (int output = 0; output < planes * outPlane; output++) {
      window.moveOn();
      int index = window.indexOfMax(x);
      y[output] = index < 0 ? Double.NEGATIVE_INFINITY : x[index];
      if (indices != null) {
        indices[output] = index < 0 ? -1 : index - output / outPlane * inPlane;
      }
    }
  }

  private int indexOfMax(double[] x) {
    int index = -1;
    double max = Double.NEGATIVE_INFINITY;
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int inputOffset = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          double value = x[inputOffset];
          if (value > max || index < 0 || Double.isNaN(value)) {
            if (Double.isNaN(value)) {
              return inputOffset;
            }
            max = value;
            index = inputOffset;
          }
          inputOffset += widthStep;
        }
      }
    }
    return index;
  }

  /** Passes the gradient of each maximum to the element that was the maximum. Overwrites dx. */
  public static void maxBackward(
      PoolPlacement windows, int planes, double[] x, double[] dy, double[] dx) {
    Arrays.fill(dx, 0);
    PoolingDouble window = new PoolingDouble(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      int index = window.indexOfMax(x);
      if (index >= 0) {
        dx[index] += dy[output];
      }
    }
  }

  /** Adds the gradient of each maximum to that of the element that was the maximum. */
  public static void maxBackward(
      int planes, int inPlane, int outPlane, long[] indices, double[] dy, double[] dx) {
    for (int output = 0; output < planes * outPlane; output++) {
      if (indices[output] >= 0) {
        dx[output / outPlane * inPlane + (int) indices[output]] += dy[output];
      }
    }
  }

  /** {@code y = Σ x / divisor} over each window, the divisor from {@link PoolPlacement#divisor}. */
  public static void average(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int fixedDivisor,
      double[] x,
      double[] y) {
    PoolingDouble window = new PoolingDouble(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      y[output] = window.sum(x) / window.divisor(countPadding, fixedDivisor);
    }
  }

  private double sum(double[] x) {
    double sum = 0;
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int inputOffset = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          sum += x[inputOffset];
          inputOffset += widthStep;
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
      double[] dy,
      double[] dx) {
    PoolingDouble window = new PoolingDouble(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      window.add(dy[output] / window.divisor(countPadding, fixedDivisor), dx);
    }
  }

  private void add(double value, double[] dx) {
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int inputOffset = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          dx[inputOffset] += value;
          inputOffset += widthStep;
        }
      }
    }
  }

  /** The norm of each window. */
  public static void norm(
      PoolPlacement windows, int planes, PoolNorm norm, double[] x, double[] y) {
    double power = Precision.toDouble(norm.power());
    boolean scaled = norm.scaled();
    PoolingDouble window = new PoolingDouble(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      double sum = window.sumOfPowers(power, !scaled, x);
      double scale = scaled ? (double) windows.taps / window.divisor(true, 0) : 1;
      y[output] = Precision.toDouble(Math.pow(scale * sum, 1 / power));
    }
  }

  private double sumOfPowers(double power, boolean absolute, double[] x) {
    double sum = 0;
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int inputOffset = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          sum +=
              Precision.toDouble(
                  Math.pow(absolute ? Math.abs(x[inputOffset]) : x[inputOffset], power));
          inputOffset += widthStep;
        }
      }
    }
    return sum;
  }

  /** {@code dx += dy · scale · x^(p−1) · y^(1−p)}; nothing where y is 0, as PyTorch documents. */
  public static void normBackward(
      PoolPlacement windows,
      int planes,
      PoolNorm norm,
      double[] x,
      double[] y,
      double[] dy,
      double[] dx) {
    double power = Precision.toDouble(norm.power());
    boolean scaled = norm.scaled();
    PoolingDouble window = new PoolingDouble(windows);
    for (int output = 0; output < planes * windows.outPlane(); output++) {
      window.moveOn();
      if (y[output] == 0) {
        continue;
      }
      double scale = scaled ? (double) windows.taps / window.divisor(true, 0) : 1;
      double factor = dy[output] * scale * Precision.toDouble(Math.pow(y[output], 1 - power));
      window.addPowers(factor, power - 1, !scaled, x, dx);
    }
  }

  private void addPowers(double factor, double power, boolean absolute, double[] x, double[] dx) {
    for (int d = 0; d < depths; d++) {
      for (int h = 0; h < heights; h++) {
        int inputOffset = first + d * depthStep + h * heightStep;
        for (int w = 0; w < widths; w++) {
          double value =
              Precision.toDouble(
                  Math.pow(absolute ? Math.abs(x[inputOffset]) : x[inputOffset], power));
          dx[inputOffset] += factor * (absolute ? Math.signum(x[inputOffset]) * value : value);
          inputOffset += widthStep;
        }
      }
    }
  }
}
