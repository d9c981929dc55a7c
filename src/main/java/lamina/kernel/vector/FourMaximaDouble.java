package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import lamina.kernel.Kernels;
import lamina.kernel.Parallel;
import lamina.kernel.PoolPlacement;
import lamina.kernel.PoolingDouble;

/**
 * Maximum pooling in float64 with windows of 2×2 side by side ({@link PoolPlacement#isInFours}),
 * and its gradient, which finds the maxima again by comparing: that takes half of the time that it
 * takes to write down where they are and to read that.
 */
final class FourMaximaDouble {
  private static final int LANES = TileDouble.LANES;

  /**
   * How many elements to work on at a time, so that the maxima of their pairs stay in the
   * first-level cache.
   */
  private static final int BLOCK = 2048;

  /** Repeats each element of the first half. */
  private static final VectorShuffle<Double> TWICE =
      VectorShuffle.fromOp(TileDouble.SPECIES, i -> i / 2);

  /** Exchanges neighbours. */
  private static final VectorShuffle<Double> SWAPPED =
      VectorShuffle.fromOp(TileDouble.SPECIES, i -> i ^ 1);

  private FourMaximaDouble() {}

  /** As {@link Kernels#maxPool}. */
  static void max(PoolPlacement windows, int planes, double[] x, double[] y) {
    int width = windows.regular().outWidth;
    int rows = windows.outPlane() / width;
    Parallel.ranges(planes, (first, end) -> max(width, first * rows, end * rows, x, y));
  }

  /** The maxima of some rows of windows: of each line of the input, then of two lines. */
  private static void max(int width, int first, int end, double[] x, double[] y) {
    int most = Math.max(1, BLOCK / width);
    double[] lines = BuffersDouble.take(2 * most * width + LANES);
    int columns = MatrixProductDouble.roundUp(width, LANES);
    int free = end - MatrixProductDouble.ceil(columns, width);
    for (int row = first; row < end; row += most) {
      int rows = Math.min(most, end - row);
      pairs(2 * rows * width, x, 4 * row * width, lines);
      int whole = Math.max(0, Math.min(rows, free + 1 - row));
      for (int i = columns - LANES; i >= 0; i -= LANES) {
        largerLines(whole, width, lines, i, y, row * width + i);
      }
      for (int i = whole * width; i < rows * width; i++) {
        int line = i + i / width * width;
        y[row * width + i] = larger(lines[line], lines[line + width]);
      }
    }
    BuffersDouble.give(lines);
  }

  /** Writes the larger of each two neighbours. */
  private static void pairs(int count, double[] x, int x0, double[] y) {
    int whole = count - count % LANES;
    for (int j = 0; j < whole; j += LANES) {
      int i = x0 + 2 * j;
      // To load twice, one element apart, takes less time than to rearrange each vector.
      DoubleVector even = vector(x, i).blend(vector(x, i + LANES - 1), RowsDouble.ODD);
      DoubleVector odd = vector(x, i + 1).blend(vector(x, i + LANES), RowsDouble.ODD);
      larger(even, odd).rearrange(RowsDouble.APART).intoArray(y, j);
    }
    for (int j = whole; j < count; j++) {
      y[j] = larger(x[x0 + 2 * j], x[x0 + 2 * j + 1]);
    }
  }

  /** Writes the larger element of each two lines, in a column of vectors. */
  private static void largerLines(int rows, int width, double[] lines, int l0, double[] y, int y0) {
    for (int row = 0; row < rows; row++) {
      int line = l0 + 2 * row * width;
      larger(vector(lines, line), vector(lines, line + width)).intoArray(y, y0 + row * width);
    }
  }

  /** The larger of two elements: of equal ones the first, and NaN if there is one. */
  private static DoubleVector larger(DoubleVector first, DoubleVector second) {
    VectorMask<Double> better =
        second.compare(VectorOperators.GT, first).or(second.compare(VectorOperators.NE, second));
    return first.blend(second, better);
  }

  private static double larger(double first, double second) {
    return second > first || Double.isNaN(second) ? second : first;
  }

  /** As {@link Kernels#maxPoolBackward}. */
  static void backward(
      PoolPlacement windows, int planes, double[] x, double[] y, double[] dy, double[] dx) {
    if (!isFinite(y)) {
      // NaN equals nothing, not even itself, so that comparing does not find it: the plain loops
      // do.
      PoolingDouble.maxBackward(windows, planes, x, dy, dx);
      return;
    }
    int width = windows.regular().outWidth;
    int rows = windows.outPlane() / width;
    Parallel.ranges(
        planes, (first, end) -> backward(width, first * rows, end * rows, x, y, dy, dx));
  }

  private static boolean isFinite(double[] y) {
    DoubleVector sum = DoubleVector.zero(TileDouble.SPECIES);
    int whole = y.length - y.length % LANES;
    for (int i = 0; i < whole; i += LANES) {
      sum = vector(y, i).mul(0).add(sum);
    }
    double rest = DotsDouble.sum(sum);
    for (int i = whole; i < y.length; i++) {
      rest += y[i] * 0;
    }
    return rest == 0;
  }

  private static void backward(
      int width, int first, int end, double[] x, double[] y, double[] dy, double[] dx) {
    int most = Math.max(1, BLOCK / width);
    int columns = MatrixProductDouble.roundUp(2 * width, LANES);
    // As in max, the last rows' vectors would reach beyond the end, of dx or of y.
    int free =
        end
            - Math.max(
                MatrixProductDouble.ceil(2 * width + columns, 4 * width),
                MatrixProductDouble.ceil((columns + LANES) / 2, width));
    for (int row = first; row < end; row += most) {
      int rows = Math.min(most, end - row);
      int whole = Math.max(0, Math.min(rows, free + 1 - row));
      for (int i = columns - LANES; i >= 0; i -= LANES) {
        pass(whole, width, x, 4 * row * width + i, y, dy, row * width + i / 2, dx);
      }
      for (int r = row + whole; r < row + rows; r++) {
        passElements(width, r, x, y, dy, dx);
      }
    }
  }

  /**
   * Passes gradients to the first element of each window that is the maximum, in a column of
   * vectors.
   */
  private static void pass(
      int rows, int width, double[] x, int x0, double[] y, double[] dy, int y0, double[] dx) {
    DoubleVector none = DoubleVector.zero(TileDouble.SPECIES);
    int line = x0;
    for (int row = 0; row < rows; row++) {
      int output = y0 + row * width;
      DoubleVector max = vector(y, output).rearrange(TWICE);
      DoubleVector d = vector(dy, output).rearrange(TWICE);
      DoubleVector upper = vector(x, line);
      DoubleVector lower = vector(x, line + 2 * width);
      VectorMask<Double> isUpper = upper.compare(VectorOperators.EQ, max);
      VectorMask<Double> besideUpper = upper.rearrange(SWAPPED).compare(VectorOperators.EQ, max);
      VectorMask<Double> besideLower =
          lower.rearrange(SWAPPED).compare(VectorOperators.EQ, max).and(RowsDouble.ODD);
      none.blend(d, isUpper).blend(none, besideUpper.and(RowsDouble.ODD)).intoArray(dx, line);
      none.blend(d, lower.compare(VectorOperators.EQ, max))
          .blend(none, besideLower.or(besideUpper).or(isUpper))
          .intoArray(dx, line + 2 * width);
      line += 4 * width;
    }
  }

  private static void passElements(
      int width, int row, double[] x, double[] y, double[] dy, double[] dx) {
    for (int i = 0; i < width; i++) {
      int output = row * width + i;
      int upper = 4 * row * width + 2 * i;
      int lower = upper + 2 * width;
      int place =
          x[upper] == y[output]
              ? upper
              : x[upper + 1] == y[output] ? upper + 1 : x[lower] == y[output] ? lower : lower + 1;
      dx[upper] = 0;
      dx[upper + 1] = 0;
      dx[lower] = 0;
      dx[lower + 1] = 0;
      dx[place] = dy[output];
    }
  }

  private static DoubleVector vector(double[] from, int offset) {
    return DoubleVector.fromArray(TileDouble.SPECIES, from, offset);
  }
}
