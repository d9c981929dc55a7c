package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.TreeSet;
import lamina.op.Tokenizer.By;
import lamina.op.Tokenizer.Order;
import lamina.op.Tokenizer.Remainder;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;

class TokenizerTest {
  private static int[][] pixels(
      By by, int[] size, int[] stride, Order order, Remainder remainder, int... spatial) {
    return new Tokenizer(by, size, stride, order, remainder).pixels(spatial);
  }

  private static int[] flat(int[][] tokens) {
    return Arrays.stream(tokens).flatMapToInt(Arrays::stream).toArray();
  }

  @Test
  void ordersOfPixels() {
    int[] row = flat(pixels(By.PIXELS, null, null, Order.ROW, Remainder.REFUSE, 2, 3));
    int[] column = flat(pixels(By.PIXELS, null, null, Order.COLUMN, Remainder.REFUSE, 2, 3));
    int[] snake = flat(pixels(By.PIXELS, null, null, Order.SNAKE, Remainder.REFUSE, 2, 3));
    assertThat(row).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(column).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(snake).containsExactly(0, 1, 2, 5, 4, 3);
  }

  @Test
  void rowsAndColumns() {
    assertThat(pixels(By.ROWS, null, null, Order.ROW, Remainder.REFUSE, 2, 3))
        .isDeepEqualTo(new int[][] {{0, 1, 2}, {3, 4, 5}});
    assertThat(pixels(By.COLUMNS, null, null, Order.ROW, Remainder.REFUSE, 2, 3))
        .isDeepEqualTo(new int[][] {{0, 3}, {1, 4}, {2, 5}});
    assertThat(pixels(By.ROWS, null, null, Order.ROW, Remainder.REFUSE, 4))
        .isDeepEqualTo(new int[][] {{0, 1, 2, 3}});
    assertThat(pixels(By.COLUMNS, null, null, Order.ROW, Remainder.REFUSE, 2, 2, 2))
        .isDeepEqualTo(new int[][] {{0, 2}, {1, 3}, {4, 6}, {5, 7}});
  }

  @Test
  void windowsFollowTheOrder() {
    int[] four = {4};
    assertThat(pixels(By.WINDOWS, four, null, Order.SNAKE, Remainder.PAD, 2, 3))
        .isDeepEqualTo(new int[][] {{0, 1, 2, 5}, {4, 3, -1, -1}});
    assertThat(pixels(By.WINDOWS, four, new int[] {1}, Order.COLUMN, Remainder.REFUSE, 2, 3))
        .isDeepEqualTo(new int[][] {{0, 3, 1, 4}, {3, 1, 4, 2}, {1, 4, 2, 5}});
    assertThat(pixels(By.WINDOWS, four, null, Order.ROW, Remainder.DROP, 2, 3))
        .isDeepEqualTo(new int[][] {{0, 1, 2, 3}});
  }

  /** All small sizes against the definition: corners at multiples of the stride. */
  @Test
  void patchesOfAllSmallSizes() {
    for (int height = 1; height <= 5; height++) {
      for (int width = 1; width <= 5; width++) {
        for (int size = 1; size <= 3; size++) {
          for (int stride = 1; stride <= 3; stride++) {
            int[] sizes = {size, 2};
            int[] strides = {stride, 1};
            if (size > height || width < 2) {
              continue;
            }
            int[][] tokens =
                pixels(By.PATCHES, sizes, strides, Order.ROW, Remainder.DROP, height, width);
            int t = 0;
            for (int y = 0; y + size <= height; y += stride) {
              for (int x = 0; x + 2 <= width; x++) {
                int p = 0;
                for (int dy = 0; dy < size; dy++) {
                  for (int dx = 0; dx < 2; dx++) {
                    assertThat(tokens[t][p++]).isEqualTo((y + dy) * width + x + dx);
                  }
                }
                t++;
              }
            }
            assertThat(tokens).hasNumberOfRows(t);
          }
        }
      }
    }
  }

  @Test
  void paddedPatchesCoverEveryPixelAndNoneIsPaddingAlone() {
    for (int length = 1; length <= 7; length++) {
      for (int size = 1; size <= 4; size++) {
        for (int stride = 1; stride <= 6; stride++) {
          int[][] tokens =
              pixels(
                  By.PATCHES,
                  new int[] {size},
                  new int[] {stride},
                  Order.ROW,
                  Remainder.PAD,
                  length);
          TreeSet<Integer> seen = new TreeSet<>();
          for (int[] token : tokens) {
            assertThat(Arrays.stream(token).max().getAsInt()).isNotNegative();
            Arrays.stream(token).forEach(seen::add);
          }
          seen.remove(-1);
          if (stride <= size) {
            assertThat(seen).as("%s by %s, stride %s", length, size, stride).hasSize(length);
          }
        }
      }
    }
  }

  @Test
  void remainderIsRefusedWithAWayOut() {
    int[] three = {3};
    assertThatThrownBy(() -> pixels(By.PATCHES, three, null, Order.ROW, Remainder.REFUSE, 6, 8))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "patches of 3 do not divide 8 pixels of the image of 6x8; use another --size, or"
                + " --remainder drop or pad");
  }

  /** Channel by channel within a token; images of a batch side by side. */
  @Test
  void valuesOfABatchOfColourImages() {
    double[] values = new double[2 * 2 * 1 * 2];
    Arrays.setAll(values, i -> i);
    Tensor image = Tensor.of(values, 2, 2, 1, 2);
    int[][] rows = pixels(By.ROWS, null, null, Order.ROW, Remainder.REFUSE, 1, 2);
    assertThat(Tokenizer.tokens(image, rows)).isEqualTo(image.reshape(1, 2, 4));
    int[][] pixels = pixels(By.PIXELS, null, null, Order.ROW, Remainder.REFUSE, 1, 2);
    assertThat(Tokenizer.tokens(image, pixels))
        .isEqualTo(Tensor.of(new double[] {0, 2, 4, 6, 1, 3, 5, 7}, 2, 2, 2));
    assertThat(Tokenizer.tokens(image.as(DType.FLOAT32), pixels).dtype()).isEqualTo(DType.FLOAT32);
  }
}
