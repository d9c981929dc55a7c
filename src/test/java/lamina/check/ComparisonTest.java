package lamina.check;

import static org.assertj.core.api.Assertions.assertThat;

import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static Comparison compare(double actual, double expected, double rtol, double atol) {
    return Comparison.of(Tensor.scalar(actual), Tensor.scalar(expected), rtol, atol);
  }

  @Test
  void toleranceIsAbsoluteAndRelativeToTheExpected() {
    assertThat(compare(101, 100, 0.01, 0).matches()).isTrue();
    assertThat(compare(100, 101, 0.0099, 0).matches()).isFalse();
    assertThat(compare(0.5, 0, 0.9, 0.4).matches()).isFalse();
    assertThat(compare(0.5, 0, 0, 0.5).matches()).isTrue();
  }

  @Test
  void nanMatchesNanAndInfinityItself() {
    assertThat(compare(NAN, NAN, 0, 0).matches()).isTrue();
    assertThat(compare(NAN, 1, 1, 1).matches()).isFalse();
    assertThat(compare(INFINITY, INFINITY, 0, 0).matches()).isTrue();
    assertThat(compare(INFINITY, -INFINITY, 1, 1).matches()).isFalse();
    assertThat(compare(1e308, INFINITY, 1, 1).matches()).isFalse();
  }

  @Test
  void describesCountPlaceValuesAndErrors() {
    Tensor actual = Tensor.of(new double[] {1, 2, 3, 5}, 2, 2);
    Tensor expected = Tensor.of(new double[] {1, 2.5, 3, 4}, 2, 2);

    Comparison comparison = Comparison.of(actual, expected, 1e-5, 1e-8);

    assertThat(comparison.differing()).isEqualTo(2);
    assertThat(comparison.description())
        .isEqualTo(
            "2 of 4 elements differ from the expected; the first at [0, 1]: 2.0, expected 2.5;"
                + " largest absolute error 1.0, relative 0.25; tolerance: rtol 1e-5, atol 1e-8");
  }

  @Test
  void aMissingBatchAxisIsNamed() {
    Tensor image = Tensor.of(new double[4], 2, 2);
    Tensor batch = Tensor.of(new double[4], 1, 2, 2);

    assertThat(Comparison.of(image, batch, 0, 0).description())
        .isEqualTo("shape 2x2, expected 1x2x2 (a batch axis of 1 is missing)");
    assertThat(Comparison.of(batch, image, 0, 0).description())
        .isEqualTo("shape 1x2x2, expected 2x2 (a batch axis of 1 too many)");
    assertThat(Comparison.of(image, image.reshape(4), 0, 0).description())
        .isEqualTo("shape 2x2, expected 4");
  }
}
