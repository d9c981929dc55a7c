package lamina.layer.recurrent;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.kernel.plain.ScalarBackend;
import lamina.layer.recurrent.Recurrent.Direction;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One network in three conventions gives one result, and one gradient. */
class RecurrentConventionTest {
  private static final int I = 2;
  private static final int H = 3;

  record Network(Cell cell, Direction direction) {}

  static List<Network> networks() {
    List<Network> networks = new ArrayList<>();
    for (Cell cell : Cell.values()) {
      for (Direction direction : Direction.values()) {
        networks.add(new Network(cell, direction));
      }
    }
    return networks;
  }

  /** The gate that stands at each place, by PyTorch's index: written out, not computed. */
  private static int[] places(Cell cell, RecurrentConvention convention) {
    return switch (cell) {
      case RNN -> new int[] {0};
      // ONNX: i o f c; Keras: i f c o. PyTorch: i f g o.
      case LSTM ->
          convention == RecurrentConvention.ONNX ? new int[] {0, 3, 1, 2} : new int[] {0, 1, 2, 3};
      // z r h; PyTorch: r z n.
      case GRU -> new int[] {1, 0, 2};
    };
  }

  private static Map<String, Tensor> onnx(Map<String, Tensor> torch, Network network) {
    int[] places = places(network.cell(), RecurrentConvention.ONNX);
    int rows = places.length * H;
    int directions = network.direction().count();
    Tensor w = Tensor.zeros(DType.FLOAT64, directions, rows, I);
    Tensor r = Tensor.zeros(DType.FLOAT64, directions, rows, H);
    Tensor b = Tensor.zeros(DType.FLOAT64, directions, 2 * rows);
    for (int d = 0; d < directions; d++) {
      String suffix = d == 0 ? "_l0" : "_l0_reverse";
      for (int place = 0; place < places.length; place++) {
        for (int j = 0; j < H; j++) {
          int from = places[place] * H + j;
          int to = place * H + j;
          for (int k = 0; k < I; k++) {
            w.doubles()[(d * rows + to) * I + k] =
                torch.get("weight_ih" + suffix).get(from * I + k);
          }
          for (int k = 0; k < H; k++) {
            r.doubles()[(d * rows + to) * H + k] =
                torch.get("weight_hh" + suffix).get(from * H + k);
          }
          b.doubles()[d * 2 * rows + to] = torch.get("bias_ih" + suffix).get(from);
          b.doubles()[d * 2 * rows + rows + to] = torch.get("bias_hh" + suffix).get(from);
        }
      }
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put("W", w);
    weights.put("R", r);
    weights.put("B", b);
    return weights;
  }

  private static Map<String, Tensor> keras(Map<String, Tensor> torch, Network network) {
    int[] places = places(network.cell(), RecurrentConvention.KERAS);
    int columns = places.length * H;
    boolean both = network.direction() == Direction.BIDIRECTIONAL;
    boolean twoRows = network.cell() == Cell.GRU;
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (int d = 0; d < network.direction().count(); d++) {
      String suffix = d == 0 ? "_l0" : "_l0_reverse";
      Tensor kernel = Tensor.zeros(DType.FLOAT64, I, columns);
      Tensor recurrent = Tensor.zeros(DType.FLOAT64, H, columns);
      Tensor bias =
          Tensor.zeros(DType.FLOAT64, twoRows ? new int[] {2, columns} : new int[] {columns});
      for (int place = 0; place < places.length; place++) {
        for (int j = 0; j < H; j++) {
          int from = places[place] * H + j;
          int to = place * H + j;
          for (int k = 0; k < I; k++) {
            kernel.doubles()[k * columns + to] = torch.get("weight_ih" + suffix).get(from * I + k);
          }
          for (int k = 0; k < H; k++) {
            recurrent.doubles()[k * columns + to] =
                torch.get("weight_hh" + suffix).get(from * H + k);
          }
          double in = torch.get("bias_ih" + suffix).get(from);
          double hidden = torch.get("bias_hh" + suffix).get(from);
          bias.doubles()[to] = twoRows ? in : in + hidden;
          if (twoRows) {
            bias.doubles()[columns + to] = hidden;
          }
        }
      }
      String prefix = both ? (d == 0 ? "forward_" : "backward_") : "";
      weights.put(prefix + "kernel", kernel);
      weights.put(prefix + "recurrent_kernel", recurrent);
      weights.put(prefix + "bias", bias);
    }
    return weights;
  }

  private static RecurrentReader reader(Network network, RecurrentConvention convention) {
    return new RecurrentReader(
        network.cell(),
        convention,
        0,
        0,
        network.direction(),
        GateFunction.SIGMOID,
        GateFunction.TANH,
        GateFunction.TANH,
        Double.POSITIVE_INFINITY,
        convention == RecurrentConvention.ONNX ? true : null);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void sameNetworkSameResult(Network network) {
    long seed = 31;
    Random random = new Random(seed);
    Recurrent layer = Recurrent.torch(network.cell(), I, H, 1, network.direction());
    Map<String, Tensor> torch = layer.initialWeights(true, DType.FLOAT64, random);
    Tensor x = Tensor.of(random.doubles(5 * 2 * I, -1, 1).toArray(), 5, 2, I);
    SequenceModel.Run expected = run(network, RecurrentConvention.TORCH, torch, x);
    Tensor dy =
        Tensor.of(
            random.doubles(expected.output().size(), -1, 1).toArray(), expected.output().shape());
    SequenceModel.Gradients expectedGradients = expected.backward(dy);

    Map<String, Tensor> onnx = onnx(torch, network);
    SequenceModel.Run onnxRun = run(network, RecurrentConvention.ONNX, onnx, x);
    assertClose("onnx", onnxRun.output(), expected.output(), 1e-14, 1e-14);
    Map<String, Tensor> onnxGradients =
        reader(network, RecurrentConvention.ONNX).gradients(onnxRun.backward(dy).weights(), onnx);
    Map<String, Tensor> asOnnx = onnx(expectedGradients.weights(), network);
    assertThat(onnxGradients.keySet()).isEqualTo(asOnnx.keySet());
    for (String name : asOnnx.keySet()) {
      assertClose("onnx grad " + name, onnxGradients.get(name), asOnnx.get(name), 1e-12, 1e-14);
    }

    Map<String, Tensor> keras = keras(torch, network);
    SequenceModel.Run kerasRun = run(network, RecurrentConvention.KERAS, keras, x);
    assertClose("keras", kerasRun.output(), expected.output(), 1e-12, 1e-14);
    Map<String, Tensor> kerasGradients =
        reader(network, RecurrentConvention.KERAS)
            .gradients(kerasRun.backward(dy).weights(), keras);
    // One bias stands for the sum of two, and has the gradient of either.
    Map<String, Tensor> single = new LinkedHashMap<>(expectedGradients.weights());
    if (network.cell() != Cell.GRU) {
      single.replaceAll(
          (name, g) -> name.startsWith("bias_hh") ? Tensor.zeros(DType.FLOAT64, g.shape()) : g);
    }
    Map<String, Tensor> asKeras = keras(single, network);
    assertThat(kerasGradients.keySet()).isEqualTo(asKeras.keySet());
    for (String name : asKeras.keySet()) {
      assertClose("keras grad " + name, kerasGradients.get(name), asKeras.get(name), 1e-12, 1e-14);
    }
  }

  private static SequenceModel.Run run(
      Network network, RecurrentConvention convention, Map<String, Tensor> weights, Tensor x) {
    SequencePart part = reader(network, convention).read(weights);
    return new SequenceModel(RecurrentTopology.MANY_TO_MANY, part, null, 0, true, false)
        .forward(x, null, null, null, new ScalarBackend());
  }
}
