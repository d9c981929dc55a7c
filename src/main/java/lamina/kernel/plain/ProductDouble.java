package lamina.kernel.plain;

import java.util.Arrays;
import lamina.kernel.Kernels;
import lamina.kernel.Matrix;
import lamina.kernel.Parallel;

/**
 * Matrix products in float64 as plain loops that the JIT compiler vectorises: {@code c[j] +=
 * a·b[j]} along a row, four rows of b at a time, so that c is loaded and stored once for four
 * multiplications. 4 GFLOP/s from the first call on, about 8 when warm.
 */
public final class ProductDouble {
  /** Rows and columns of the piece of b that stays in the second-level cache. */
  private static final int BLOCK_ROWS = 128;

  private static final int BLOCK_COLUMNS = 256;

  /**
   * From so many multiply-accumulates on, work is split: they take 300 microseconds, and starting a
   * thread takes 50.
   */
  public static final long WORTH_SPLITTING = 1 << 20;

  private ProductDouble() {}

  /** As {@link Kernels#multiply}. */
  static void multiply(
      Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, boolean accumulate) {
    int m = c.rows();
    if ((long) m * c.columns() * a.columns() < WORTH_SPLITTING) {
      multiplyRows(a, b, c, accumulate);
      return;
    }
    // There are no more parts than threads, since each part transposes b anew.
    int parts = Math.min(m, Parallel.threads());
    Parallel.run(
        parts,
        i -> {
          int first = (int) ((long) i * m / parts);
          int count = (int) ((i + 1L) * m / parts) - first;
          multiplyRows(a.rows(first, count), b, c.rows(first, count), accumulate);
        });
  }

  private static void multiplyRows(
      Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, boolean accumulate) {
    if (!accumulate) {
      for (int i = 0; i < c.rows(); i++) {
        Arrays.fill(c.values(), c.index(i, 0), c.index(i, 0) + c.columns(), 0);
      }
    }
    int n = c.columns();
    int k = a.columns();
    int blockRows = Math.min(k, BLOCK_ROWS);
    int blockColumns = Math.min(n, BLOCK_COLUMNS);
    double[] panel = b.transposed() ? new double[blockRows * blockColumns] : null;
    for (int j = 0; j < n; j += BLOCK_COLUMNS) {
      int columns = Math.min(BLOCK_COLUMNS, n - j);
      Matrix<double[]> sums = c.part(0, c.rows(), j, columns);
      for (int p = 0; p < k; p += BLOCK_ROWS) {
        Parallel.checkInterrupt();
        Matrix<double[]> block = b.part(p, Math.min(BLOCK_ROWS, k - p), j, columns);
        if (panel != null) {
          transpose(block.transpose(), panel, columns);
          block = Matrix.of(panel, block.rows(), columns);
        }
        accumulate(a.part(0, a.rows(), p, block.rows()), block, sums);
      }
    }
  }

  /** {@code c += a · b}; b and c are not transposed. */
  static void accumulate(Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c) {
    accumulate(
        c.rows(),
        c.columns(),
        a.columns(),
        a.values(),
        a.offset(),
        a.rowStep(),
        a.columnStep(),
        b.values(),
        b.offset(),
        b.distance(),
        c.values(),
        c.offset(),
        c.distance());
  }

  /**
   * Takes the matrices apart, since the JIT compiler makes slower code of the loops where it also
   * sees how the matrices are made: products of 16×16 took a tenth longer.
   */
  private static void accumulate(
      int m,
      int n,
      int k,
      double[] a,
      int aOffset,
      int aRow,
      int aColumn,
      double[] b,
      int bOffset,
      int ldb,
      double[] c,
      int cOffset,
      int ldc) {
    for (int i = 0; i < m; i++) {
      int to = cOffset + i * ldc;
      int from = aOffset + i * aRow;
      int row = bOffset;
      int p = 0;
      for (; p + 3 < k; p += 4) {
        double a0 = a[from];
        double a1 = a[from + aColumn];
        double a2 = a[from + 2 * aColumn];
        double a3 = a[from + 3 * aColumn];
        addFourRows(n, a0, a1, a2, a3, b, row, row + ldb, row + 2 * ldb, row + 3 * ldb, c, to);
        from += 4 * aColumn;
        row += 4 * ldb;
      }
      for (; p < k; p++) {
        addRow(n, a[from], b, row, c, to);
        from += aColumn;
        row += ldb;
      }
    }
  }

  /**
   * This is a small method of its own so that the JIT compiler has it ready early in a short run.
   */
  private static void addFourRows(
      int n,
      double a0,
      double a1,
      double a2,
      double a3,
      double[] b,
      int b0,
      int b1,
      int b2,
      int b3,
      double[] c,
      int to) {
    for (int j = 0; j < n; j++) {
      c[to + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + (a2 * b[b2 + j] + a3 * b[b3 + j]);
    }
  }

  private static void addRow(int n, double factor, double[] b, int from, double[] c, int to) {
    for (int j = 0; j < n; j++) {
      c[to + j] += factor * b[from + j];
    }
  }

  /** A copy of a transposed matrix that lies in an array row by row. */
  static Matrix<double[]> straight(Matrix<double[]> b) {
    double[] values = new double[Math.multiplyExact(b.rows(), b.columns())];
    transpose(b.transpose(), values, b.columns());
    return Matrix.of(values, b.rows(), b.columns());
  }

  /** {@code to[j][i] = from[i][j]}; the rows of {@code to} are {@code distance} apart. */
  static void transpose(Matrix<double[]> from, double[] to, int distance) {
    double[] values = from.values();
    for (int i = 0; i < from.rows(); i++) {
      int row = from.index(i, 0);
      for (int j = 0; j < from.columns(); j++) {
        to[j * distance + i] = values[row + j];
      }
    }
  }
}
