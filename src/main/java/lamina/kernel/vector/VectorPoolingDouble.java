package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Kernels;
import lamina.kernel.Parallel;
import lamina.kernel.PoolPlacement;
import lamina.kernel.WindowPlacement;
import lamina.kernel.plain.PlainKernelsDouble;

/**
 * Pooling in float64: first along the rows of the input, then along the columns of the results, for
 * some rows of windows at a time. Windows of different sizes are left to the plain loops.
 *
 * <p>In this order the first of equal maxima is the first one of the first row that has one, which
 * is the first in row-major order.
 */
final class VectorPoolingDouble {
  private static final int LANES = TileDouble.LANES;

  /**
   * How many elements of the input to work on at a time: they and their results fit into the cache.
   */
  private static final int BLOCK = 2048;

  private final WindowPlacement w;
  private final boolean isMax;

  /**
   * How many rows of windows a block has, and how many lines of each slice of the input are under
   * them.
   */
  private final int rows;

  private final int lines;

  /** The distance from one line of a block to the next; a multiple of the stride. */
  private final int pitch;

  /** The distance from the results of one line to those of the next. */
  private final int outPitch;

  /** How many elements a block has, with those that whole vectors read behind it. */
  private final int room;

  /** Whether blocks are read where they stand: neither padding nor gaps are needed. */
  private final boolean isPlain;

  /** How many elements a phase has. */
  private final int phase;

  /** How far the taps of a row of a window are from its first one, and its rows from its first. */
  private final int[] across;

  private final int[] down;

  /** The lines of a block with their padding. */
  private final double[] input;

  /** The lines again, in the phases into which {@link #split} puts them; null without a stride. */
  private final double[] phases;

  /** The results of the windows' rows on each line. */
  private final double[] combined;

  private VectorPoolingDouble(WindowPlacement windows, boolean isMax) {
    w = windows;
    this.isMax = isMax;
    int reach = (w.kernelWidth - 1) * w.dilationWidth + 1;
    int width = Math.max(w.padWidth + w.inWidth, (w.outWidth - 1) * w.strideWidth + reach);
    outPitch = (width + w.strideWidth - 1) / w.strideWidth;
    pitch = outPitch * w.strideWidth;
    int height = (w.kernelHeight - 1) * w.dilationHeight + 1;
    int fitting = (BLOCK / pitch - height) / w.strideHeight + 1;
    rows = Math.max(1, Math.min(w.outHeight, fitting));
    lines = (rows - 1) * w.strideHeight + height;
    down = new int[w.kernelDepth * w.kernelHeight];
    Arrays.setAll(
        down, i -> (i / w.kernelHeight * lines + i % w.kernelHeight * w.dilationHeight) * outPitch);
    isPlain = w.kernelDepth == 1 && w.padDepth == 0 && w.padHeight == 0 && pitch == w.inWidth;
    int taken = (w.kernelDepth * lines * pitch + reach) / w.strideWidth + 1;
    phase = TapSumsDouble.vectors(taken) * LANES;
    room = (phase + LANES) * w.strideWidth;
    across = new int[w.kernelWidth];
    Arrays.setAll(
        across,
        i -> i * w.dilationWidth % w.strideWidth * phase + i * w.dilationWidth / w.strideWidth);
    input = BuffersDouble.take(room);
    phases = w.strideWidth == 1 ? null : BuffersDouble.take(w.strideWidth * phase + 2 * LANES);
    combined = BuffersDouble.take(room);
  }

  private void release() {
    BuffersDouble.give(input);
    BuffersDouble.give(combined);
    if (phases != null) {
      BuffersDouble.give(phases);
    }
  }

  /** The value of padding: it changes no maximum and no sum. */
  private double neutral() {
    return isMax ? Double.NEGATIVE_INFINITY : 0;
  }

  /** As {@link Kernels#maxPool}. */
  static void max(PoolPlacement windows, int planes, double[] x, double[] y, long[] indices) {
    if (windows.regular() == null || y.length == 0) {
      PlainKernelsDouble.KERNELS.maxPool(windows, planes, x, y, indices);
    } else if (indices != null) {
      IndexedMaximaDouble.find(windows, planes, x, y, indices);
    } else if (windows.isInFours()) {
      FourMaximaDouble.max(windows, planes, x, y);
    } else {
      Parallel.ranges(planes, (first, end) -> pool(windows.regular(), true, first, end, x, y));
    }
  }

  /** As {@link Kernels#maxPoolBackward}. */
  static void maxBackward(
      PoolPlacement windows, int planes, double[] x, double[] y, double[] dy, double[] dx) {
    if (windows.isInFours() && y.length > 0) {
      FourMaximaDouble.backward(windows, planes, x, y, dy, dx);
    } else {
      PlainKernelsDouble.KERNELS.maxPoolBackward(windows, planes, x, y, dy, dx);
    }
  }

  private static void pool(
      WindowPlacement windows, boolean isMax, int first, int end, double[] x, double[] y) {
    VectorPoolingDouble pooling = new VectorPoolingDouble(windows, isMax);
    for (int plane = first; plane < end; plane++) {
      for (int slice = 0; slice < windows.outDepth; slice++) {
        pooling.pool(plane, slice, x, y, end * windows.outPlane);
      }
    }
    pooling.release();
  }

  /** Computes one slice of windows. Nothing may be written to y at the limit or later. */
  private void pool(int plane, int slice, double[] x, double[] y, int limit) {
    for (int row = 0; row < w.outHeight; row += rows) {
      Parallel.checkInterrupt();
      int height = Math.min(rows, w.outHeight - row);
      int line = row * w.strideHeight - w.padHeight;
      int from = (((plane * w.inDepth) + slice * w.strideDepth) * w.inHeight + line) * w.inWidth;
      double[] source = x;
      if (!isPlain || line + lines > w.inHeight || from + room > x.length) {
        for (int tap = 0; tap < w.kernelDepth; tap++) {
          int inSlice = slice * w.strideDepth - w.padDepth + tap * w.dilationDepth;
          copy(plane, inSlice, line, x, tap * lines * pitch);
        }
        source = input;
        from = 0;
      }
      if (w.strideWidth > 1) {
        split(phase, source, from);
        source = phases;
        from = 0;
      }
      combine(w.kernelDepth * lines * outPitch, source, from, across, combined, 0);
      int to = ((plane * w.outDepth + slice) * w.outHeight + row) * w.outWidth;
      combineColumns(height, y, to, limit);
    }
  }

  /** Combines the results of lines into those of some rows of windows. */
  private void combineColumns(int height, double[] y, int y0, int limit) {
    if (w.strideHeight == 1) {
      // One long run over all rows, with the ends of lines between them, takes less time than short
      // ones.
      combine((height - 1) * outPitch + w.outWidth, combined, 0, down, input, 0);
      RowsDouble.copy(height, w.outWidth, input, 0, outPitch, y, y0, limit);
      return;
    }
    for (int i = 0; i < height; i++) {
      int top = i * w.strideHeight * outPitch;
      int to = y0 + i * w.outWidth;
      if (to + w.outWidth + LANES <= limit) {
        combine(w.outWidth, combined, top, down, y, to);
      } else {
        combine(w.outWidth, combined, top, down, input, 0);
        System.arraycopy(input, 0, y, to, w.outWidth);
      }
    }
  }

  /** Copies the lines of a slice from {@code line} on; outside of the input they are padding. */
  private void copy(int plane, int slice, int line, double[] x, int to) {
    boolean isInside = slice >= 0 && slice < w.inDepth;
    int first = isInside ? Math.min(lines, Math.max(0, -line)) : lines;
    int end = Math.max(first, Math.min(lines, w.inHeight - line));
    Arrays.fill(input, to, Math.min(to + first * pitch + w.padWidth, input.length), neutral());
    if (first < end) {
      int from = ((plane * w.inDepth + slice) * w.inHeight + line + first) * w.inWidth;
      int target = to + first * pitch + w.padWidth;
      RowsDouble.spread(end - first, w.inWidth, x, from, 1, input, target, pitch, neutral());
      Arrays.fill(input, to + end * pitch, to + lines * pitch, neutral());
    }
  }

  /**
   * Splits elements into phases: of each {@code strideWidth} neighbours the first one goes to the
   * first phase, the second one to the second, and so on.
   */
  private void split(int count, double[] x, int x0) {
    if (w.strideWidth == 2) {
      for (int j = 0; j < count; j += LANES) {
        RowsDouble.dealVectors(x, x0 + 2 * j, phases, j, phase + j);
      }
      return;
    }
    for (int i = 0; i < w.strideWidth; i++) {
      for (int j = 0; j < count; j++) {
        phases[i * phase + j] = x[x0 + j * w.strideWidth + i];
      }
    }
  }

  /** Combines elements at some distances, up to whole vectors. */
  private void combine(int count, double[] x, int x0, int[] offsets, double[] y, int y0) {
    int taps = offsets.length;
    int from = x0 + offsets[0];
    if (taps == 1) {
      System.arraycopy(x, from, y, y0, count);
    } else if (isMax) {
      maxima(count, x, from, x0 + offsets[1], x0 + offsets[taps == 2 ? 1 : 2], y, y0);
      for (int tap = 3; tap < taps; tap++) {
        moreMaxima(count, x, x0 + offsets[tap], y, y0);
      }
    } else {
      sums(count, x, from, x0 + offsets[1], y, y0);
      for (int tap = 2; tap < taps; tap++) {
        moreSums(count, x, x0 + offsets[tap], y, y0);
      }
    }
  }

  /** Writes maxima of three elements each. */
  private static void maxima(int count, double[] x, int x0, int x1, int x2, double[] y, int y0) {
    for (int j = 0; j < count; j += LANES) {
      DoubleVector max = DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + j);
      max = larger(max, DoubleVector.fromArray(TileDouble.SPECIES, x, x1 + j));
      max = larger(max, DoubleVector.fromArray(TileDouble.SPECIES, x, x2 + j));
      max.intoArray(y, y0 + j);
    }
  }

  private static void moreMaxima(int count, double[] x, int x0, double[] y, int y0) {
    for (int j = 0; j < count; j += LANES) {
      DoubleVector max = DoubleVector.fromArray(TileDouble.SPECIES, y, y0 + j);
      larger(max, DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + j)).intoArray(y, y0 + j);
    }
  }

  /** The larger of two elements: of equal ones the first, and NaN if there is one. */
  private static DoubleVector larger(DoubleVector first, DoubleVector second) {
    VectorMask<Double> better =
        second.compare(VectorOperators.GT, first).or(second.compare(VectorOperators.NE, second));
    return first.blend(second, better);
  }

  /** Writes sums of two elements each. */
  private static void sums(int count, double[] x, int x0, int x1, double[] y, int y0) {
    for (int j = 0; j < count; j += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + j)
          .add(DoubleVector.fromArray(TileDouble.SPECIES, x, x1 + j))
          .intoArray(y, y0 + j);
    }
  }

  private static void moreSums(int count, double[] x, int x0, double[] y, int y0) {
    for (int j = 0; j < count; j += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, y, y0 + j)
          .add(DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + j))
          .intoArray(y, y0 + j);
    }
  }

  /** As {@link Kernels#averagePool}. */
  static void average(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int divisor,
      double[] x,
      double[] y) {
    if (windows.outPlane() == 1 && windows.regular() == null) {
      int size = windows.inPlane();
      long parts = windows.divisor(0, countPadding, divisor);
      Parallel.ranges(planes, (first, end) -> means(first, end, size, parts, x, y));
    } else if (windows.regular() == null || y.length == 0) {
      PlainKernelsDouble.KERNELS.averagePool(windows, planes, countPadding, divisor, x, y);
    } else {
      double[] divisors = new double[windows.outPlane()];
      for (int i = 0; i < divisors.length; i++) {
        divisors[i] = windows.divisor(i, countPadding, divisor);
      }
      Parallel.ranges(
          planes,
          (first, end) -> {
            pool(windows.regular(), false, first, end, x, y);
            for (int plane = first; plane < end; plane++) {
              divide(y, plane * divisors.length, divisors);
            }
          });
    }
  }

  private static void means(int first, int end, int size, long parts, double[] x, double[] y) {
    for (int plane = first; plane < end; plane++) {
      y[plane] = ReductionsDouble.sum(x, plane * size, size) / parts;
    }
  }

  /**
   * Replaces sums by quotients. A sum of −0 alone becomes 0, as if adding had begun with 0. This is
   * written with vectors since the JIT compiler, which cannot tell that the arrays do not overlap,
   * leaves the plain loop scalar.
   */
  private static void divide(double[] y, int y0, double[] divisors) {
    int i = 0;
    for (; i + LANES <= divisors.length; i += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, y, y0 + i)
          .add(0)
          .div(DoubleVector.fromArray(TileDouble.SPECIES, divisors, i))
          .intoArray(y, y0 + i);
    }
    for (; i < divisors.length; i++) {
      y[y0 + i] = (y[y0 + i] + 0) / divisors[i];
    }
  }
}
