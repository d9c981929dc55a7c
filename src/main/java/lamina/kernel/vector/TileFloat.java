// Derived from TileDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of matrix products in float32: a tile of the result, up to five rows of two
 * vectors, stays in registers while k runs. Five rows, because their ten sums, the two vectors of
 * the panel and the broadcast elements fit into the 16 registers of AVX2 whatever order the JIT
 * compiler gives the loads; with six rows some releases of Java spill a sum, which halves the
 * speed. The elements of a are read where they are, row by row; only the panel is a packed copy.
 *
 * <p>Each element is one chain of fused multiply-adds over ascending k, in every method here but
 * the dot products: how a product is cut into tiles does not change a bit of it.
 */
final class TileFloat {
  static final VectorSpecies<Float> SPECIES = VectorSpecies.of(float.class, Machine.SHAPE);
  static final int LANES = SPECIES.length();

  /** Columns of a tile. */
  static final int PANEL = 2 * LANES;

  /** Rows of the largest tile. */
  static final int ROWS = 5;

  private TileFloat() {}

  /**
   * {@code c += a · panel} for any number of rows and a panel of which only the first {@code
   * columns} count.
   *
   * @param spare room for one tile
   */
  static void multiply(
      int m,
      int columns,
      int k,
      float[] a,
      int a0,
      int lda,
      float[] panel,
      int p0,
      float[] c,
      int c0,
      int ldc,
      float[] spare) {
    for (int i = 0; i < m; ) {
      int rows = rows(m - i);
      int from = a0 + i * lda;
      int to = c0 + i * ldc;
      if (columns == PANEL) {
        tile(rows, k, a, from, lda, panel, p0, c, to, ldc);
      } else {
        for (int row = 0; row < rows; row++) {
          System.arraycopy(c, to + row * ldc, spare, row * PANEL, columns);
        }
        tile(rows, k, a, from, lda, panel, p0, spare, 0, PANEL);
        for (int row = 0; row < rows; row++) {
          System.arraycopy(spare, row * PANEL, c, to + row * ldc, columns);
        }
      }
      i += rows;
    }
  }

  /** How many rows to take next, such that from 12 on nothing is left over for single rows. */
  private static int rows(int left) {
    if (left < 4) {
      return 1;
    }
    return left % 5 == 0 || left >= 17 || left == 6 || left == 7 || left == 11 ? 5 : 4;
  }

  private static void tile(
      int rows,
      int k,
      float[] a,
      int a0,
      int lda,
      float[] panel,
      int p0,
      float[] c,
      int c0,
      int ldc) {
    switch (rows) {
      case 5 -> rows5(k, a, a0, lda, panel, p0, c, c0, ldc);
      case 4 -> rows4(k, a, a0, lda, panel, p0, c, c0, ldc);
      default -> rows1(k, a, a0, panel, p0, c, c0);
    }
  }

  /** {@code c[i·step] += (row i of a) · x} for {@code m} rows. */
  static void multiplyVector(
      int m, int k, float[] a, int a0, int lda, float[] x, int x0, float[] c, int c0, int step) {
    int i = 0;
    for (; i + 4 <= m; i += 4) {
      dots4(k, a, a0 + i * lda, lda, x, x0, c, c0 + i * step, step);
    }
    for (; i < m; i++) {
      dots1(k, a, a0 + i * lda, x, x0, c, c0 + i * step);
    }
  }

  /** The rows of a tile: c (5×PANEL) += a (5×k) · panel (k×PANEL). */
  static void rows5(
      int k, float[] a, int a0, int lda, float[] panel, int p0, float[] c, int c0, int ldc) {
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int a4 = a3 + lda;
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
    FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
    FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
    FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
    FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    FloatVector s40 = FloatVector.fromArray(SPECIES, c, c4);
    FloatVector s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
    for (int i = 0; i < k; i++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, panel, p0 + i * PANEL);
      FloatVector b1 = FloatVector.fromArray(SPECIES, panel, p0 + i * PANEL + LANES);
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
      x = FloatVector.broadcast(SPECIES, a[a4 + i]);
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
    s40.intoArray(c, c4);
    s41.intoArray(c, c4 + LANES);
  }

  /** The rows of a tile: c (4×PANEL) += a (4×k) · panel (k×PANEL). */
  static void rows4(
      int k, float[] a, int a0, int lda, float[] panel, int p0, float[] c, int c0, int ldc) {
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
    FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
    FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
    FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
    FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    for (int i = 0; i < k; i++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, panel, p0 + i * PANEL);
      FloatVector b1 = FloatVector.fromArray(SPECIES, panel, p0 + i * PANEL + LANES);
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

  /** One row of a tile: c (1×PANEL) += a (1×k) · panel (k×PANEL). */
  static void rows1(int k, float[] a, int a0, float[] panel, int p0, float[] c, int c0) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
    for (int i = 0; i < k; i++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, panel, p0 + i * PANEL);
      FloatVector b1 = FloatVector.fromArray(SPECIES, panel, p0 + i * PANEL + LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + i]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
  }

  /** 4 dot products of rows of a with x, added to elements of c that lie {@code step} apart. */
  static void dots4(
      int k, float[] a, int a0, int lda, float[] x, int x0, float[] c, int c0, int step) {
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    FloatVector s2 = FloatVector.zero(SPECIES);
    FloatVector s3 = FloatVector.zero(SPECIES);
    int whole = SPECIES.loopBound(k);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, x0 + i);
      s0 = v.fma(FloatVector.fromArray(SPECIES, a, a0 + i), s0);
      s1 = v.fma(FloatVector.fromArray(SPECIES, a, a1 + i), s1);
      s2 = v.fma(FloatVector.fromArray(SPECIES, a, a2 + i), s2);
      s3 = v.fma(FloatVector.fromArray(SPECIES, a, a3 + i), s3);
    }
    float t0 = sum(s0);
    float t1 = sum(s1);
    float t2 = sum(s2);
    float t3 = sum(s3);
    for (int i = whole; i < k; i++) {
      t0 += a[a0 + i] * x[x0 + i];
      t1 += a[a1 + i] * x[x0 + i];
      t2 += a[a2 + i] * x[x0 + i];
      t3 += a[a3 + i] * x[x0 + i];
    }
    c[c0] += t0;
    c[c0 + step] += t1;
    c[c0 + 2 * step] += t2;
    c[c0 + 3 * step] += t3;
  }

  /** One dot product of rows of a with x, added to an element of c. */
  static void dots1(int k, float[] a, int a0, float[] x, int x0, float[] c, int c0) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    int whole = SPECIES.loopBound(k);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, x0 + i);
      s0 = v.fma(FloatVector.fromArray(SPECIES, a, a0 + i), s0);
    }
    float t0 = sum(s0);
    for (int i = whole; i < k; i++) {
      t0 += a[a0 + i] * x[x0 + i];
    }
    c[c0] += t0;
  }

  /** The sum of a vector's lanes; reduceLanes may add in another order once it is compiled. */
  static float sum(FloatVector vector) {
    float sum = 0;
    for (float lane : vector.toArray()) {
      sum += lane;
    }
    return sum;
  }
}
