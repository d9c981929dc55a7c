// Derived from PackedProductDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.RepeatedProductFloat;

/**
 * Products in float32 with one matrix b, packed once into panels of four vectors that start at
 * lines of the cache. A single row takes two panels at a time: its eight sums are enough to wait
 * for nothing but the cache. More rows take tiles of four by four vectors where there are 32
 * registers, else of four by two. The elements of the left factor are read where they are.
 *
 * <p>Each element is one chain of fused multiply-adds over ascending k, however many rows there
 * are.
 */
final class PackedProductFloat implements RepeatedProductFloat {
  private static final VectorSpecies<Float> SPECIES = TileFloat.SPECIES;
  private static final int LANES = TileFloat.LANES;

  /** Columns of a panel. */
  private static final int PANEL = 4 * LANES;

  /** Values of k of a piece of a panel: 32 KiB, so that it stays in the first-level cache. */
  private static final int DEPTH = Machine.L1_BYTES / (PANEL * Float.BYTES);

  /** Rows that pass by a piece of a panel and stay in the second-level cache meanwhile. */
  private static final int ROWS = 64;

  /** Whether sixteen sums fit into registers: AVX-512 has 32. */
  private static final boolean MANY_REGISTERS = Machine.SHAPE.vectorBitSize() == 512;

  private final int k;
  private final int n;

  /** Panels that are full. */
  private final int full;

  private final float[] packed;

  /** Where the first panel starts. */
  private final int start;

  /** Room for four rows of a panel. */
  private final float[] spare = new float[4 * PANEL];

  /**
   * Packs op(b): {@code b (k, n)}, or its transpose {@code (n, k)}, with rows {@code ldb} apart.
   */
  PackedProductFloat(int k, int n, float[] b, int bOffset, int ldb, boolean transposed) {
    this.k = k;
    this.n = n;
    this.full = n / PANEL;
    int size = Math.multiplyExact(MatrixProductFloat.roundUp(n, PANEL), k);
    this.packed = BuffersFloat.take(size + CacheLines.BYTES / Float.BYTES);
    this.start = CacheLines.start(packed, Float.BYTES);
    for (int j = 0; j < n; j += PANEL) {
      int columns = Math.min(PANEL, n - j);
      int to = start + j * k;
      if (columns < PANEL) {
        Arrays.fill(packed, to, to + k * PANEL, 0);
      }
      if (transposed) {
        packTransposed(k, columns, b, bOffset + j * ldb, ldb, packed, to);
      } else {
        for (int i = 0; i < k; i++) {
          System.arraycopy(b, bOffset + i * ldb + j, packed, to + i * PANEL, columns);
        }
      }
    }
  }

  /** Turns rows of the transpose into columns of a panel, eight at a time. */
  private static void packTransposed(
      int k, int columns, float[] b, int b0, int ldb, float[] packed, int p0) {
    int j = 0;
    for (; j + 8 <= columns; j += 8) {
      packEight(k, b, b0 + j * ldb, ldb, packed, p0 + j);
    }
    for (; j < columns; j++) {
      for (int i = 0; i < k; i++) {
        packed[p0 + j + i * PANEL] = b[b0 + j * ldb + i];
      }
    }
  }

  private static void packEight(int k, float[] b, int b0, int ldb, float[] packed, int p0) {
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    int b4 = b3 + ldb;
    int b5 = b4 + ldb;
    int b6 = b5 + ldb;
    int b7 = b6 + ldb;
    for (int i = 0; i < k; i++) {
      int to = p0 + i * PANEL;
      packed[to] = b[b0 + i];
      packed[to + 1] = b[b1 + i];
      packed[to + 2] = b[b2 + i];
      packed[to + 3] = b[b3 + i];
      packed[to + 4] = b[b4 + i];
      packed[to + 5] = b[b5 + i];
      packed[to + 6] = b[b6 + i];
      packed[to + 7] = b[b7 + i];
    }
  }

  @Override
  public void release() {
    BuffersFloat.give(packed);
  }

  @Override
  public void add(int m, float[] a, int aOffset, int lda, float[] c, int cOffset, int ldc) {
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      addRows(rows, a, aOffset + i * lda, lda, c, cOffset + i * ldc, ldc);
    }
  }

  private void addRows(int m, float[] a, int a0, int lda, float[] c, int c0, int ldc) {
    int together = m & -4;
    for (int panel = 0; together > 0 && panel < full; panel++) {
      for (int p = 0; p < k; p += DEPTH) {
        int depth = Math.min(DEPTH, k - p);
        int from = start + panel * PANEL * k + p * PANEL;
        for (int i = 0; i < together; i += 4) {
          int to = c0 + i * ldc + panel * PANEL;
          four(depth, a, a0 + i * lda + p, lda, packed, from, c, to, ldc);
        }
      }
    }
    for (int i = together; i < m; i++) {
      addRow(a, a0 + i * lda, c, c0 + i * ldc);
    }
    if (full * PANEL < n) {
      addLast(m, a, a0, lda, c, c0 + full * PANEL, ldc);
    }
  }

  /** One row and the full panels. */
  private void addRow(float[] a, int a0, float[] c, int c0) {
    int panel = 0;
    for (; panel + 2 <= full; panel += 2) {
      int from = start + panel * PANEL * k;
      oneByEight(k, a, a0, packed, from, from + PANEL * k, c, c0 + panel * PANEL);
    }
    if (panel < full) {
      oneByFour(k, a, a0, packed, start + panel * PANEL * k, c, c0 + panel * PANEL);
    }
  }

  /** All rows and the panel that is not full, by way of room for a full one. */
  private void addLast(int m, float[] a, int a0, int lda, float[] c, int c0, int ldc) {
    int columns = n - full * PANEL;
    int from = start + full * PANEL * k;
    for (int i = 0; i < m; ) {
      int rows = m - i >= 4 ? 4 : 1;
      for (int row = 0; row < rows; row++) {
        System.arraycopy(c, c0 + (i + row) * ldc, spare, row * PANEL, columns);
      }
      if (rows == 4) {
        four(k, a, a0 + i * lda, lda, packed, from, spare, 0, PANEL);
      } else {
        oneByFour(k, a, a0 + i * lda, packed, from, spare, 0);
      }
      for (int row = 0; row < rows; row++) {
        System.arraycopy(spare, row * PANEL, c, c0 + (i + row) * ldc, columns);
      }
      i += rows;
    }
  }

  private static void four(
      int k, float[] a, int a0, int lda, float[] panel, int p0, float[] c, int c0, int ldc) {
    if (MANY_REGISTERS) {
      fourByFour(k, a, a0, lda, panel, p0, c, c0, ldc);
    } else {
      fourByTwo(k, a, a0, lda, panel, p0, c, c0, ldc);
      fourByTwo(k, a, a0, lda, panel, p0 + 2 * LANES, c, c0 + 2 * LANES, ldc);
    }
  }

  /** c (4×PANEL) += a (4×k) · panel. */
  private static void fourByFour(
      int k, float[] a, int a0, int lda, float[] panel, int p0, float[] c, int c0, int ldc) {
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    FloatVector s00 = vector(c, c0);
    FloatVector s01 = vector(c, c0 + LANES);
    FloatVector s02 = vector(c, c0 + 2 * LANES);
    FloatVector s03 = vector(c, c0 + 3 * LANES);
    FloatVector s10 = vector(c, c1);
    FloatVector s11 = vector(c, c1 + LANES);
    FloatVector s12 = vector(c, c1 + 2 * LANES);
    FloatVector s13 = vector(c, c1 + 3 * LANES);
    FloatVector s20 = vector(c, c2);
    FloatVector s21 = vector(c, c2 + LANES);
    FloatVector s22 = vector(c, c2 + 2 * LANES);
    FloatVector s23 = vector(c, c2 + 3 * LANES);
    FloatVector s30 = vector(c, c3);
    FloatVector s31 = vector(c, c3 + LANES);
    FloatVector s32 = vector(c, c3 + 2 * LANES);
    FloatVector s33 = vector(c, c3 + 3 * LANES);
    for (int i = 0; i < k; i++) {
      FloatVector b0 = vector(panel, p0 + i * PANEL);
      FloatVector b1 = vector(panel, p0 + i * PANEL + LANES);
      FloatVector b2 = vector(panel, p0 + i * PANEL + 2 * LANES);
      FloatVector b3 = vector(panel, p0 + i * PANEL + 3 * LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + i]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = FloatVector.broadcast(SPECIES, a[a1 + i]);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = FloatVector.broadcast(SPECIES, a[a2 + i]);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = FloatVector.broadcast(SPECIES, a[a3 + i]);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s02.intoArray(c, c0 + 2 * LANES);
    s03.intoArray(c, c0 + 3 * LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s12.intoArray(c, c1 + 2 * LANES);
    s13.intoArray(c, c1 + 3 * LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s22.intoArray(c, c2 + 2 * LANES);
    s23.intoArray(c, c2 + 3 * LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
    s32.intoArray(c, c3 + 2 * LANES);
    s33.intoArray(c, c3 + 3 * LANES);
  }

  /** c (4×2 vectors) += a (4×k) · half a panel. */
  private static void fourByTwo(
      int k, float[] a, int a0, int lda, float[] panel, int p0, float[] c, int c0, int ldc) {
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    FloatVector s00 = vector(c, c0);
    FloatVector s01 = vector(c, c0 + LANES);
    FloatVector s10 = vector(c, c1);
    FloatVector s11 = vector(c, c1 + LANES);
    FloatVector s20 = vector(c, c2);
    FloatVector s21 = vector(c, c2 + LANES);
    FloatVector s30 = vector(c, c3);
    FloatVector s31 = vector(c, c3 + LANES);
    for (int i = 0; i < k; i++) {
      FloatVector b0 = vector(panel, p0 + i * PANEL);
      FloatVector b1 = vector(panel, p0 + i * PANEL + LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + i]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      x = FloatVector.broadcast(SPECIES, a[a1 + i]);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      x = FloatVector.broadcast(SPECIES, a[a2 + i]);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      x = FloatVector.broadcast(SPECIES, a[a3 + i]);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
  }

  /** c (1×2·PANEL) += a (1×k) · two panels. */
  private static void oneByEight(
      int k, float[] a, int a0, float[] panels, int p0, int q0, float[] c, int c0) {
    FloatVector s0 = vector(c, c0);
    FloatVector s1 = vector(c, c0 + LANES);
    FloatVector s2 = vector(c, c0 + 2 * LANES);
    FloatVector s3 = vector(c, c0 + 3 * LANES);
    FloatVector s4 = vector(c, c0 + 4 * LANES);
    FloatVector s5 = vector(c, c0 + 5 * LANES);
    FloatVector s6 = vector(c, c0 + 6 * LANES);
    FloatVector s7 = vector(c, c0 + 7 * LANES);
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + i]);
      s0 = x.fma(vector(panels, p0 + i * PANEL), s0);
      s1 = x.fma(vector(panels, p0 + i * PANEL + LANES), s1);
      s2 = x.fma(vector(panels, p0 + i * PANEL + 2 * LANES), s2);
      s3 = x.fma(vector(panels, p0 + i * PANEL + 3 * LANES), s3);
      s4 = x.fma(vector(panels, q0 + i * PANEL), s4);
      s5 = x.fma(vector(panels, q0 + i * PANEL + LANES), s5);
      s6 = x.fma(vector(panels, q0 + i * PANEL + 2 * LANES), s6);
      s7 = x.fma(vector(panels, q0 + i * PANEL + 3 * LANES), s7);
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + LANES);
    s2.intoArray(c, c0 + 2 * LANES);
    s3.intoArray(c, c0 + 3 * LANES);
    s4.intoArray(c, c0 + 4 * LANES);
    s5.intoArray(c, c0 + 5 * LANES);
    s6.intoArray(c, c0 + 6 * LANES);
    s7.intoArray(c, c0 + 7 * LANES);
  }

  /** c (1×PANEL) += a (1×k) · panel. */
  private static void oneByFour(
      int k, float[] a, int a0, float[] panel, int p0, float[] c, int c0) {
    FloatVector s0 = vector(c, c0);
    FloatVector s1 = vector(c, c0 + LANES);
    FloatVector s2 = vector(c, c0 + 2 * LANES);
    FloatVector s3 = vector(c, c0 + 3 * LANES);
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + i]);
      s0 = x.fma(vector(panel, p0 + i * PANEL), s0);
      s1 = x.fma(vector(panel, p0 + i * PANEL + LANES), s1);
      s2 = x.fma(vector(panel, p0 + i * PANEL + 2 * LANES), s2);
      s3 = x.fma(vector(panel, p0 + i * PANEL + 3 * LANES), s3);
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + LANES);
    s2.intoArray(c, c0 + 2 * LANES);
    s3.intoArray(c, c0 + 3 * LANES);
  }

  private static FloatVector vector(float[] from, int at) {
    return FloatVector.fromArray(SPECIES, from, at);
  }
}
