// Derived from DotsDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Products of a matrix with a vector, as dot products of its rows, in float32. */
final class DotsFloat {
  private static final VectorSpecies<Float> SPECIES = TileFloat.SPECIES;
  private static final int LANES = TileFloat.LANES;

  private DotsFloat() {}

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
