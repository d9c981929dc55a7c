package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import lamina.kernel.Matrix;
import lamina.kernel.Parallel;

/**
 * Matrix products in float64: a block of b is copied into panels as wide as a tile, padded at its
 * right edge, and each panel stays in the first-level cache while a block of a, packed into tiles,
 * passes by from the second-level one. Products with a vector read the matrix where it is.
 */
final class MatrixProductDouble {
  private static final int PANEL = TileDouble.PANEL;
  private static final int LANES = TileDouble.LANES;

  /**
   * How many values of k a block has: with them a panel and a tile take three quarters of the
   * first-level cache, through which the next tile and the result pass too.
   */
  static final int DEPTH =
      Machine.L1_BYTES * 3 / 4 / ((PANEL + TileDouble.ROWS) * Double.BYTES) / 8 * 8;

  /** How many rows of a a block has: they take half of the second-level cache. */
  static final int ROWS = Machine.L2_BYTES / 2 / (DEPTH * Double.BYTES) / 8 * 8;

  /** How many columns of b a block has: the more, the less often a is packed. */
  private static final int COLUMNS = 4 * ROWS / PANEL * PANEL;

  /** How many columns are transposed at a time. */
  private static final int STRIP = 64;

  /** How many multiplications make it worth while to start a task on another thread. */
  private static final long TASK = 1 << 20;

  private MatrixProductDouble() {}

  /** As {@link lamina.kernel.Kernels#multiply}. */
  static void multiply(
      Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, boolean accumulate) {
    int m = c.rows();
    int n = c.columns();
    if (!accumulate) {
      for (int i = 0; i < m; i++) {
        Arrays.fill(c.values(), c.index(i, 0), c.index(i, 0) + n, 0);
      }
    }
    if (m < 4 && m <= n) {
      for (int i = 0; i < m; i++) {
        vectorMatrix(a.values(), a.index(i, 0), a.columnStep(), b, c.values(), c.index(i, 0), 1);
      }
    } else if (n < 4) {
      Matrix<double[]> turned = a.transpose();
      for (int j = 0; j < n; j++) {
        int step = c.distance();
        vectorMatrix(
            b.values(), b.index(0, j), b.rowStep(), turned, c.values(), c.index(0, j), step);
      }
    } else {
      blocks(a, b, c);
    }
  }

  /** {@code c[j·step] += x · b} for a row x whose elements lie {@code xStep} apart. */
  private static void vectorMatrix(
      double[] x, int x0, int xStep, Matrix<double[]> b, double[] c, int c0, int step) {
    int k = b.rows();
    int n = b.columns();
    double[] vector = x;
    int from = x0;
    if (xStep != 1) {
      vector = new double[k];
      from = 0;
      for (int i = 0; i < k; i++) {
        vector[i] = x[x0 + i * xStep];
      }
    }
    if (b.transposed()) {
      DotsDouble.multiplyVector(b.transpose(), vector, from, c, c0, step);
    } else if (step == 1) {
      addRows(vector, from, b, c, c0);
    } else {
      double[] sums = new double[n];
      addRows(vector, from, b, sums, 0);
      for (int j = 0; j < n; j++) {
        c[c0 + j * step] += sums[j];
      }
    }
  }

  /** {@code c[j] += Σ x[i]·b[i][j]}: four vectors of sums at a time, down the rows of b. */
  private static void addRows(double[] x, int x0, Matrix<double[]> matrix, double[] c, int c0) {
    int n = matrix.columns();
    int k = matrix.rows();
    int ldb = matrix.distance();
    int b0 = matrix.offset();
    double[] b = matrix.values();
    int j = 0;
    for (; j + 4 * LANES <= n; j += 4 * LANES) {
      DoubleVector s0 = DoubleVector.fromArray(TileDouble.SPECIES, c, c0 + j);
      DoubleVector s1 = DoubleVector.fromArray(TileDouble.SPECIES, c, c0 + j + LANES);
      DoubleVector s2 = DoubleVector.fromArray(TileDouble.SPECIES, c, c0 + j + 2 * LANES);
      DoubleVector s3 = DoubleVector.fromArray(TileDouble.SPECIES, c, c0 + j + 3 * LANES);
      int bOffset = b0 + j;
      for (int i = 0; i < k; i++) {
        DoubleVector v = DoubleVector.broadcast(TileDouble.SPECIES, x[x0 + i]);
        s0 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, b, bOffset), s0);
        s1 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, b, bOffset + LANES), s1);
        s2 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, b, bOffset + 2 * LANES), s2);
        s3 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, b, bOffset + 3 * LANES), s3);
        bOffset += ldb;
      }
      s0.intoArray(c, c0 + j);
      s1.intoArray(c, c0 + j + LANES);
      s2.intoArray(c, c0 + j + 2 * LANES);
      s3.intoArray(c, c0 + j + 3 * LANES);
    }
    for (; j + LANES <= n; j += LANES) {
      DoubleVector s = DoubleVector.fromArray(TileDouble.SPECIES, c, c0 + j);
      int bOffset = b0 + j;
      for (int i = 0; i < k; i++) {
        DoubleVector v = DoubleVector.broadcast(TileDouble.SPECIES, x[x0 + i]);
        s = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, b, bOffset), s);
        bOffset += ldb;
      }
      s.intoArray(c, c0 + j);
    }
    for (; j < n; j++) {
      double sum = c[c0 + j];
      for (int i = 0; i < k; i++) {
        sum += x[x0 + i] * b[b0 + i * ldb + j];
      }
      c[c0 + j] = sum;
    }
  }

  /** Splits the result into blocks of rows and columns, one task each. */
  private static void blocks(Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c) {
    int m = c.rows();
    int n = c.columns();
    int columns = Math.min(COLUMNS, roundUp(n, PANEL));
    int rows = Math.min(m, ROWS);
    long work = (long) m * n * a.columns();
    int tasks = (int) Math.min(Parallel.threads() * 2L, work / TASK);
    // Blocks are made smaller only where there are not enough for all threads. How the result is
    // cut into blocks does not change it.
    while (tasks > 1 && ceil(n, columns) * ceil(m, rows) < tasks) {
      if (columns > 4 * PANEL) {
        columns = roundUp(columns / 2, PANEL);
      } else if (rows > 40) {
        rows = roundUp(rows / 2, TileDouble.ROWS);
      } else {
        break;
      }
    }
    int blockColumns = columns;
    int blockRows = rows;
    Parallel.run(
        ceil(n, columns),
        task -> {
          int j = task * blockColumns;
          int width = Math.min(blockColumns, n - j);
          column(blockRows, a, b.part(0, b.rows(), j, width), c.part(0, m, j, width));
        });
  }

  /** One block of columns of the result, over all k and all rows. */
  private static void column(
      int blockRows, Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c) {
    int m = c.rows();
    int width = c.columns();
    int k = a.columns();
    int panels = ceil(width, PANEL);
    int most = Math.min(k, DEPTH);
    double[] packed = BuffersDouble.take(panels * most * PANEL);
    double[] tiles = BuffersDouble.take(PackedDouble.size(Math.min(blockRows, m), most));
    double[] spare = new double[TileDouble.ROWS * PANEL];
    int[] offsets = new int[most];
    for (int p = 0; p < k; p += DEPTH) {
      int depth = Math.min(DEPTH, k - p);
      pack(b.rows(p, depth), packed);
      for (int i = 0; i < m; i += blockRows) {
        Parallel.checkInterrupt();
        int rows = Math.min(blockRows, m - i);
        PackedDouble.pack(a.part(i, rows, p, depth), tiles, 0);
        for (int left = 0; left < width; left += PANEL) {
          PackedDouble.panelOffsets(depth, left * depth, offsets);
          int columns = Math.min(PANEL, width - left);
          int to = c.index(i, left);
          int tileStep = TileDouble.ROWS * depth;
          PackedDouble.multiply(
              rows,
              columns,
              depth,
              tiles,
              0,
              tileStep,
              packed,
              offsets,
              true,
              c.values(),
              to,
              c.distance(),
              spare);
        }
      }
    }
    BuffersDouble.give(packed);
    BuffersDouble.give(tiles);
  }

  /** Copies a matrix into panels. */
  private static void pack(Matrix<double[]> b, double[] packed) {
    int depth = b.rows();
    for (int left = 0; left < b.columns(); left += PANEL) {
      int columns = Math.min(PANEL, b.columns() - left);
      int to = left * depth;
      int from = b.index(0, left);
      if (b.transposed()) {
        turn(b.part(0, depth, left, columns).transpose(), packed, to, PANEL);
      } else {
        packRows(depth, columns, b.values(), from, b.distance(), packed, to);
      }
    }
  }

  /** Copies rows that lie {@code ld} apart into a panel. */
  static void packRows(int rows, int columns, double[] b, int b0, int ld, double[] panel, int p0) {
    int from = b0;
    int to = p0;
    if (columns == PANEL) {
      for (int i = 0; i < rows; i++) {
        DoubleVector low = DoubleVector.fromArray(TileDouble.SPECIES, b, from);
        DoubleVector high = DoubleVector.fromArray(TileDouble.SPECIES, b, from + LANES);
        low.intoArray(panel, to);
        high.intoArray(panel, to + LANES);
        from += ld;
        to += PANEL;
      }
    } else {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(b, from, panel, to, columns);
        from += ld;
        to += PANEL;
      }
    }
  }

  /** {@code to[j][i] = from[i][j]}, in strips that fit into the first-level cache. */
  static void turn(Matrix<double[]> matrix, double[] to, int toOffset, int ldTo) {
    int rows = matrix.rows();
    int columns = matrix.columns();
    int ldFrom = matrix.distance();
    int offset = matrix.offset();
    double[] from = matrix.values();
    for (int left = 0; left < columns; left += STRIP) {
      int width = Math.min(STRIP, columns - left);
      int i = 0;
      for (; i + 4 <= rows; i += 4) {
        interleave(
            width, from, offset + i * ldFrom + left, ldFrom, to, toOffset + left * ldTo + i, ldTo);
      }
      for (; i < rows; i++) {
        for (int j = left; j < left + width; j++) {
          to[toOffset + j * ldTo + i] = from[offset + i * ldFrom + j];
        }
      }
    }
  }

  /**
   * Copies four rows so that their elements of each column lie side by side, {@code step} after
   * those of the column before.
   */
  static void interleave(
      int columns, double[] from, int offset, int ld, double[] to, int toOffset, int step) {
    int second = offset + ld;
    int third = second + ld;
    int fourth = third + ld;
    for (int j = 0; j < columns; j++) {
      int target = toOffset + j * step;
      to[target] = from[offset + j];
      to[target + 1] = from[second + j];
      to[target + 2] = from[third + j];
      to[target + 3] = from[fourth + j];
    }
  }

  static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }

  static int roundUp(int a, int b) {
    return ceil(a, b) * b;
  }
}
