package lamina.network;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.Golden;
import lamina.layer.Compatibility;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks with branches. */
class GraphTest {
  private static List<Golden> cases() {
    List<Golden> cases = new ArrayList<>(Golden.read("graph"));
    cases.addAll(Golden.read("axes"));
    return cases;
  }

  private static Network parse(String net) {
    return Network.parse(net, "NET", Compatibility.TORCH);
  }

  private static Map<String, Tensor> weights(Golden c, DType dtype) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Golden.object(c.json().get("weights"))
        .forEach((name, value) -> weights.put(name, Golden.tensor(value).as(dtype)));
    return weights;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forwardAndGradientsAreThoseOfPyTorch(Golden c) {
    check(c, DType.FLOAT64, 1e-9, 1e-12);
    check(c, DType.FLOAT32, 1e-4, 1e-4);
  }

  private static void check(Golden c, DType dtype, double rtol, double atol) {
    Tensor input = c.input("input", dtype);
    RunnableNetwork network =
        RunnableNetwork.of(parse((String) c.args().get("network")), input.shape());
    Map<String, Tensor> weights = network.weights(weights(c, dtype), "weights");
    Pass pass = c.flag("training") ? Pass.training(1) : Pass.evaluation();
    Tensor output = network.forward(input, weights, pass);
    assertClose(c.name(), output, c.output(), rtol, atol);
    Gradients gradients = new Gradients();
    Tensor dx = pass.backward(c.input("dy", dtype), gradients);
    if (c.grads().containsKey("input")) {
      assertClose(c.name() + " input", dx, c.grads().get("input"), rtol, atol);
    } else {
      // Indices have no gradient.
      assertThat(dx).as(c.name()).isNull();
    }
    assertThat(gradients.byName().keySet())
        .isEqualTo(
            c.grads().keySet().stream()
                .filter(name -> !name.equals("input"))
                .collect(java.util.stream.Collectors.toSet()));
    gradients
        .byName()
        .forEach((name, gradient) -> assertClose(name, gradient, c.grads().get(name), rtol, atol));
  }

  /** Without gradients a network is in evaluation mode, so cases of training do not apply. */
  private static List<Golden> evaluations() {
    List<Golden> evaluations = new ArrayList<>(cases());
    assertThat(evaluations.removeIf(c -> c.name().endsWith("-training"))).isTrue();
    assertThat(evaluations).noneMatch(c -> c.flag("training")).hasSize(cases().size() - 2);
    return evaluations;
  }

  @ParameterizedTest
  @MethodSource("evaluations")
  void aPassThatKeepsNothingGivesTheSame(Golden c) {
    Tensor input = c.input("input");
    Tensor before = Tensor.of(input.doubles().clone(), input.shape());
    RunnableNetwork network =
        RunnableNetwork.of(parse((String) c.args().get("network")), input.shape());
    Map<String, Tensor> weights = network.weights(weights(c, DType.FLOAT64), "weights");
    Map<String, Tensor> kept = new LinkedHashMap<>();
    Map<String, Tensor> copies = new LinkedHashMap<>();
    Tensor output =
        network.forward(
            input,
            weights,
            Pass.inference(),
            (layer, result) -> {
              kept.put(layer.name(), result);
              copies.put(layer.name(), Tensor.of(result.doubles().clone(), result.shape()));
              return layer.name().startsWith("b") || layer.name().startsWith("relu");
            });
    assertClose(c.name(), output, c.output(), 1e-9, 1e-12);
    assertThat(input).isEqualTo(before);
    kept.forEach(
        (name, tensor) -> {
          if (name.startsWith("b") || name.startsWith("relu")) {
            assertThat(tensor).as(name).isEqualTo(copies.get(name));
          }
        });
  }

  @Test
  void theBasicBlockHasTheShapesAndCostsOfPyTorch() {
    Golden block = cases().get(0);
    NetworkAnalysis report =
        NetworkAnalyzer.of(parse((String) block.args().get("network")), Shape.of(3, 7, 6));
    // By hand: 4·3·9 weights on 4x3 positions, 4·4·9 on 4x3, and 4·3 on 4x3.
    assertThat(report.macs().value()).isEqualTo(12 * (108 + 144 + 12));
    assertThat(report.params().value()).isEqualTo(108 + 144 + 12 + 3 * 8);
    assertThat(report.output()).isEqualTo(Shape.of(4, 4, 3));
    LayerAnalysis add = report.layers().get(7);
    assertThat(add.name()).isEqualTo("add");
    assertThat(report.inputNames(add)).containsExactly("bn2", "downsample.1");
    // The first way sees 3 + 2·2 = 7 pixels around 2i, the second the pixel 2i.
    assertThat(add.field().size()).containsExactly(7, 7);
    assertThat(add.field().stride()).containsExactly(2, 2);
    assertThat(add.field().start()).containsExactly(0, 0);
    // While the shortcut's convolution runs: the input, bn2's output and its own.
    assertThat(report.peak().value()).isEqualTo(3 * 7 * 6 + 48 + 48);
    assertThat(report.activations().value()).isEqualTo(9 * 48);
  }

  /** An image halved and doubled fits its original where its height is even. */
  @Test
  void branchesThatFitForSomeSizesAreTakenToFit() {
    String halved =
        "{\"layers\":["
            + "{\"name\":\"half\",\"type\":\"MaxPool2d\",\"kernel_size\":2},"
            + "{\"name\":\"double\",\"type\":\"Upsample\",\"scale_factor\":2},"
            + "{\"name\":\"join\",\"type\":\"%s\",\"inputs\":[\"input\",\"double\"]}]}";
    for (String join : new String[] {"Concat", "Add", "Mul"}) {
      Network network = parse(String.format(halved, join));
      NetworkAnalysis report = NetworkAnalyzer.of(network, Shape.parse("2xHx8"));
      assertThat(report.output().toString()).endsWith("xHx8");
      assertThat(report.notes()).anyMatch(note -> note.endsWith("holds only if H = 2·⌊H / 2⌋"));
    }
    String shifted =
        String.format(halved, "Add")
            .replace(
                "\"type\":\"Upsample\",\"scale_factor\":2",
                "\"type\":\"ZeroPad2d\",\"padding\":[2,2,0,0]")
            .replace("\"kernel_size\":2", "\"kernel_size\":2,\"stride\":1");
    assertThatThrownBy(
            () -> {
              Network network = parse(shifted);
              NetworkAnalyzer.of(network, Shape.parse("2xHx8"));
            })
        .hasMessageContaining("needs inputs of one shape");
  }

  @Test
  void symbolsGoThroughBranches() {
    Golden block = cases().get(0);
    Shape input = Shape.parse("3xHxW");
    NetworkAnalysis report = NetworkAnalyzer.of(parse((String) block.args().get("network")), input);
    assertThat(report.output().evaluate(Map.of("H", 7L, "W", 6L))).isEqualTo(Shape.of(4, 4, 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"Add","inputs":["a","b"]} | layer 3 '2' Add() needs inputs of one shape, or sizes of 1 to stretch, but they are 2x6x6 and 3x6x6; layer 1 'a' gives 2x6x6; layer 2 'b' gives 3x6x6
          {"type":"Concat","dim":2,"inputs":["a","b"]} | layer 3 '2' Concat(dim=2) needs inputs that differ on axis 2 only, but they are 2x6x6 and 3x6x6; layer 1 'a' gives 2x6x6; layer 2 'b' gives 3x6x6
          {"type":"Add","inputs":["a","bb"]} | layer '2' takes 'bb', but no layer before it has this name; did you mean 'b'?
          {"type":"Add","inputs":["a","2"]} | layer '2' takes '2', but no layer before it has this name
          {"type":"Add"} | layer 3 '2' Add() takes several inputs, but has one
          {"type":"ReLU","inputs":["a","b"]} | layer 3 '2' ReLU() takes one input, but has 2: [a, b]
          {"type":"Add","inputs":[]} | NET: layers[2] has no name in its "inputs"
          {"type":"ReLU","inplace":true},{"type":"Add","inputs":["b","2"]} | NET: layers has '2' ReLU(inplace=True), which changes 'b' in place, and a later layer that takes 'b'; leave inplace out
          {"type":"Add","inputs":[1]} | NET: layers[2] has "inputs" that are no names of layers
          """)
  void misfitsAreNamed(String layer, String message) {
    String net =
        "{\"layers\":[{\"name\":\"a\",\"type\":\"Conv2d\",\"in_channels\":1,\"out_channels\":2,"
            + "\"kernel_size\":3},{\"name\":\"b\",\"type\":\"Conv2d\",\"in_channels\":1,"
            + "\"out_channels\":3,\"kernel_size\":3,\"inputs\":[\"input\"]},"
            + layer
            + "]}";
    assertThatThrownBy(() -> NetworkAnalyzer.of(parse(net), Shape.of(1, 8, 8)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aLayerThatNobodyTakesIsNoted() {
    String net = "[{\"name\":\"a\",\"type\":\"ReLU\"},{\"type\":\"Tanh\",\"inputs\":[\"input\"]}]";
    assertThat(NetworkAnalyzer.of(parse(net), Shape.of(2, 3)).notes())
        .contains("no layer takes what 'a' gives");
  }
}
