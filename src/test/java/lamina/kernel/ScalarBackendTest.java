package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The product, over all small sizes and some around the blocks' edges. */
class ScalarBackendTest {
  private final Backend backend = new ScalarBackend();

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
  void multipliesAcrossBlocks() {
    for (int size : new int[] {127, 128, 129, 255, 256, 257}) {
      check(2, size, 3);
      check(3, 2, size);
      check(2, size, 130);
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
      backend.multiply(
          m, n, k, a, 5, lda, transposeA, b, 7, ldb, transposeB, c, 2, ldc, accumulate);
      backend.multiply(
          m,
          n,
          k,
          floats(a),
          5,
          lda,
          transposeA,
          floats(b),
          7,
          ldb,
          transposeB,
          c32,
          2,
          ldc,
          accumulate);
      String name = m + "x" + n + "x" + k + " variant " + variant;
      assertThat(c).as(name).containsExactly(expected, within(1e-12 * (k + 1)));
      assertThat(c32).as(name).containsExactly(floats(expected), within(1e-6f * (k + 1)));
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
