package lamina.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lamina.text.InputException;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void permuteMovesAxesLast() {
    Tensor hwc = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 3, 2);

    Tensor chw = hwc.permute(2, 0, 1);

    assertThat(chw).isEqualTo(Tensor.of(new double[] {1, 3, 5, 2, 4, 6}, 2, 1, 3));
    assertThat(chw.permute(1, 2, 0)).isEqualTo(hwc);
  }

  @Test
  void elementsAreCountedIn64BitsAndRefused() {
    assertThatThrownBy(() -> Tensor.elements(65536, 65536))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("65536x65536 is too large");
    assertThat(Tensor.elements(0, 65536, 65536)).isZero();
    assertThat(Tensor.elements()).isEqualTo(1);
  }

  @Test
  void dataMustFillTheShape() {
    assertThatThrownBy(() -> Tensor.of(new double[5], 2, 3))
        .hasMessage("shape 2x3 has 6 elements but the data has 5");
  }

  @Test
  void conversionRoundsToTheNearestFloat() {
    Tensor tensor = Tensor.of(new double[] {0.1, 1e300, -2}, 3).as(DType.FLOAT32);

    assertThat(tensor.floats()).containsExactly(0.1f, Float.POSITIVE_INFINITY, -2f);
  }
}
