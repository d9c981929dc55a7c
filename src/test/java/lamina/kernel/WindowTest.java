package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Size rules, with the values at which other implementations went wrong. */
class WindowTest {
  private static Window window(int k, int s, int d, int before, int after) {
    return new Window(
        new int[] {k}, new int[] {s}, new int[] {d}, new int[] {before}, new int[] {after});
  }

  @ParameterizedTest
  @CsvSource({"224,11,4,1,0,0,54", "224,7,2,1,3,3,112", "5,3,1,2,0,0,1", "6,3,2,1,0,1,3"})
  void outputSizeIsFloored(int i, int k, int s, int d, int before, int after, int expected) {
    assertThat(window(k, s, d, before, after).outputSize(0, Dim.of(i)).value()).isEqualTo(expected);
  }

  @Test
  void outputSizeRefusesAKernelLargerThanTheInput() {
    assertThatThrownBy(() -> window(4, 2, 1, 0, 0).outputSize(0, Dim.of(3)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("spans 4 elements")
        .hasMessageContaining("only 3");
  }

  @ParameterizedTest
  @CsvSource({"224,7,2,112,2,3", "224,3,2,112,0,1", "5,4,1,5,1,2", "5,1,3,2,0,0", "9,3,1,9,1,1"})
  void samePadding(int i, int k, int s, int output, int less, int more) {
    Window window = window(k, s, 1, 0, 0);
    assertThat(window.sameSize(0, Dim.of(i)).value()).isEqualTo(output);
    Window upper = window.withSamePadding(new int[] {i}, false);
    assertThat(upper).isEqualTo(window(k, s, 1, less, more));
    assertThat(upper.outputSize(0, Dim.of(i)).value()).isEqualTo(output);
    assertThat(window.withSamePadding(new int[] {i}, true)).isEqualTo(window(k, s, 1, more, less));
  }

  @Test
  void fullPaddingGivesEveryOverlap() {
    Window full = window(3, 1, 2, 0, 0).withFullPadding();
    assertThat(full).isEqualTo(window(3, 1, 2, 4, 4));
    assertThat(full.outputSize(0, Dim.of(5)).value()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({
    "9,4,4,2,FLOOR,3",
    "9,4,4,2,CEIL,3",
    "32,1,2,0,CEIL,16",
    "32,1,2,0,CAFFE,17",
    "2,3,3,1,CEIL,1",
    "2,3,3,1,CAFFE,1",
    "6,3,2,0,FLOOR,2",
    "6,3,2,0,CEIL,3",
    "2,3,2,0,CEIL,1"
  })
  void poolSize(int i, int k, int s, int p, Rounding rounding, int expected) {
    assertThat(window(k, s, 1, p, p).poolSize(0, Dim.of(i), rounding).value()).isEqualTo(expected);
  }

  /** The rule as PyTorch writes it, with its one conditional step back. */
  @Test
  void ceilModeAgreesWithPyTorchEverywhere() {
    for (int k = 1; k <= 4; k++) {
      for (int s = 1; s <= 5; s++) {
        for (int p = 0; p <= k / 2; p++) {
          for (int i = k; i <= 12; i++) {
            int o = Math.floorDiv(i + 2 * p - (k - 1) - 1 + s - 1, s) + 1;
            if ((o - 1) * s >= i + p) {
              o--;
            }
            assertThat(window(k, s, 1, p, p).poolSize(0, Dim.of(i), Rounding.CEIL).value())
                .as("i %d, k %d, s %d, p %d", i, k, s, p)
                .isEqualTo(o);
          }
        }
      }
    }
  }

  @Test
  void poolSizeKeepsSymbols() {
    Dim h = Dim.symbol("H");
    assertThat(window(2, 2, 1, 0, 0).poolSize(0, h, Rounding.CEIL)).isEqualTo(h.ceilDiv(2));
    assertThat(window(3, 2, 1, 0, 0).poolSize(0, h, Rounding.CEIL).evaluate(Map.of("H", 6L)))
        .isEqualTo(3);
  }

  @Test
  void poolSizeRefusesAWindowLargerThanTheInput() {
    assertThatThrownBy(() -> window(3, 1, 1, 0, 0).poolSize(0, Dim.of(2), Rounding.FLOOR))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("spans 3 elements")
        .hasMessageContaining("only 2");
  }

  @ParameterizedTest
  @CsvSource({"4,3,2,1,0,7", "4,3,2,1,1,8", "1,2,3,0,2,4"})
  void transposedSize(int i, int k, int s, int p, int outputPadding, int expected) {
    Window window = window(k, s, 1, p, p);
    assertThat(window.transposedSize(0, Dim.of(i), outputPadding).value()).isEqualTo(expected);
  }

  @Test
  void transposedSizeRefusesOutputPaddingOfAWholeStep() {
    assertThatThrownBy(() -> window(3, 2, 1, 0, 0).transposedSize(0, Dim.of(4), 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("output padding 2")
        .hasMessageContaining("stride 2");
    assertThat(window(3, 2, 3, 0, 0).transposedSize(0, Dim.of(4), 2).value()).isEqualTo(15);
  }

  @Test
  void transposedSamePaddingGivesInputTimesStride() {
    for (int k = 1; k <= 5; k++) {
      for (int s = 1; s <= 4; s++) {
        for (int d = 1; d <= 2; d++) {
          Window same = window(k, s, d, 0, 0).withTransposedSamePadding(false);
          int outputPadding = same.transposedSameOutputPadding()[0];
          assertThat(same.transposedSize(0, Dim.of(5), outputPadding).value()).isEqualTo(5L * s);
        }
      }
    }
  }
}
