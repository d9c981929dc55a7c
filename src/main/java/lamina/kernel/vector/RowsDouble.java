package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Copies rows in float64, whole vectors at a time. The last vector of a row may reach beyond its
 * end, where the next row is written later. A row is copied element by element if its last vector
 * would reach beyond the end of an array, or of what may be written.
 */
final class RowsDouble {
  private static final int LANES = TileDouble.LANES;

  /** Moves the elements with even indices to the front and those with odd ones to the back. */
  static final VectorShuffle<Double> APART =
      VectorShuffle.fromOp(TileDouble.SPECIES, i -> 2 * i % LANES + 2 * i / LANES);

  /** Repeats each element of the first half. */
  private static final VectorShuffle<Double> TWICE =
      VectorShuffle.fromOp(TileDouble.SPECIES, i -> i / 2);

  static final VectorMask<Double> ODD = odd();

  private static VectorMask<Double> odd() {
    boolean[] lanes = new boolean[LANES];
    for (int i = 1; i < LANES; i += 2) {
      lanes[i] = true;
    }
    return VectorMask.fromArray(TileDouble.SPECIES, lanes, 0);
  }

  private RowsDouble() {}

  /**
   * Copies {@code rows} rows of {@code width} elements, one row behind the other.
   *
   * @param fromStep from the start of a row to that of the next
   * @param limit nothing may be written here or later
   */
  static void copy(
      int rows, int width, double[] from, int f0, int fromStep, double[] to, int t0, int limit) {
    if (rows > 1 && fromStep == width) {
      copy(1, rows * width, from, f0, 0, to, t0, limit);
      return;
    }
    int row = 0;
    if (isNarrow(rows, width)) {
      int last =
          Math.min(from.length - f0 - fromStep * (rows - 1), limit - t0 - width * (rows - 1));
      row = last < width + LANES ? rows - Math.min(rows, 2 + LANES / width) : rows;
      copyColumns(row, vectors(width), from, f0, fromStep, to, t0, width);
    }
    for (; row < rows; row++) {
      int f = f0 + row * fromStep;
      int t = t0 + row * width;
      if (t + width + LANES <= limit && f + width + LANES <= from.length) {
        copyRow(width, from, f, to, t);
      } else {
        System.arraycopy(from, f, to, t, width);
      }
    }
  }

  /**
   * Whether rows are so short that to copy one column of vectors after another gives longer loops.
   */
  private static boolean isNarrow(int rows, int width) {
    return rows >= 4 && width <= 8 * LANES;
  }

  private static int vectors(int count) {
    return (count + LANES - 1) / LANES;
  }

  private static void copyRow(int width, double[] from, int f0, double[] to, int t0) {
    for (int i = 0; i < width; i += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, from, f0 + i).intoArray(to, t0 + i);
    }
  }

  /**
   * The last column is copied first, since it also writes the start of the next rows, which is
   * written again.
   */
  private static void copyColumns(
      int rows, int columns, double[] from, int f0, int fromStep, double[] to, int t0, int toStep) {
    for (int i = (columns - 1) * LANES; i >= 0; i -= LANES) {
      copyColumn(rows, from, f0 + i, fromStep, to, t0 + i, toStep);
    }
  }

  private static void copyColumn(
      int rows, double[] from, int f0, int fromStep, double[] to, int t0, int toStep) {
    for (int row = 0; row < rows; row++) {
      DoubleVector.fromArray(TileDouble.SPECIES, from, f0 + row * fromStep)
          .intoArray(to, t0 + row * toStep);
    }
  }

  /**
   * Copies {@code rows} rows that lie one after another, and puts {@code value} between their
   * elements, which come to lie {@code stride} apart, and behind each row. The target has room for
   * a vector behind all.
   */
  static void spread(
      int rows,
      int width,
      double[] from,
      int f0,
      int stride,
      double[] to,
      int t0,
      int toStep,
      double value) {
    int length = (width - 1) * stride + 1;
    int gap = toStep - length;
    int row = 0;
    if (stride == 1 && isNarrow(rows, width) && gap <= 4) {
      int behind = from.length - f0 - width * rows;
      row = behind < LANES ? rows - Math.min(rows, 1 + LANES / width) : rows;
      int columns = vectors(width);
      int last = (columns - 1) * LANES;
      copyColumn(row, from, f0 + last, width, to, t0 + last, toStep);
      fillColumns(row, gap, to, t0 + width, toStep, value);
      copyColumns(row, columns - 1, from, f0, width, to, t0, toStep);
      if (row > 0) {
        fill(to, t0 + row * toStep - gap, gap, value);
      }
    }
    for (; row < rows; row++) {
      spreadRow(width, from, f0 + row * width, stride, to, t0 + row * toStep, value);
      fill(to, t0 + row * toStep + length, gap, value);
    }
  }

  private static void spreadRow(
      int width, double[] from, int f0, int stride, double[] to, int t0, double value) {
    boolean room = f0 + width + LANES <= from.length;
    if (stride == 1 && room) {
      copyRow(width, from, f0, to, t0);
    } else if (stride == 1) {
      System.arraycopy(from, f0, to, t0, width);
    } else if (stride == 2 && room) {
      twice(width, from, f0, to, t0, value);
    } else {
      for (int i = 0; i <= (width - 1) * stride; i++) {
        to[t0 + i] = i % stride == 0 ? from[f0 + i / stride] : value;
      }
    }
  }

  /**
   * Copies {@code rows} rows of {@code width} elements that lie {@code stride} apart, and puts
   * {@code value} behind each row. The target has room for a vector behind all.
   */
  static void gather(
      int rows,
      int width,
      double[] from,
      int f0,
      int fromStep,
      int stride,
      double[] to,
      int t0,
      int toStep,
      double value) {
    for (int row = 0; row < rows; row++) {
      int t = t0 + row * toStep;
      int f = f0 + row * fromStep;
      for (int i = 0; i < width; i++) {
        to[t + i] = from[f + i * stride];
      }
      fill(to, t + width, toStep - width, value);
    }
  }

  /**
   * Splits rows into rows of the elements with even indices and rows of those with odd ones, and
   * puts {@code value} behind each of the new rows. The targets have room for two vectors at their
   * end.
   *
   * @param widths how many elements with even and with odd indices to copy from each row
   * @param starts where the first of either comes to lie
   */
  static void deal(
      int rows,
      int[] widths,
      double[] from,
      int f0,
      int fromStep,
      double[] to,
      int[] starts,
      int toStep,
      double value) {
    int even = starts[0];
    int odd = starts[1];
    int length = vectors(Math.max(widths[0], widths[1])) * LANES;
    int behind = from.length - f0 - 2 * length;
    int whole = behind < 0 ? 0 : Math.min(rows, behind / fromStep + 1);
    // The last column is copied first, since it also writes the start of the next rows, which is
    // written again.
    for (int i = length - LANES; i >= 0; i -= LANES) {
      for (int row = 0; row < whole; row++) {
        int t = i + row * toStep;
        dealVectors(from, f0 + 2 * i + row * fromStep, to, even + t, odd + t);
      }
      if (i == length - LANES) {
        fillColumns(whole, toStep - widths[0], to, even + widths[0], toStep, value);
        fillColumns(whole, toStep - widths[1], to, odd + widths[1], toStep, value);
      }
    }
    for (int i = 0; i < 2; i++) {
      int t = starts[i] + whole * toStep;
      if (whole > 0) {
        int end = t - toStep + widths[i];
        fill(to, end, Math.max(toStep, length) - widths[i], value);
      }
      int f = f0 + whole * fromStep + i;
      gather(rows - whole, widths[i], from, f, fromStep, 2, to, t, toStep, value);
    }
  }

  /**
   * Makes one vector of the elements with even indices of two vectors, and another of those with
   * odd ones. It loads twice, one element apart, which takes less time than to rearrange each
   * vector twice.
   */
  static void dealVectors(double[] from, int f0, double[] to, int even, int odd) {
    DoubleVector.fromArray(TileDouble.SPECIES, from, f0)
        .blend(DoubleVector.fromArray(TileDouble.SPECIES, from, f0 + LANES - 1), ODD)
        .rearrange(APART)
        .intoArray(to, even);
    DoubleVector.fromArray(TileDouble.SPECIES, from, f0 + 1)
        .blend(DoubleVector.fromArray(TileDouble.SPECIES, from, f0 + LANES), ODD)
        .rearrange(APART)
        .intoArray(to, odd);
  }

  private static void fillColumns(
      int rows, int width, double[] to, int t0, int toStep, double value) {
    for (int i = 0; i < width; i++) {
      for (int row = 0; row < rows; row++) {
        to[t0 + i + row * toStep] = value;
      }
    }
  }

  /**
   * Writes each element twice, a vector for half a vector; up to {@code 2·width + LANES} elements
   * are written.
   */
  private static void twice(int width, double[] from, int f0, double[] to, int t0, double value) {
    DoubleVector between = DoubleVector.broadcast(TileDouble.SPECIES, value);
    for (int i = 0; i < width; i += LANES / 2) {
      DoubleVector.fromArray(TileDouble.SPECIES, from, f0 + i)
          .rearrange(TWICE)
          .blend(between, ODD)
          .intoArray(to, t0 + 2 * i);
    }
  }

  private static void fill(double[] to, int t0, int count, double value) {
    DoubleVector v = DoubleVector.broadcast(TileDouble.SPECIES, value);
    int i = 0;
    do {
      v.intoArray(to, t0 + i);
      i += LANES;
    } while (i < count);
  }
}
