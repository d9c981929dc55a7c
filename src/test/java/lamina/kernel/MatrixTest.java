package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MatrixTest {
  /** Rows 7 8 9 and 4 5 6 of a wider array, as they are. */
  private final int[] array = {0, 0, 7, 8, 9, 0, 4, 5, 6};

  private final Matrix<int[]> matrix = Matrix.of(array, 2, 2, 3, 4);

  @Test
  void findsElements() {
    assertThat(text(matrix)).isEqualTo("789 456");
    assertThat(text(Matrix.of(new int[] {1, 2, 3, 4}, 2, 2))).isEqualTo("12 34");
  }

  @Test
  void transposes() {
    assertThat(text(matrix.transpose())).isEqualTo("74 85 96");
    assertThat(matrix.transpose().transpose()).isEqualTo(matrix);
  }

  @Test
  void takesParts() {
    assertThat(text(matrix.rows(1, 1))).isEqualTo("456");
    assertThat(text(matrix.part(0, 2, 1, 2))).isEqualTo("89 56");
    assertThat(text(matrix.transpose().rows(1, 2))).isEqualTo("85 96");
    assertThat(text(matrix.transpose().part(1, 2, 1, 1))).isEqualTo("5 6");
    assertThat(text(matrix.part(0, 2, 1, 2).transpose())).isEqualTo("85 96");
  }

  private static String text(Matrix<int[]> matrix) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < matrix.rows(); i++) {
      text.append(i == 0 ? "" : " ");
      for (int j = 0; j < matrix.columns(); j++) {
        text.append(matrix.values()[matrix.index(i, j)]);
      }
    }
    return text.toString();
  }
}
