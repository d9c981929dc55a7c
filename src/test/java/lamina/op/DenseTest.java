package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.Loss;
import lamina.train.LossKind;
import org.junit.jupiter.api.Test;

/** What PyTorch's cases leave out: RMS norm, dropout, gradients by differences, bad shapes. */
class DenseTest {
  @Test
  void rmsNormByHand() {
    Tensor x = Tensor.of(new double[] {3, 4}, 1, 2);
    Tensor weight = Tensor.of(new double[] {2, 10}, 2);
    double root = Math.sqrt(12.5);

    Tensor y = Normalization.rms(x, new int[] {2}, weight, 0).output();

    assertThat(y.get(0)).isCloseTo(6 / root, within(1e-15));
    assertThat(y.get(1)).isCloseTo(40 / root, within(1e-14));
  }

  @Test
  void gradientsOfNormalisationsAreSlopes() {
    Tensor weight = GradientCheck.random(5, 4);
    Tensor bias = GradientCheck.random(6, 4);
    int[] shape = {3, 4, 5};
    GradientCheck.of(
        "batch norm",
        x -> Normalization.batch(x, weight, bias, 1e-5).output(),
        (x, dy) -> Normalization.batch(x, weight, bias, 1e-5).backward(dy).input(),
        shape,
        1);
    GradientCheck.of(
        "group norm",
        x -> Normalization.group(x, 2, weight, bias, 1e-5).output(),
        (x, dy) -> Normalization.group(x, 2, weight, bias, 1e-5).backward(dy).input(),
        shape,
        2);
    Tensor wide = GradientCheck.random(7, 5);
    GradientCheck.of(
        "RMS norm",
        x -> Normalization.rms(x, new int[] {5}, wide, 1e-6).output(),
        (x, dy) -> Normalization.rms(x, new int[] {5}, wide, 1e-6).backward(dy).input(),
        shape,
        3);
    Tensor x = GradientCheck.random(8, shape);
    GradientCheck.of(
        "RMS norm's weight",
        w -> Normalization.rms(x, new int[] {5}, w, 1e-6).output(),
        (w, dy) -> Normalization.rms(x, new int[] {5}, w, 1e-6).backward(dy).weight(),
        wide,
        GradientCheck.random(9, shape));
  }

  @Test
  void dropoutKeepsTheMeanAndItsSeed() {
    Tensor x = Tensor.of(new double[100_000], 100, 10, 100);
    Arrays.fill(x.doubles(), 1);
    DropoutMask drawn = DropoutMask.ofElements(x, 0.3, 42);

    Tensor y = drawn.forward(x);

    assertThat(Arrays.stream(y.doubles()).average().orElseThrow()).isCloseTo(1, within(0.01));
    assertThat(Arrays.stream(y.doubles()).distinct()).hasSize(2);
    assertThat(drawn.backward(x)).isEqualTo(y);
    assertThat(DropoutMask.ofElements(x, 0.3, 42).forward(x)).isEqualTo(y);
    assertThat(DropoutMask.ofElements(x, 0.3, 43).forward(x)).isNotEqualTo(y);
    assertThat(DropoutMask.ofElements(x, 1, 1).forward(x))
        .isEqualTo(Tensor.zeros(x.dtype(), x.shape()));
    assertThat(DropoutMask.ofElements(x, 0, 1).forward(x)).isEqualTo(x);
  }

  @Test
  void dropoutOfChannelsDropsWholeOnes() {
    Tensor x = Tensor.of(new double[600], 10, 20, 3);
    Arrays.fill(x.doubles(), 1);
    double[] y = DropoutMask.ofChannels(x, 0.5, 1).forward(x).doubles();
    for (int i = 0; i < y.length; i += 3) {
      assertThat(y[i]).isIn(0.0, 2.0).isEqualTo(y[i + 1]).isEqualTo(y[i + 2]);
    }
  }

  @Test
  void alphaDropoutKeepsMeanAndVariance() {
    Tensor x = GradientCheck.random(3, 200_000);
    double[] y = DropoutMask.alphaOfElements(x, 0.2, 9).forward(x).doubles();
    double mean = Arrays.stream(y).average().orElseThrow();
    double square = Arrays.stream(y).map(v -> v * v).average().orElseThrow();
    assertThat(mean).isCloseTo(0, within(0.02));
    assertThat(square - mean * mean).isCloseTo(1, within(0.03));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Tensor x = Tensor.zeros(DType.FLOAT64, 2, 3);
    refuses(
        () -> LinearMap.forward(x, Tensor.zeros(DType.FLOAT64, 5, 4), null),
        "the linear layer's weight (out, in) has shape 5x4, which does not fit the last axis of"
            + " the input 2x3");
    refuses(
        () -> Normalization.group(x, 2, null, null, 1e-5),
        "group norm with 2 groups needs a multiple of that many channels, but the input 2x3 has 3");
    refuses(
        () -> Normalization.batch(x.reshape(1, 6), null, null, 1e-5),
        "batch norm in training needs more than one value a channel, but the input is 1x6; use a"
            + " larger batch or evaluation mode");
    refuses(
        () -> Normalization.layer(x, new int[] {2}, null, null, 1e-5),
        "layer norm over 2 needs an input that ends with these sizes, not 2x3");
    refuses(
        () -> EmbeddingTable.forward(Tensor.of(new long[] {0, 7}, 2), x),
        "index 7 at element 1 is no row of the embedding, which has the rows 0 to 1");
    refuses(
        () -> Loss.byName("cross-entropy").forward(x, Tensor.of(new long[] {0, 3}, 2)),
        "target 3 at element 1 is no class; there are the classes 0 to 2");
    refuses(
        () -> Loss.byName("mse").forward(x, x.reshape(3, 2)),
        "mse needs a target of the output's shape 2x3, not 3x2");
    refuses(
        () -> Loss.byName("crossentropi"),
        "unknown loss 'crossentropi'; did you mean 'cross-entropy'?");
    refuses(
        () -> PixelRearrangement.shuffle(x.reshape(1, 2, 3), 2),
        "pixel shuffle by 2 needs a multiple of 4 channels, but the input 1x2x3 has 1");
    refuses(
        () -> DropoutMask.ofElements(x, 1.5, 0),
        "dropout needs a probability from 0 to 1, not 1.5");
    for (LossKind kind : List.of(LossKind.MSE, LossKind.CROSS_ENTROPY)) {
      assertThatThrownBy(() -> Loss.of(kind).forward(x.as(DType.INT64), x))
          .hasMessage("a loss needs float64 or float32, not int64");
    }
  }

  private static void refuses(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(InputException.class).hasMessage(message);
  }

  /**
   * By hand: all logits are 0, so that each class has log 3 of loss. Of a sample of class 0,
   * smoothed by 0.3, class 0 counts 0.8 and the others 0.1, each by its weight: 0.8 + 0.2 + 0.3 of
   * class weights 1, 2 and 3. As PyTorch, which agrees, the mean is by the weight of the sample's
   * class.
   */
  @Test
  void classWeightsWeighSmoothedClassesAlike() {
    Loss loss =
        new Loss(LossKind.CROSS_ENTROPY, Loss.Reduction.MEAN, 0.3).weighted(new double[] {1, 2, 3});
    Tensor x = Tensor.zeros(DType.FLOAT64, 2, 3);
    assertThat(loss.forward(x, Tensor.of(new long[] {0, 0}, 2)).get(0))
        .isCloseTo(1.3 * Math.log(3), within(1e-12));
    // Class 2: 0.1 + 0.2 + 3 · 0.8; together 1.3 + 2.7 by the weights 1 and 3.
    assertThat(loss.forward(x, Tensor.of(new long[] {0, 2}, 2)).get(0))
        .isCloseTo(Math.log(3), within(1e-12));
    double[] dx = loss.backward(x, Tensor.of(new long[] {0, 2}, 2)).doubles();
    assertThat(dx[0]).isCloseTo((1.3 / 3 - 0.8) / 4, within(1e-12));
    assertThat(dx[5]).isCloseTo((2.7 / 3 - 2.4) / 4, within(1e-12));
  }
}
