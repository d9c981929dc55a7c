package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.Matrix;

/** Products of a matrix with a vector, as dot products of its rows, in float64. */
final class DotsDouble {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;

  private DotsDouble() {}

  /** {@code c[i·step] += (row i of the matrix) · x}; the matrix is not transposed. */
  static void multiplyVector(
      Matrix<double[]> matrix, double[] x, int x0, double[] c, int c0, int step) {
    int m = matrix.rows();
    int k = matrix.columns();
    int lda = matrix.distance();
    int a0 = matrix.offset();
    double[] a = matrix.values();
    int i = 0;
    for (; i + 4 <= m; i += 4) {
      dots4(k, a, a0 + i * lda, lda, x, x0, c, c0 + i * step, step);
    }
    for (; i < m; i++) {
      dots1(k, a, a0 + i * lda, x, x0, c, c0 + i * step);
    }
  }

  /** Adds four dot products, of rows of a with x, to elements of c that lie {@code step} apart. */
  static void dots4(
      int k, double[] a, int a0, int lda, double[] x, int x0, double[] c, int c0, int step) {
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = DoubleVector.zero(SPECIES);
    DoubleVector s2 = DoubleVector.zero(SPECIES);
    DoubleVector s3 = DoubleVector.zero(SPECIES);
    int whole = SPECIES.loopBound(k);
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, x0 + i);
      s0 = v.fma(DoubleVector.fromArray(SPECIES, a, a0 + i), s0);
      s1 = v.fma(DoubleVector.fromArray(SPECIES, a, a1 + i), s1);
      s2 = v.fma(DoubleVector.fromArray(SPECIES, a, a2 + i), s2);
      s3 = v.fma(DoubleVector.fromArray(SPECIES, a, a3 + i), s3);
    }
    double t0 = sum(s0);
    double t1 = sum(s1);
    double t2 = sum(s2);
    double t3 = sum(s3);
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

  /** Adds the dot product of a row of a with x to an element of c. */
  static void dots1(int k, double[] a, int a0, double[] x, int x0, double[] c, int c0) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    int whole = SPECIES.loopBound(k);
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, x0 + i);
      s0 = v.fma(DoubleVector.fromArray(SPECIES, a, a0 + i), s0);
    }
    double t0 = sum(s0);
    for (int i = whole; i < k; i++) {
      t0 += a[a0 + i] * x[x0 + i];
    }
    c[c0] += t0;
  }

  /**
   * The sum of a vector's lanes, always in the same order: that of reduceLanes may change once it
   * is compiled.
   */
  static double sum(DoubleVector vector) {
    double sum = 0;
    for (double lane : vector.toArray()) {
      sum += lane;
    }
    return sum;
  }
}
