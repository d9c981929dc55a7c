package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;

/** Poolings worked by hand, at the values where implementations differ. */
class PoolingTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private static Window window(int k, int s, int p) {
    return new Window(new int[] {k}, new int[] {s}, new int[] {1}, new int[] {p}, new int[] {p});
  }

  private static MaxPooling max(Window window, Rounding rounding) {
    return new MaxPooling(new PoolWindows.Sliding(window, rounding));
  }

  private static Tensor average(Tensor x, Window window, boolean countPadding, int divisor) {
    PoolWindows windows = new PoolWindows.Sliding(window, Rounding.CEIL);
    return new AveragePooling(windows, countPadding, divisor).forward(x);
  }

  private static Tensor norm(
      Tensor x, Window window, Rounding rounding, double power, boolean onnx) {
    return new NormPooling(new PoolWindows.Sliding(window, rounding), power, onnx).forward(x);
  }

  private static Tensor row(double... values) {
    return Tensor.of(values, 1, 1, values.length);
  }

  @Test
  void theFirstOfEqualMaximaWinsAndGetsTheWholeGradient() {
    Tensor x = row(3, 3, 1, 3);
    MaxPooling pooling = max(window(4, 1, 0), Rounding.FLOOR);
    MaxPooling.Maxima maxima = pooling.maxima(x);
    assertThat(maxima.indices().longs()).containsExactly(0);
    Tensor dx = pooling.backward(row(5), maxima.indices(), x.shape());
    assertThat(dx.doubles()).containsExactly(5, 0, 0, 0);
  }

  @Test
  void nanWinsAndPaddingIsBelowEverything() {
    MaxPooling.Maxima maxima =
        max(window(3, 1, 1), Rounding.FLOOR).maxima(row(-1, Double.NaN, INF));
    assertThat(maxima.output().doubles()).containsExactly(Double.NaN, Double.NaN, Double.NaN);
    assertThat(maxima.indices().longs()).containsExactly(1, 1, 1);
    maxima = max(window(2, 2, 1), Rounding.FLOOR).maxima(row(-5, -7));
    assertThat(maxima.output().doubles()).containsExactly(-5, -7);
    maxima = max(window(2, 2, 0), Rounding.FLOOR).maxima(row(-INF, -INF));
    assertThat(maxima.indices().longs()).containsExactly(0);
  }

  @Test
  void averagesDivideByTheClippedWindow() {
    // Windows of 4 over 9 with padding 2: at −2, 2 and 6; the last ends at 10, within 9 +
    // 2.
    Tensor x = row(1, 2, 3, 4, 5, 6, 7, 8, 9);
    Window window = window(4, 4, 2);
    assertThat(average(x, window, true, 0).doubles()).containsExactly(3 / 4.0, 18 / 4.0, 24 / 4.0);
    assertThat(average(x, window, false, 0).doubles()).containsExactly(3 / 2.0, 18 / 4.0, 24 / 3.0);
    assertThat(average(x, window, false, 3).doubles()).containsExactly(3 / 3.0, 18 / 3.0, 24 / 3.0);
    // A window of 3 by steps of 2 over 4: the last one, at 2, is clipped to two elements.
    assertThat(average(row(1, 2, 3, 4), window(3, 2, 0), true, 0).doubles())
        .containsExactly(2, 3.5);
  }

  @Test
  void caffeKeepsAWindowBeyondTheEnd() {
    Tensor x = Tensor.of(new double[32], 1, 1, 32);
    assertThat(max(window(1, 2, 0), Rounding.CAFFE).maxima(x).output().dim(2)).isEqualTo(17);
    assertThat(max(window(1, 2, 0), Rounding.CEIL).maxima(x).output().dim(2)).isEqualTo(16);
  }

  @Test
  void normsOfNegativeSums() {
    Tensor x = row(-1, -2);
    assertThat(norm(x, window(2, 1, 0), Rounding.FLOOR, 3, false).get(0)).isNaN();
    assertThat(norm(x, window(2, 1, 0), Rounding.FLOOR, 3, true).get(0)).isEqualTo(Math.cbrt(9));
  }

  @Test
  void normsScaleByTheWholeWindowInPyTorchOnly() {
    // The last window has 1 of 2 elements: mean 9, times 2.
    Tensor x = row(1, 1, 3);
    assertThat(norm(x, window(2, 2, 0), Rounding.CEIL, 2, false).get(1)).isEqualTo(Math.sqrt(18));
    assertThat(norm(x, window(2, 2, 0), Rounding.CEIL, 2, true).get(1)).isEqualTo(3);
  }

  @Test
  void adaptiveWindowsOverlapAsIntegersSay() {
    // 5 into 3: [0, 2), [1, 4), [3, 5).
    assertThat(AveragePooling.adaptive(3).forward(row(1, 2, 3, 4, 5)).doubles())
        .containsExactly(1.5, 3, 4.5);
    assertThat(new MaxPooling(new PoolWindows.Adaptive(5)).forward(row(1, 2, 3)).doubles())
        .containsExactly(1, 2, 2, 3, 3);
  }

  @Test
  void paddingIsAtMostHalfTheWindow() {
    assertThatThrownBy(() -> window(3, 1, 2).checkPoolPadding())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("padding 2")
        .hasMessageContaining("size 3");
    window(3, 1, 1).checkPoolPadding();
  }
}
