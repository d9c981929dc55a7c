package lamina.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import lamina.kernel.Backends;
import lamina.kernel.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PackedTest {
  private static final int K = 3;

  @BeforeAll
  static void loadVectors() {
    Backends.use("vector");
  }

  @AfterAll
  static void unload() {
    Backends.use("scalar");
  }

  /** Every element has a place of its own, and what follows the rows are zeros. */
  @Test
  void packsEveryRowOnce() {
    for (int m = 1; m <= 70; m++) {
      double[] a = new double[m * K];
      for (int i = 0; i < a.length; i++) {
        a[i] = i + 1;
      }
      double[] tiles = new double[PackedDouble.size(m, K)];
      PackedDouble.pack(Matrix.of(a, m, K), tiles, 0);
      Set<Integer> places = new HashSet<>();
      for (int row = 0; row < m; row++) {
        for (int p = 0; p < K; p++) {
          int place = PackedDouble.rowStart(m, K, row) + p * TileDouble.ROWS;
          assertThat(tiles[place]).as("row %d of %d", row, m).isEqualTo(a[row * K + p]);
          places.add(place);
        }
      }
      assertThat(places).hasSize(m * K);
      for (int i = 0; i < tiles.length; i++) {
        assertThat(places.contains(i) || tiles[i] == 0).as("element %d, m %d", i, m).isTrue();
      }
    }
  }

  /** Twelve rows and more leave no row of a tile of five empty, and no tile more than m takes. */
  @Test
  void computesHardlyMoreRowsThanThereAre() {
    for (int m = 1; m <= 200; m++) {
      int computed = PackedDouble.computedRows(m);
      assertThat(computed).isBetween(m, MatrixProductDouble.roundUp(m, TileDouble.ROWS));
      assertThat(computed - m).isLessThan(TileDouble.LOW);
      if (TileDouble.ROWS == 5 && m >= 12) {
        assertThat(computed).isEqualTo(m);
      }
    }
  }
}
