package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DeterminantsTest {
  private static final long SEED = 11;

  @Test
  void theGradientIsTheSignedMinorsByHand() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    assertThat(Determinants.backward(x, Tensor.of(new double[] {10})).doubles())
        .containsExactly(new double[] {40, -30, -20, 10}, within(1e-12));
  }

  /** Matrices of any rank: those that depend on fewer rows are products of thinner ones. */
  @Test
  void theGradientIsTheSignedMinorsOfSingularMatricesToo() {
    Random random = new Random(SEED);
    for (int n = 1; n <= 5; n++) {
      for (int rank = 0; rank <= n; rank++) {
        double[] a = new double[n * n];
        for (int r = 0; r < rank; r++) {
          double[] column = random.doubles(n, -1, 1).toArray();
          double[] row = random.doubles(n, -1, 1).toArray();
          for (int k = 0; k < n * n; k++) {
            a[k] += column[k / n] * row[k % n];
          }
        }
        Tensor x = Tensor.of(a, n, n);
        double[] found =
            Determinants.backward(x, Tensor.of(new double[] {1}, new int[0])).doubles();
        for (int k = 0; k < n * n; k++) {
          assertThat(found[k])
              .as("n %d rank %d element %d seed %d", n, rank, k, SEED)
              .isCloseTo(minor(a, n, k / n, k % n), within(1e-10));
        }
      }
    }
  }

  @Test
  void aLargeMatrixTakesNoFifthPower() {
    int n = 300;
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      a[i * n + i] = i % 2 == 0 ? 2 : 0.5;
    }
    Tensor dx = Determinants.backward(Tensor.of(a, n, n), Tensor.of(new double[] {1}));
    assertThat(dx.get(0)).isEqualTo(0.5);
    assertThat(dx.get(n + 1)).isEqualTo(2);
    assertThat(dx.get(1)).isZero();
  }

  /** By Laplace's expansion, row by row. */
  private static double minor(double[] a, int n, int row, int column) {
    double[][] rest = new double[n - 1][n - 1];
    for (int i = 0; i < n - 1; i++) {
      for (int j = 0; j < n - 1; j++) {
        rest[i][j] = a[(i < row ? i : i + 1) * n + (j < column ? j : j + 1)];
      }
    }
    return ((row + column) % 2 == 0 ? 1 : -1) * expanded(rest);
  }

  private static double expanded(double[][] a) {
    if (a.length == 0) {
      return 1;
    }
    double sum = 0;
    for (int column = 0; column < a.length; column++) {
      double[] flat = new double[a.length * a.length];
      for (int k = 0; k < flat.length; k++) {
        flat[k] = a[k / a.length][k % a.length];
      }
      sum += a[0][column] * minor(flat, a.length, 0, column);
    }
    return sum;
  }
}
