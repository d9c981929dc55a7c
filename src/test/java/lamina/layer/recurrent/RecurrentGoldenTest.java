package lamina.layer.recurrent;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.Golden;
import lamina.kernel.Backend;
import lamina.kernel.Backends;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.kernel.plain.ScalarBackend;
import lamina.layer.recurrent.Recurrent.Direction;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Recurrent layers, by every backend, against PyTorch's and ONNX Runtime's. */
class RecurrentGoldenTest {
  static List<Arguments> torch() {
    return byEveryBackend("rnn");
  }

  static List<Arguments> onnx() {
    return byEveryBackend("onnx_rnn");
  }

  private static List<Arguments> byEveryBackend(String file) {
    Backend before = Backends.current();
    Backends.use("vector");
    Backend vector = Backends.current();
    Backends.use(before.name());
    List<Arguments> cases = new ArrayList<>();
    for (Golden golden : Golden.read(file)) {
      cases.add(Arguments.of(golden, new ScalarBackend()));
      cases.add(Arguments.of(golden, vector));
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("torch")
  void valuesAndGradientsInFloat64(Golden golden, Backend backend) {
    check(golden, backend, DType.FLOAT64, 1e-9, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("torch")
  void valuesAndGradientsInFloat32(Golden golden, Backend backend) {
    Tensor x = golden.input("x");
    int products = x.size() + golden.integer("hidden_size") * x.dim(0) * x.dim(1);
    check(golden, backend, DType.FLOAT32, 1e-5, 5e-7 * products * golden.integer("num_layers"));
  }

  private static void check(Golden golden, Backend backend, DType dtype, double rtol, double atol) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : golden.inputs().keySet()) {
      if (name.startsWith("weight") || name.startsWith("bias")) {
        weights.put(name, golden.input(name, dtype));
      }
    }
    Recurrent layer =
        Recurrent.torch(
                Cell.valueOf(golden.op()),
                golden.integer("input_size"),
                golden.integer("hidden_size"),
                golden.integer("num_layers"),
                golden.flag("bidirectional") ? Direction.BIDIRECTIONAL : Direction.FORWARD)
            .withCandidate(
                "relu".equals(golden.args().get("nonlinearity"))
                    ? GateFunction.RELU
                    : GateFunction.TANH);
    SequenceModel model =
        new SequenceModel(
            RecurrentTopology.MANY_TO_MANY,
            new SequencePart(layer, weights, null, null),
            null,
            0,
            true,
            golden.flag("batch_first"));
    SequenceModel.Run run =
        model.forward(
            golden.input("x", dtype),
            golden.input("h0", dtype),
            golden.input("c0", dtype),
            null,
            backend);
    assertClose("output", run.output(), golden.output(), rtol, atol);
    assertClose("h_n", run.hidden(), golden.outputs().get("h_n"), rtol, atol);
    if (layer.cell() == Cell.LSTM) {
      assertClose("c_n", run.cell(), golden.outputs().get("c_n"), rtol, atol);
    }
    SequenceModel.Gradients gradients = run.backward(golden.input("dy", dtype));
    Map<String, Tensor> all = new LinkedHashMap<>(gradients.weights());
    all.put("x", gradients.input());
    all.put("h0", gradients.h0());
    all.put("c0", gradients.c0());
    assertThat(golden.grads()).isNotEmpty();
    for (Map.Entry<String, Tensor> grad : golden.grads().entrySet()) {
      assertClose("grad " + grad.getKey(), all.get(grad.getKey()), grad.getValue(), rtol, atol);
    }
  }

  @ParameterizedTest
  @MethodSource("onnx")
  void asOnnxRuntimeComputes(Golden golden, Backend backend) {
    Cell cell = Cell.valueOf(golden.op());
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : new String[] {"W", "R", "B", "P"}) {
      if (golden.input(name) != null) {
        weights.put(name, golden.input(name));
      }
    }
    boolean other = golden.args().containsKey("activations");
    GateFunction candidate = cell == Cell.RNN ? GateFunction.RELU : GateFunction.SOFTSIGN;
    RecurrentReader reader =
        new RecurrentReader(
            cell,
            RecurrentConvention.ONNX,
            golden.integer("hidden_size"),
            1,
            Direction.valueOf(((String) golden.args().get("direction")).toUpperCase(Locale.ROOT)),
            other ? GateFunction.ONNX_HARD_SIGMOID : GateFunction.SIGMOID,
            other ? candidate : GateFunction.TANH,
            GateFunction.TANH,
            golden.args().containsKey("clip") ? golden.number("clip") : Double.POSITIVE_INFINITY,
            cell == Cell.GRU ? golden.integer("linear_before_reset") == 1 : null);
    Tensor given = golden.input("sequence_lens");
    int[] lengths = given == null ? null : new int[given.size()];
    for (int i = 0; given != null && i < lengths.length; i++) {
      lengths[i] = (int) given.get(i);
    }
    SequenceModel model =
        new SequenceModel(
            RecurrentTopology.MANY_TO_MANY, reader.read(weights), null, 0, true, false);
    SequenceModel.Run run =
        model.forward(
            golden.input("X"),
            golden.input("initial_h"),
            golden.input("initial_c"),
            lengths,
            backend);
    // Y is (T, D, N, H) there.
    Tensor y = golden.outputs().get("Y").permute(0, 2, 1, 3);
    Tensor expected = y.reshape(y.dim(0), y.dim(1), y.dim(2) * y.dim(3));
    assertClose("Y", run.output(), expected, 1e-5, 2e-6);
    assertClose("Y_h", run.hidden(), golden.outputs().get("Y_h"), 1e-5, 2e-6);
    if (cell == Cell.LSTM) {
      assertClose("Y_c", run.cell(), golden.outputs().get("Y_c"), 1e-5, 2e-6);
    }
  }
}
