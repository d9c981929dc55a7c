package lamina.network.read.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import lamina.Program;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every attribute of every operator that is read gets other values, whether the model has it or
 * leaves it at its default. Each must change what comes out for some model and value, or else be
 * refused or named: none is passed over.
 */
class EveryAttributeTest {
  @TempDir static Path folder;

  /** ONNX's models of single operators, by the operator of their only node. */
  private static final Map<String, List<Case>> cases = new TreeMap<>();

  private static final Set<String> broken = new TreeSet<>();

  private record Case(String name, byte[] model, Proto.Message parsed) {
    Proto.Message node() {
      return parsed.part(7).part(1);
    }
  }

  @BeforeAll
  static void unpack() throws IOException {
    for (String name : new TreeSet<>(PackedModels.unpack("node.zip", folder))) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name).resolve("model.onnx"));
      Proto.Message parsed = Proto.parse(bytes);
      if (parsed.part(7).all(1).size() == 1) {
        Case found = new Case(name, bytes, parsed);
        cases.computeIfAbsent(found.node().text(4), type -> new ArrayList<>()).add(found);
      }
    }
  }

  /**
   * What changes nothing with good reason: random numbers that inference does not draw, an order
   * that is free, padding of kernels of one element (the only ones in these models), a second value
   * beside the one that is taken.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("Constant value_string", "Dropout seed", "QLinearConv auto_pad", "TopK sorted");

  /**
   * Attributes whose other values fit only inputs of other sizes, signs or types than the models
   * have.
   */
  private static final List<String> NEED_OTHER_SIZES =
      List.of(
          "BlackmanWindow output_datatype",
          "Celu alpha",
          "Col2Im dilations",
          "Col2Im strides",
          "Conv group",
          "Conv kernel_shape",
          "ConvInteger group",
          "ConvInteger kernel_shape",
          "ConvTranspose group",
          "ConvTranspose kernel_shape",
          "GRU hidden_size",
          "Gemm transA",
          "Gemm transB",
          "HammingWindow output_datatype",
          "HannWindow output_datatype",
          "LSTM direction",
          "LSTM hidden_size",
          "LSTM input_forget",
          "MaxUnpool pads",
          "QLinearConv dilations",
          "QLinearConv group",
          "QLinearConv kernel_shape",
          "RNN hidden_size",
          "Reshape allowzero",
          "ReverseSequence batch_axis",
          "ReverseSequence time_axis",
          "Scan num_scan_inputs",
          "Scan scan_input_axes");

  @Test
  void noAttributeIsPassedOver() throws IOException {
    Map<String, Attribute> all = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/onnx/attributes.txt"))) {
      String[] words = line.split(" ", 4);
      if (cases.containsKey(words[0])) {
        all.put(
            words[0] + " " + words[1],
            new Attribute(words[1], words[2], words.length > 3 ? words[3] : ""));
      }
    }
    // Those of later versions, as far as models have them.
    cases.forEach(
        (type, models) -> {
          for (Case model : models) {
            for (Proto.Message each : model.node().parts(5)) {
              String kind = KINDS.get((int) each.number(20));
              if (kind != null) {
                all.putIfAbsent(type + " " + each.text(1), new Attribute(each.text(1), kind, ""));
              }
            }
          }
        });
    Set<String> passedOver = new TreeSet<>();
    Set<String> onlyRefused = new TreeSet<>();
    Set<String> nonsenseTaken = new TreeSet<>();
    for (Map.Entry<String, Attribute> entry : all.entrySet()) {
      String label = entry.getKey();
      String type = label.substring(0, label.indexOf(' '));
      switch (outcome(type, entry.getValue(), nonsenseTaken)) {
        case SAME -> passedOver.add(label);
        case REFUSED -> onlyRefused.add(label);
        default -> {}
      }
    }
    assertThat(broken).isEmpty();
    assertThat(passedOver).isEqualTo(new TreeSet<>(WITHOUT_EFFECT));
    assertThat(nonsenseTaken).containsExactly("Constant value_string");
    assertThat(onlyRefused).isEqualTo(new TreeSet<>(NEED_OTHER_SIZES));
    assertThat(all).hasSizeGreaterThan(200);
  }

  @Test
  void namesWhatNoOperatorAsksFor() throws IOException {
    Case relu = cases.get("Relu").get(0);
    Attribute alpha = new Attribute("alpha", "FLOAT", "");
    Program before = run(relu.name, relu.model);
    byte[] model = with(relu, alpha, Proto.message().single(2, 0.5f).number(20, 1), 0);
    Program after = run(relu.name, model);
    assertThat(after.code()).isZero();
    assertThat(after.out()).isEqualTo(before.out());
    assertThat(after.err())
        .isEqualTo(
            "lamina run: test_relu/changed.onnx: node 'y' Relu has an attribute 'alpha' that"
                + " changes nothing here\n");
    Program shape = Program.runIn(folder, Map.of(), new byte[0], "shape", "test_relu/changed.onnx");
    assertThat(shape.out() + shape.err()).contains("Relu has an attribute 'alpha'");
  }

  @Test
  void refusesAnOutputShapeOfFewerAxes() throws IOException {
    Case model =
        cases.get("ConvTranspose").stream()
            .filter(each -> each.name.equals("test_convtranspose"))
            .findFirst()
            .orElseThrow();
    Attribute shape = new Attribute("output_shape", "INTS", "");
    Program result =
        run(model.name, with(model, shape, Proto.message().number(8, 9).number(20, 7), 0));
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .isEqualTo(
            "lamina run: test_convtranspose/changed.onnx: node 'Y' ConvTranspose has 1 numbers in"
                + " 'output_shape' but needs 2\n");
  }

  private enum Outcome {
    SAME,
    REFUSED,
    CHANGED
  }

  /** Kinds of attributes by ONNX's numbers. */
  private static final Map<Integer, String> KINDS =
      Map.of(1, "FLOAT", 2, "INT", 3, "STRING", 6, "FLOATS", 7, "INTS", 8, "STRINGS");

  private record Attribute(String name, String kind, String standard) {}

  private static Outcome outcome(String type, Attribute attribute, Set<String> nonsenseTaken)
      throws IOException {
    Outcome best = Outcome.SAME;
    for (Case model : cases.get(type)) {
      Program before = run(model.name, model.model);
      if (attribute.kind.equals("STRING")) {
        byte[] nonsense = with(model, attribute, Proto.message().text(4, "nonsense"), 3);
        Program result = run(model.name, nonsense);
        if (result.code() != 3 && !result.err().contains("nonsense")) {
          nonsenseTaken.add(type + " " + attribute.name);
        }
      }
      for (Proto.Message value : values(model, type, attribute)) {
        Program after = run(model.name, with(model, attribute, value, 0));
        boolean isOther = !after.out().isEmpty() && !after.out().equals(before.out());
        if (after.code() == 3 && !isOther) {
          best = best == Outcome.SAME ? Outcome.REFUSED : best;
          assertThat(after.err()).doesNotContain("Exception");
        } else if (isOther || !after.err().equals(before.err())) {
          return Outcome.CHANGED;
        }
      }
    }
    return best;
  }

  private static Program run(String name, byte[] model) throws IOException {
    Files.write(folder.resolve(name).resolve("changed.onnx"), model);
    Program result =
        Program.runIn(
            folder, Map.of(), new byte[0], "run", name + "/changed.onnx", "--test-data", name);
    if (result.code() != 0 && result.code() != 1 && result.code() != 3) {
      broken.add(name + ": " + result.err());
    }
    return result;
  }

  /** Other values of an attribute than what the model says, as fields of a message. */
  private static List<Proto.Message> values(Case model, String type, Attribute attribute) {
    Proto.Message given = null;
    for (Proto.Message each : model.node().parts(5)) {
      given = each.text(1).equals(attribute.name) ? each : given;
    }
    List<Proto.Message> values = new ArrayList<>();
    switch (attribute.kind) {
      case "INT" -> {
        long now = given != null ? given.number(3) : number(attribute.standard);
        for (long other : new LinkedHashSet<>(List.of(1 - now, now + 1, now - 1, 2L, 3L, -1L))) {
          if (other != now) {
            values.add(Proto.message().number(3, other).number(20, 2));
          }
        }
      }
      case "FLOAT" -> {
        float now = given != null ? given.single(2) : (float) decimal(attribute.standard);
        for (float other : new float[] {now + 0.5f, 2 * now + 0.25f, now - 0.4f, 0, 1}) {
          if (other != now) {
            values.add(Proto.message().single(2, other).number(20, 1));
          }
        }
      }
      case "STRING" -> {
        String now = given != null ? given.text(4) : attribute.standard;
        for (String other : words(type, attribute.name)) {
          if (!other.equals(now)) {
            values.add(Proto.message().text(4, other).number(20, 3));
          }
        }
      }
      case "INTS" -> {
        List<Long> now = given == null ? List.of() : given.numbers(8);
        for (List<Long> other : lists(now)) {
          Proto.Message message = Proto.message();
          other.forEach(element -> message.number(8, element));
          values.add(message.number(20, 7));
        }
      }
      case "FLOATS" -> {
        int count = given == null ? 2 : given.all(7).size();
        Proto.Message message = Proto.message();
        for (int i = 0; i < count; i++) {
          message.single(7, 0.3f + i);
        }
        values.add(message.number(20, 6));
      }
      default -> {
        for (int count : given == null ? new int[] {1, 2, 3, 6} : new int[] {given.all(9).size()}) {
          for (String word : List.of("Relu", "Sigmoid")) {
            Proto.Message message = Proto.message();
            for (int i = 0; i < count; i++) {
              message.text(9, word);
            }
            values.add(message.number(20, 8));
          }
        }
      }
    }
    return values;
  }

  private static long number(String text) {
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  private static double decimal(String text) {
    return text.isEmpty() ? 0 : Double.parseDouble(text);
  }

  private static List<List<Long>> lists(List<Long> now) {
    List<List<Long>> lists = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      List<Long> more = new ArrayList<>(now);
      more.set(i, more.get(i) + 1);
      lists.add(more);
    }
    if (now.size() > 1) {
      List<Long> turned = new ArrayList<>(now);
      Collections.reverse(turned);
      lists.add(turned);
    }
    for (int count = 1; now.isEmpty() && count <= 4; count++) {
      lists.add(Collections.nCopies(count, 1L));
      lists.add(Collections.nCopies(count, 2L));
    }
    lists.removeIf(now::equals);
    return lists;
  }

  /** What models have for an attribute, and what ONNX's text allows. */
  private static Set<String> words(String type, String name) {
    Set<String> words = new LinkedHashSet<>();
    for (Case model : cases.get(type)) {
      for (Proto.Message each : model.node().parts(5)) {
        if (each.text(1).equals(name)) {
          words.add(each.text(4));
        }
      }
    }
    words.addAll(
        switch (name) {
          case "approximate" -> List.of("none", "tanh");
          case "auto_pad" -> List.of("SAME_UPPER", "SAME_LOWER", "VALID");
          case "direction" -> List.of("reverse", "bidirectional", "LEFT");
          case "mode" -> List.of("constant", "reflect", "edge", "linear", "cubic", "CRD", "max");
          case "reduction" -> List.of("none", "sum", "mean", "add", "mul");
          case "padding_mode" -> List.of("border", "reflection");
          case "nearest_mode" -> List.of("floor", "ceil", "round_prefer_ceil");
          case "coordinate_transformation_mode" -> List.of("asymmetric", "align_corners");
          default -> List.<String>of();
        });
    return words;
  }

  /** The model with an attribute of its node in place of what it has. */
  private static byte[] with(Case model, Attribute attribute, Proto.Message value, int kind) {
    Proto.Message whole = Proto.parse(model.model);
    Proto.Message graph = whole.part(7);
    Proto.Message node = graph.part(1);
    node.drop(5, each -> each.text(1).equals(attribute.name));
    Proto.Message named = Proto.message().text(1, attribute.name).addAll(value);
    node.add(5, (kind == 0 ? named : named.number(20, kind)).done());
    graph.replace(1, node);
    whole.replace(7, graph);
    return whole.done();
  }
}
