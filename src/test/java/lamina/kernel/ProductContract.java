package lamina.kernel;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Matrix products of every backend: all small sizes, and sizes around the edges of tiles and
 * blocks.
 */
abstract class ProductContract extends BackendContract {
  /** Around the widths of vectors, tiles and panels. */
  private static final int[] AWKWARD = {1, 3, 4, 6, 8, 11, 13, 16, 17, 25, 33, 66};

  @Test
  void multipliesAllSmallSizesInEveryOrientation() {
    for (int m = 1; m <= 5; m++) {
      for (int n = 1; n <= 5; n++) {
        for (int k = 0; k <= 9; k++) {
          check(m, n, k);
        }
      }
    }
  }

  @Test
  void multipliesAwkwardSizes() {
    for (int m : AWKWARD) {
      for (int n : AWKWARD) {
        check(m, n, 7);
      }
      check(m, 9, m);
    }
  }

  @Test
  void multipliesAcrossBlocks() {
    for (int size : new int[] {127, 128, 129, 255, 256, 257, 385}) {
      check(2, size, 3);
      check(3, 2, size);
      check(2, size, 130);
      check(size, 5, 6);
      check(6, 5, size);
    }
  }

  private void check(int m, int n, int k) {
    for (int variant = 0; variant < 8; variant++) {
      boolean transposeA = (variant & 1) != 0;
      boolean transposeB = (variant & 2) != 0;
      boolean accumulate = (variant & 4) != 0;
      Random random = new Random(m * 31 + n * 17 + k);
      int lda = (transposeA ? m : k) + 1;
      int ldb = (transposeB ? k : n) + 2;
      int ldc = n + 3;
      double[] a = random.doubles(5 + (long) lda * Math.max(m, k)).toArray();
      double[] b = random.doubles(7 + (long) ldb * Math.max(n, k)).toArray();
      double[] c = random.doubles(2 + (long) ldc * m).toArray();
      double[] expected = c.clone();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = accumulate ? c[2 + i * ldc + j] : 0;
          for (int p = 0; p < k; p++) {
            double left = transposeA ? a[5 + p * lda + i] : a[5 + i * lda + p];
            double right = transposeB ? b[7 + j * ldb + p] : b[7 + p * ldb + j];
            sum += left * right;
          }
          expected[2 + i * ldc + j] = sum;
        }
      }
      float[] c32 = floats(c);
      float64.multiply(
          new Matrix<>(a, 5, m, k, lda, transposeA),
          new Matrix<>(b, 7, k, n, ldb, transposeB),
          Matrix.of(c, 2, m, n, ldc),
          accumulate);
      float32.multiply(
          new Matrix<>(floats(a), 5, m, k, lda, transposeA),
          new Matrix<>(floats(b), 7, k, n, ldb, transposeB),
          Matrix.of(c32, 2, m, n, ldc),
          accumulate);
      String name = m + "x" + n + "x" + k + " variant " + variant;
      assertClose(name, c, expected, 1e-12 * (k + 1));
      assertClose(name, NaiveConvolution.doubles(c32), expected, 1e-6 * (k + 1));
    }
  }

  @Test
  void repeatsProductsOfAwkwardSizes() {
    int[] sizes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 25, 33};
    for (int k : sizes) {
      for (int n : sizes) {
        checkRepeated(k, n, sizes);
      }
    }
  }

  @Test
  void repeatsProductsAcrossPanelsAndBlocks() {
    for (int n : new int[] {31, 32, 47, 63, 64, 65, 127, 128, 129, 192, 200, 320}) {
      checkRepeated(11, n, 1, 3, 4, 7, 63, 64, 66, 129);
    }
    for (int k : new int[] {127, 128, 129, 255, 256, 257, 400}) {
      checkRepeated(k, 70, 1, 6);
      checkRepeated(k, 128, 1, 4);
    }
  }

  /** One product after another with the same right factor, added to what is there. */
  private void checkRepeated(int k, int n, int... rows) {
    for (boolean transpose : new boolean[] {false, true}) {
      Random random = new Random(k * 31L + n);
      int ldb = (transpose ? k : n) + 2;
      double[] b = random.doubles(7 + (long) ldb * Math.max(n, k)).toArray();
      RepeatedProduct<double[]> product =
          float64.repeated(new Matrix<>(b, 7, k, n, ldb, transpose), 9);
      RepeatedProduct<float[]> product32 =
          float32.repeated(new Matrix<>(floats(b), 7, k, n, ldb, transpose), 9);
      for (int m : rows) {
        int lda = k + 1;
        int ldc = n + 3;
        double[] a = random.doubles(5 + (long) lda * m).toArray();
        double[] c = random.doubles(2 + (long) ldc * m).toArray();
        double[] expected = c.clone();
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            for (int p = 0; p < k; p++) {
              double right = transpose ? b[7 + j * ldb + p] : b[7 + p * ldb + j];
              expected[2 + i * ldc + j] += a[5 + i * lda + p] * right;
            }
          }
        }
        float[] c32 = floats(c);
        Matrix<double[]> left = Matrix.of(a, 5, m, k, lda);
        Matrix<float[]> left32 = Matrix.of(floats(a), 5, m, k, lda);
        product.add(left, Matrix.of(c, 2, m, n, ldc));
        product32.add(left32, Matrix.of(c32, 2, m, n, ldc));
        String name = m + "x" + n + "x" + k + (transpose ? ", transposed" : "");
        // The same again, on top of a row instead of what is there.
        double[] row = random.doubles(n).toArray();
        double[] onRow = c.clone();
        double[] products = new double[c.length];
        product.addTo(row, left, Matrix.of(onRow, 2, m, n, ldc));
        product.add(left, Matrix.of(products, 2, m, n, ldc));
        float[] onRow32 = c32.clone();
        float[] products32 = new float[c.length];
        product32.addTo(floats(row), left32, Matrix.of(onRow32, 2, m, n, ldc));
        product32.add(left32, Matrix.of(products32, 2, m, n, ldc));
        double[] sums = c.clone();
        double[] sums32 = NaiveConvolution.doubles(c32);
        for (int i = 0; i < m * n; i++) {
          int at = 2 + i / n * ldc + i % n;
          sums[at] = row[i % n] + products[at];
          sums32[at] = (double) (float) row[i % n] + products32[at];
        }
        assertClose(name + ", on a row", onRow, sums, 1e-12 * (k + 1));
        assertClose(name + ", on a row", NaiveConvolution.doubles(onRow32), sums32, 1e-6 * (k + 1));
        assertClose(name, c, expected, 1e-12 * (k + 1));
        assertClose(name, NaiveConvolution.doubles(c32), expected, 1e-6 * (k + 1));
      }
      product.release();
      product32.release();
    }
  }
}
