package lamina.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Compatibility;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;

class RunnableNetworkTest {
  private static RunnableNetwork model(String net, int... input) {
    return RunnableNetwork.of(Network.parse(net, "NET", Compatibility.TORCH), input);
  }

  private static double greatest(Tensor tensor) {
    double greatest = 0;
    for (int i = 0; i < tensor.size(); i++) {
      greatest = Math.max(greatest, Math.abs(tensor.get(i)));
    }
    return greatest;
  }

  private static Tensor ones(int... shape) {
    Tensor ones = Tensor.zeros(DType.FLOAT64, shape);
    Arrays.fill(ones.doubles(), 1);
    return ones;
  }

  @Test
  void namesParametersAsAStateDictDoes() {
    RunnableNetwork model =
        model(
            "Sequential(OrderedDict([('features', Sequential(Conv2d(1, 2, 3), BatchNorm2d(2)))]))",
            1,
            1,
            5,
            5);
    assertThat(model.parameters().keySet())
        .containsExactly(
            "features.0.weight",
            "features.0.bias",
            "features.1.weight",
            "features.1.bias",
            "features.1.running_mean",
            "features.1.running_var",
            "features.1.num_batches_tracked");
    assertThat(model("Linear(2, 1)", 2).parameters().keySet())
        .containsExactly("0.weight", "0.bias");
  }

  @Test
  void drawsInitialWeightsWithinPyTorchsBounds() {
    Map<String, Tensor> weights =
        model(
                "Conv2d(4, 50, 3), ConvTranspose2d(50, 20, 2), BatchNorm2d(20), PReLU(20),"
                    + " Flatten(2), LSTM(_, 25, batch_first=True), Linear(25, 100)",
                2,
                4,
                6,
                6)
            .initialWeights(DType.FLOAT64, 3);
    assertThat(greatest(weights.get("0.weight"))).isBetween(0.99 / 6, 1.0 / 6);
    assertThat(greatest(weights.get("0.bias"))).isBetween(0.8 / 6, 1.0 / 6);
    double transposed = 1 / Math.sqrt(20 * 4);
    assertThat(greatest(weights.get("1.weight"))).isBetween(0.99 * transposed, transposed);
    assertThat(weights.get("2.weight")).isEqualTo(ones(20));
    assertThat(weights.get("2.bias")).isEqualTo(Tensor.zeros(DType.FLOAT64, 20));
    assertThat(weights.get("2.running_var")).isEqualTo(ones(20));
    assertThat(weights.get("2.num_batches_tracked")).isEqualTo(Tensor.zeros(DType.INT64));
    assertThat(weights.get("3.weight").get(7)).isEqualTo(0.25);
    assertThat(greatest(weights.get("5.weight_hh_l0"))).isBetween(0.198, 0.2);
    assertThat(greatest(weights.get("6.weight"))).isBetween(0.199, 0.2);
  }

  @Test
  void drawsTheSameNumbersInBothPrecisions() {
    RunnableNetwork model = model("Embedding(9, 4, padding_idx=2), Linear(4, 3)", 5);
    Map<String, Tensor> precise = model.initialWeights(DType.FLOAT64, 11);
    Map<String, Tensor> rounded = model.initialWeights(DType.FLOAT32, 11);
    precise.forEach(
        (name, tensor) -> assertThat(rounded.get(name)).isEqualTo(tensor.as(DType.FLOAT32)));
    for (int i = 0; i < 4; i++) {
      assertThat(precise.get("0.weight").get(2 * 4 + i)).isZero();
    }
    assertThat(model.initialWeights(DType.FLOAT64, 12)).isNotEqualTo(precise);
  }

  @Test
  void dropsByTheSeedInTrainingOnly() {
    RunnableNetwork model = model("Dropout(0.5), Dropout(0.5)", 1, 64);
    Tensor x = ones(1, 64);
    Tensor once = model.forward(x, Map.of(), Pass.training(1));
    assertThat(model.forward(x, Map.of(), Pass.training(1))).isEqualTo(once);
    assertThat(model.forward(x, Map.of(), Pass.training(2))).isNotEqualTo(once);
    assertThat(model.forward(x, Map.of(), Pass.inference())).isEqualTo(x);
    int zeros = 0;
    for (double value : once.doubles()) {
      zeros += value == 0 ? 1 : 0;
      assertThat(value == 0 || value == 4).isTrue();
    }
    // The two layers draw apart: 1 − 1/4 of 64, not 1/2.
    assertThat(zeros).isBetween(38, 58);
  }

  /** A pass without gradients may overwrite outputs, but not its input and not what is kept. */
  @Test
  void overwritesOnlyWhatNobodyNeeds() {
    RunnableNetwork model =
        model("Identity(), Tanh(), Linear(6, 5), Dropout(), ReLU(), Flatten(0), Sigmoid()", 2, 6);
    Map<String, Tensor> weights = model.initialWeights(DType.FLOAT64, 4);
    double[] values = {-3, -2, -1, 0, 1, 2, 3, 2, 1, 0, -1, -2};
    Tensor input = Tensor.of(values.clone(), 2, 6);
    Map<String, Tensor> expected = new HashMap<>();
    model.forward(
        input,
        weights,
        Pass.evaluation(),
        (layer, output) -> {
          expected.put(layer.name(), output);
          return true;
        });
    for (String kept : List.of("0", "1", "2", "3", "4", "5", "6", "none", "all")) {
      Map<String, Tensor> outputs = new HashMap<>();
      Tensor last =
          model.forward(
              input,
              weights,
              Pass.inference(),
              (layer, output) -> {
                boolean isKept = kept.equals("all") || kept.equals(layer.name());
                if (isKept) {
                  outputs.put(layer.name(), output);
                }
                return isKept;
              });
      outputs.forEach((name, output) -> assertThat(output).isEqualTo(expected.get(name)));
      assertThat(last).isEqualTo(expected.get("6"));
      assertThat(input.doubles()).containsExactly(values);
    }
  }

  @Test
  void goesWithoutTheInputsGradientWhereNobodyWantsIt() {
    RunnableNetwork model = model("Flatten(), Linear(4, 3), Tanh(), Linear(3, 1)", 2, 2, 2);
    Map<String, Tensor> weights = model.initialWeights(DType.FLOAT64, 1);
    Gradients all = new Gradients();
    Pass whole = Pass.training(1);
    model.forward(ones(2, 2, 2), weights, whole);
    assertThat(whole.backward(ones(2, 1), all).shape()).containsExactly(2, 2, 2);
    Gradients parameters = new Gradients();
    Pass pass = Pass.training(1).withoutInputGradient();
    model.forward(ones(2, 2, 2), weights, pass);
    pass.backward(ones(2, 1), parameters);
    assertThat(parameters.byName()).isEqualTo(all.byName()).hasSize(4);
  }

  @Test
  void passesThatShareWhatLayersPrepareGiveTheSame() {
    for (String cell : new String[] {"RNN", "LSTM", "GRU"}) {
      Pass.Prepared prepared = new Pass.Prepared();
      Map<String, Tensor> weights = null;
      for (int steps : new int[] {3, 7, 3}) {
        RunnableNetwork model =
            model(cell + "(2, 5, num_layers=2, bidirectional=True)", steps, 4, 2);
        weights = weights == null ? model.initialWeights(DType.FLOAT64, 1) : weights;
        Tensor x = ones(steps, 4, 2);
        assertThat(model.forward(x, weights, Pass.inference(prepared)))
            .isEqualTo(model.forward(x, weights, Pass.inference()));
      }
    }
  }

  @Test
  void keepsRunningStatisticsInTraining() {
    RunnableNetwork model = model("BatchNorm1d(1, momentum=0.5)", 2, 1);
    Map<String, Tensor> weights = model.initialWeights(DType.FLOAT64, 1);
    Tensor x = Tensor.of(new double[] {1, 3}, 2, 1);
    model.forward(x, weights, Pass.inference());
    assertThat(weights.get("0.running_mean").get(0)).isZero();
    model.forward(x, weights, Pass.training(1));
    // The mean is 2, the unbiased variance 2; half of each is taken in.
    assertThat(weights.get("0.running_mean").get(0)).isEqualTo(1.0);
    assertThat(weights.get("0.running_var").get(0)).isEqualTo(1.5);
    assertThat(weights.get("0.num_batches_tracked")).isEqualTo(Tensor.of(new long[] {1}));
  }

  @Test
  void readsAxesAsPyTorchDoesWhereLayersDoNotTell() {
    Tensor x = Tensor.of(new double[] {0, 0, 0, Math.log(3)}, 2, 2);
    Tensor y = model("Softmax(0)", 2, 2).forward(x, Map.of(), Pass.inference());
    assertThat(y.get(1)).isCloseTo(0.25, org.assertj.core.api.Assertions.within(1e-15));
    assertThat(model("Flatten()", 2, 3, 4).report().output().toString()).isEqualTo("2x12");
  }

  @Test
  void takesWeightsOfItsOwnShapesOnly() {
    RunnableNetwork model = model("BatchNorm1d(2), Linear(2, 1, bias=False)", 3, 2);
    Map<String, Tensor> given = new LinkedHashMap<>(model.initialWeights(DType.FLOAT64, 1));
    given.remove("0.num_batches_tracked");
    assertThat(model.weights(given, "w.json")).hasSize(6).containsKey("0.num_batches_tracked");
    given.put("0.running_mean", ones(3));
    assertThatThrownBy(() -> model.weights(given, "w.json"))
        .isInstanceOf(InputException.class)
        .hasMessage("w.json: '0.running_mean' has shape 3 but layer '0' BatchNorm1d(2) needs 2");
    given.remove("0.running_mean");
    assertThatThrownBy(() -> model.weights(given, "w.json"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'0.running_mean' of shape 2 is missing");
  }
}
