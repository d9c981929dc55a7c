// Derived from ProductDouble.java: change that file and run DerivedFloat.
package lamina.kernel.plain;

import java.util.Arrays;
import lamina.kernel.Backend;
import lamina.kernel.Parallel;

/**
 * Matrix products in float32 as plain loops that the JIT compiler vectorises: {@code c[j] +=
 * a·b[j]} along a row, four rows of b at a time, so that c is loaded and stored once for four
 * multiplications. 4 GFLOP/s from the first call on, about 8 when warm.
 */
public final class ProductFloat {
  /** Rows and columns of the piece of b that stays in the second-level cache. */
  private static final int BLOCK_ROWS = 128;

  private static final int BLOCK_COLUMNS = 256;

  /** Multiply-accumulates, some 300 microseconds of work: starting a thread takes 50. */
  public static final long WORTH_SPLITTING = 1 << 20;

  private ProductFloat() {}

  /** As {@link Backend#multiply}. */
  static void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      boolean transposeA,
      float[] b,
      int bOffset,
      int ldb,
      boolean transposeB,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate) {
    int rowStep = transposeA ? 1 : lda;
    int columnStep = transposeA ? lda : 1;
    Parallel.Range rows =
        (first, end) ->
            multiplyRows(
                end - first,
                n,
                k,
                a,
                aOffset + first * rowStep,
                rowStep,
                columnStep,
                b,
                bOffset,
                ldb,
                transposeB,
                c,
                cOffset + first * ldc,
                ldc,
                accumulate);
    if ((long) m * n * k < WORTH_SPLITTING) {
      rows.compute(0, m);
    } else {
      // No more parts than threads: each transposes b anew.
      int parts = Math.min(m, Parallel.threads());
      Parallel.run(
          parts, i -> rows.compute((int) ((long) i * m / parts), (int) ((i + 1L) * m / parts)));
    }
  }

  private static void multiplyRows(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int rowStep,
      int columnStep,
      float[] b,
      int bOffset,
      int ldb,
      boolean transposeB,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate) {
    if (!accumulate) {
      for (int i = 0; i < m; i++) {
        Arrays.fill(c, cOffset + i * ldc, cOffset + i * ldc + n, 0);
      }
    }
    int blockColumns = Math.min(n, BLOCK_COLUMNS);
    float[] panel = transposeB ? new float[Math.min(k, BLOCK_ROWS) * blockColumns] : b;
    for (int j = 0; j < n; j += BLOCK_COLUMNS) {
      int columns = Math.min(BLOCK_COLUMNS, n - j);
      for (int p = 0; p < k; p += BLOCK_ROWS) {
        int rows = Math.min(BLOCK_ROWS, k - p);
        int panelOffset = bOffset + p * ldb + j;
        int panelStep = ldb;
        if (transposeB) {
          transpose(columns, rows, b, bOffset + j * ldb + p, ldb, panel, columns);
          panelOffset = 0;
          panelStep = columns;
        }
        accumulate(
            m,
            columns,
            rows,
            a,
            aOffset + p * columnStep,
            rowStep,
            columnStep,
            panel,
            panelOffset,
            panelStep,
            c,
            cOffset + j,
            ldc);
      }
    }
  }

  /**
   * {@code c += a · b}: c is m×n with rows {@code ldc} apart, b is k×n with rows {@code ldb} apart,
   * and element (i, p) of a lies at {@code aOffset + i·aRow + p·aColumn}.
   */
  static void accumulate(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc) {
    for (int i = 0; i < m; i++) {
      int to = cOffset + i * ldc;
      int from = aOffset + i * aRow;
      int row = bOffset;
      int p = 0;
      for (; p + 3 < k; p += 4) {
        float a0 = a[from];
        float a1 = a[from + aColumn];
        float a2 = a[from + 2 * aColumn];
        float a3 = a[from + 3 * aColumn];
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

  /** A method of its own, and a small one, so that it is compiled early in a short run. */
  private static void addFourRows(
      int n,
      float a0,
      float a1,
      float a2,
      float a3,
      float[] b,
      int b0,
      int b1,
      int b2,
      int b3,
      float[] c,
      int to) {
    for (int j = 0; j < n; j++) {
      c[to + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + (a2 * b[b2 + j] + a3 * b[b3 + j]);
    }
  }

  private static void addRow(int n, float factor, float[] b, int from, float[] c, int to) {
    for (int j = 0; j < n; j++) {
      c[to + j] += factor * b[from + j];
    }
  }

  /** The k×n matrix whose transpose is {@code b}, with rows {@code ldb} apart. */
  public static float[] transposed(int k, int n, float[] b, int bOffset, int ldb) {
    float[] turned = new float[Math.multiplyExact(k, n)];
    transpose(n, k, b, bOffset, ldb, turned, n);
    return turned;
  }

  /**
   * {@code to[j][i] = from[i][j]}, rows {@code ld} apart; {@code from} has rows×columns elements.
   */
  static void transpose(
      int rows, int columns, float[] from, int fromOffset, int ldFrom, float[] to, int ldTo) {
    for (int i = 0; i < rows; i++) {
      int row = fromOffset + i * ldFrom;
      for (int j = 0; j < columns; j++) {
        to[j * ldTo + i] = from[row + j];
      }
    }
  }
}
