package lamina.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lamina.layer.Layer.Expectation;
import lamina.layer.Layer.Parameter;
import lamina.network.Network;
import lamina.network.Node;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerShapeTest {
  /** Lines "expression | input | output or error | parameters" that PyTorch 1.13 computed. */
  static Stream<String> pytorch() throws IOException {
    try (InputStream in = LayerShapeTest.class.getResourceAsStream("pytorch-shapes.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
    }
  }

  private static Layer layer(String expression) {
    Node.Leaf leaf = Network.parse(expression, "test", Compatibility.TORCH).leaves().get(0);
    return leaf.layer();
  }

  /** The output, with all that a network checks; null if something does not fit. */
  private static Shape output(String expression, Shape input) {
    try {
      Layer layer = layer(expression);
      if (input.rank() < layer.ranks().least() || input.rank() > layer.ranks().most()) {
        return null;
      }
      layer = layer.inferred(input);
      for (Expectation expected : layer.expectations(input)) {
        if (!input.dim(expected.axis()).equals(expected.size())) {
          return null;
        }
      }
      return layer.output(input);
    } catch (InputException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
      return null;
    }
  }

  @ParameterizedTest
  @MethodSource("pytorch")
  void agreesWithPyTorch(String line) {
    String[] fields = line.split(" \\| ", -1);
    Shape input = Shape.parse(fields[1]);
    Shape output = output(fields[0], input);
    if (fields[2].equals("error")) {
      assertThat(output).as(line).isNull();
      return;
    }
    assertThat(output).as(line).isEqualTo(Shape.parse(fields[2]));
    long params = 0;
    for (Parameter parameter : layer(fields[0]).inferred(input).parameters()) {
      params += parameter.trained() ? parameter.shape().elements().value() : 0;
    }
    assertThat(params).as(line).isEqualTo(Long.parseLong(fields[3]));
  }

  /** Those with an output; sizes that are scaled by a fraction are no formula of a symbol. */
  static Stream<String> withSymbols() throws IOException {
    return pytorch().filter(line -> !line.contains(" | error | ") && !line.contains("factor=0.7"));
  }

  @Test
  void symbolsDoWithoutErrorsAndOneFraction() throws IOException {
    long errors = pytorch().filter(line -> line.contains(" | error | ")).count();
    assertThat(withSymbols().count()).isEqualTo(pytorch().count() - errors - 1).isPositive();
  }

  @ParameterizedTest
  @MethodSource("withSymbols")
  void holdsForSymbolsToo(String line) {
    String[] fields = line.split(" \\| ", -1);
    Shape input = Shape.parse(fields[1]);
    Layer layer = layer(fields[0]).inferred(input);
    Set<Integer> fixed = new HashSet<>();
    for (Expectation expected : layer.expectations(input)) {
      fixed.add(Math.floorMod(expected.axis(), input.rank()));
    }
    if (layer instanceof Unflatten unflatten) {
      fixed.add(Math.floorMod(unflatten.dim(), input.rank()));
    }
    List<Dim> dims = new ArrayList<>();
    Map<String, Long> values = new HashMap<>();
    for (int axis = 0; axis < input.rank(); axis++) {
      String name = "abcdefg".substring(axis, axis + 1);
      dims.add(fixed.contains(axis) ? input.dim(axis) : Dim.symbol(name));
      values.put(name, input.dim(axis).value());
    }
    Shape symbolic = layer.output(new Shape(dims));
    assertThat(symbolic.evaluate(values)).as(line).isEqualTo(Shape.parse(fields[2]));
  }

  @Test
  void everyNameBuildsItsLayer() {
    Set<String> tested = new HashSet<>();
    for (String name : LayerRegistry.names()) {
      String arguments = arguments(name);
      if (!name.equals("Sequential")) {
        assertThat(layer(name + "(" + arguments + ")")).as(name).isNotNull();
        assertThat(layer(name + "(" + arguments + ")").type())
            .isEqualTo(name.replace("Lazy", "").replace("NonDynamicallyQuantizable", ""));
      }
      tested.add(name);
    }
    assertThat(tested).hasSameSizeAs(LayerRegistry.names());
  }

  private static String arguments(String name) {
    if (name.matches("(Conv|ConvTranspose|LazyConv|LazyConvTranspose).d")) {
      return name.startsWith("Lazy") ? "4, 3" : "2, 4, 3";
    }
    if (name.matches("(Max|Avg)Pool.d|Adaptive.*|BatchNorm.*|InstanceNorm.*|LazyLinear")) {
      return "2";
    }
    if (name.matches(".*Pad.d")) {
      return name.startsWith("Constant") ? "1, 0" : "1";
    }
    if (name.startsWith("LPPool") || name.matches(".*Linear|RNN|LSTM|GRU|Embedding|Threshold")) {
      return "2, 3";
    }
    if (name.startsWith("Upsampl")) {
      return "scale_factor=2";
    }
    return switch (name) {
      case "Unflatten" -> "1, (2, 2)";
      case "GroupNorm" -> "2, 4";
      case "Select" -> "1, -1";
      case "Narrow" -> "1, 0, 2";
      case "Tokenize" -> "'rows'";
      case "Chunk" -> "2, 1";
      case "Slice", "Unsqueeze" -> "1";
      case "View" -> "2, -1";
      case "Power" -> "2";
      case "ChannelShuffle" -> "2";
      case "StochasticDepth" -> "0.1, 'row'";
      case "Permute" -> "0, 2, 1";
      case "Transpose" -> "1, 2";
      case "Mean" -> "1";
      case "LayerNorm",
          "LayerNorm2d",
          "RMSNorm",
          "LocalResponseNorm",
          "PixelShuffle",
          "PixelUnshuffle" ->
          "3";
      default -> "";
    };
  }

  /** What PyTorch 1.13 has not, or has wrong. */
  @Test
  void knowsNewerLayers() {
    assertThat(output("RMSNorm(5)", Shape.of(2, 5))).isEqualTo(Shape.of(2, 5));
    assertThat(output("ZeroPad1d((1, 2))", Shape.of(3, 5))).isEqualTo(Shape.of(3, 8));
    assertThat(output("CircularPad2d((1, 2, 3, 4))", Shape.of(3, 5, 5)))
        .isEqualTo(Shape.of(3, 12, 8));
    assertThat(output("AdaptiveAvgPool1d(None)", Shape.of(3, 5))).isEqualTo(Shape.of(3, 5));
    assertThat(output("Select(1, -1)", Shape.of(2, 7, 3))).isEqualTo(Shape.of(2, 3));
    assertThat(output("Select(0, 2)", Shape.of(2, 7, 3))).isNull();
    assertThat(output("Narrow(1, 2, 5)", Shape.parse("Bx7x3"))).isEqualTo(Shape.parse("Bx5x3"));
    assertThat(output("Narrow(1, 3, 5)", Shape.of(2, 7, 3))).isNull();
    assertThat(output("Tokenize('rows')", Shape.parse("Bx3x8x6"))).isEqualTo(Shape.parse("Bx8x18"));
    assertThat(output("Tokenize('patches', (2, 3))", Shape.of(1, 8, 6))).isEqualTo(Shape.of(8, 6));
    assertThat(output("Tokenize('patches', 4, 2)", Shape.of(1, 8, 8))).isEqualTo(Shape.of(9, 16));
    assertThat(output("Tokenize('windows', 10)", Shape.of(1, 8, 8))).isNull();
    assertThat(output("Tokenize('windows', 10, remainder='drop')", Shape.of(1, 8, 8)))
        .isEqualTo(Shape.of(6, 10));
    assertThat(output("Tokenize('rows')", Shape.parse("3xHxW"))).isNull();
    assertThat(output("Permute(0, 2, 1)", Shape.parse("Bx7xE"))).isEqualTo(Shape.parse("BxEx7"));
    assertThat(output("Permute(0, 2, 1)", Shape.of(2, 7))).isNull();
    assertThat(output("Permute(0, 2, 2)", Shape.of(2, 7, 3))).isNull();
    assertThat(output("Transpose(-1, 1)", Shape.parse("BxTx3"))).isEqualTo(Shape.parse("Bx3xT"));
    assertThat(output("Transpose(1, 3)", Shape.of(2, 7, 3))).isNull();
    assertThat(output("Mean((0, -1))", Shape.parse("BxTx3"))).isEqualTo(Shape.parse("T"));
    assertThat(output("Mean(1, True)", Shape.of(2, 7, 3))).isEqualTo(Shape.of(2, 1, 3));
    assertThat(output("Mean((0, -3))", Shape.of(2, 7, 3))).isNull();
    assertThat(output("Chunk(3, 1, 2)", Shape.of(2, 7, 3))).isEqualTo(Shape.of(2, 1, 3));
    assertThat(output("Chunk(4, 1, 3)", Shape.of(2, 5, 3))).isNull();
    assertThat(output("Chunk(2, 1, 2)", Shape.of(2, 5, 3))).isNull();
    assertThat(output("ChannelShuffle(2)", Shape.of(2, 5, 3, 3))).isNull();
    assertThat(output("Slice(1, 1, -1, 2)", Shape.of(2, 7, 3))).isEqualTo(Shape.of(2, 3, 3));
    assertThat(output("Slice(1, -9, 99)", Shape.of(2, 7, 3))).isEqualTo(Shape.of(2, 7, 3));
    assertThat(output("Slice(1, 5, 5)", Shape.of(2, 7, 3))).isNull();
    assertThat(output("View(-1, 6)", Shape.of(2, 4, 3))).isEqualTo(Shape.of(4, 6));
    assertThat(output("View(-1, 5)", Shape.of(2, 4, 3))).isNull();
    assertThat(output("View(3, 6)", Shape.of(2, 4, 3))).isNull();
    assertThat(output("View(0, 6)", Shape.of(2, 4, 3))).isNull();
    assertThat(output("View(-1, 2, 12)", Shape.parse("Bx4x6"))).isEqualTo(Shape.parse("Bx2x12"));
    assertThat(output("Squeeze()", Shape.of(2, 1, 3, 1))).isEqualTo(Shape.of(2, 3));
    assertThat(output("Squeeze(0)", Shape.of(2, 1, 3))).isEqualTo(Shape.of(2, 1, 3));
    assertThat(output("Unsqueeze(-2)", Shape.of(2, 3))).isEqualTo(Shape.of(2, 1, 3));
    assertThat(output("Unsqueeze(4)", Shape.of(2, 3))).isNull();
    assertThat(output("Unflatten(1, (-1, 3))", Shape.of(4, 6))).isEqualTo(Shape.of(4, 2, 3));
  }
}
