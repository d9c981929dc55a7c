package lamina.layer;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Stream;
import lamina.Golden;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What layers make of arguments, running statistics and directions is what PyTorch makes of them.
 */
class LayerGoldenTest {
  private static final Set<String> STATISTICS = Set.of("running_mean", "running_var");

  /** Those of layers by themselves. A recurrent layer of a network starts from zeros. */
  static Stream<Golden> cases() {
    return all().filter(golden -> !startsFromAState(golden));
  }

  private static Stream<Golden> all() {
    return Stream.of("dense_norm", "conv", "pool", "rnn")
        .flatMap(family -> Golden.read(family).stream());
  }

  private static boolean startsFromAState(Golden golden) {
    return golden.inputs().containsKey("h0");
  }

  @Test
  void onlyRecurrentCasesThatStartFromAStateAreLeftOut() {
    assertThat(all().filter(LayerGoldenTest::startsFromAState))
        .hasSize(18)
        .allMatch(golden -> Set.of("RNN", "LSTM", "GRU").contains(golden.op()));
    assertThat(cases()).hasSize(72 + 72 + 156 + 18);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void computesAsPyTorchInBothPrecisions(Golden golden) {
    check(golden, DType.FLOAT64, 1e-9, 1e-11);
    check(golden, DType.FLOAT32, 3e-4, 3e-5);
  }

  private static void check(Golden golden, DType dtype, double rtol, double atol) {
    Network network = Network.parse(expression(golden), golden.name(), Compatibility.TORCH);
    Tensor x = golden.input("x", dtype);
    RunnableNetwork model = RunnableNetwork.of(network, x.shape());
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : model.parameters().keySet()) {
      Tensor given = golden.input(golden(golden, name.substring(2)), dtype);
      weights.put(name, given == null ? Tensor.zeros(DType.INT64) : given);
    }
    boolean training = golden.flag("training");
    Pass pass = training ? Pass.training(1) : Pass.evaluation();
    Tensor y = model.forward(x, weights, pass);
    String what = golden.name() + " " + dtype.label();
    assertClose(what, y, golden.output(), rtol, atol);
    for (String statistic : STATISTICS) {
      if (golden.outputs().containsKey(statistic)) {
        Tensor actual = weights.get("0." + statistic);
        assertClose(what + statistic, actual, golden.outputs().get(statistic), rtol, atol);
      }
    }
    Gradients gradients = new Gradients();
    Tensor dx = pass.backward(golden.input("dy", dtype), gradients);
    assertClose(what + " dx", dx, golden.grads().get("x"), rtol, atol);
    Map<String, Tensor> others = new TreeMap<>(golden.grads());
    others.remove("x");
    assertThat(gradients.byName()).as(what).hasSameSizeAs(others);
    for (String name : gradients.byName().keySet()) {
      Tensor expected = golden.grads().get(golden(golden, name.substring(2)));
      assertClose(what + " d" + name, gradients.byName().get(name), expected, rtol, atol);
    }
  }

  /** The cases of convolutions have the short names of the formula. */
  private static String golden(Golden golden, String parameter) {
    return golden.op().startsWith("conv") ? parameter.substring(0, 1) : parameter;
  }

  /** The layer that computes what a case does. */
  private static String expression(Golden golden) {
    Map<String, Object> args = new LinkedHashMap<>(golden.args());
    args.remove("training");
    int[] x = golden.input("x").shape();
    boolean affine = golden.input("weight") != null;
    boolean shifted = golden.input("bias") != null;
    String op = golden.op();
    String type = op;
    if (op.startsWith("conv")) {
      boolean transposed = op.startsWith("conv_transpose");
      int[] w = golden.input("w").shape();
      int groups = golden.integer("groups");
      args.put("in_channels", transposed ? w[0] : w[1] * groups);
      args.put("out_channels", transposed ? w[1] * groups : w[0]);
      args.put("kernel_size", Arrays.stream(w).skip(2).boxed().toList());
      args.put("bias", golden.input("b") != null);
      type = (transposed ? "ConvTranspose" : "Conv") + op.substring(op.length() - 2);
    } else if (op.contains("pool")) {
      type =
          op.replace("adaptive_", "Adaptive")
              .replace("max_pool", "MaxPool")
              .replace("avg_pool", "AvgPool")
              .replace("lp_pool", "LPPool");
    } else {
      switch (op) {
        case "linear" -> {
          type = "Linear";
          args.put("in_features", x[x.length - 1]);
          args.put("out_features", golden.input("weight").dim(0));
          args.put("bias", shifted);
        }
        case "batch_norm", "instance_norm" -> {
          int axes = Math.max(x.length - 2, 1);
          type = (op.startsWith("batch") ? "BatchNorm" : "InstanceNorm") + axes + "d";
          args.put("num_features", x[1]);
          args.put("affine", affine);
        }
        case "group_norm" -> {
          type = "GroupNorm";
          args.put("num_channels", x[1]);
          args.put("affine", affine);
        }
        case "layer_norm" -> {
          type = "LayerNorm";
          args.put("elementwise_affine", affine);
          args.put("bias", shifted);
        }
        case "local_response_norm" -> type = "LocalResponseNorm";
        default -> {}
      }
    }
    StringJoiner text = new StringJoiner(", ", type + "(", ")");
    args.forEach(
        (name, value) ->
            text.add(name + "=" + (value instanceof String s ? "'" + s + "'" : value)));
    return text.toString();
  }
}
