package lamina.network.read.onnx;

import static lamina.network.read.onnx.OnnxBytes.attribute;
import static lamina.network.read.onnx.OnnxBytes.function;
import static lamina.network.read.onnx.OnnxBytes.info;
import static lamina.network.read.onnx.OnnxBytes.integers;
import static lamina.network.read.onnx.OnnxBytes.message;
import static lamina.network.read.onnx.OnnxBytes.node;
import static lamina.network.read.onnx.OnnxBytes.real;
import static lamina.network.read.onnx.OnnxBytes.reference;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs within nodes, functions of a file, and sequences. */
class OnnxControlTest {
  @TempDir Path folder;

  private Program run(byte[] model, String... arguments) throws IOException {
    Files.write(folder.resolve("m.onnx"), model);
    return Program.runIn(folder, Map.of(), new byte[0], arguments);
  }

  private String data(byte[] model, String... inputs) throws IOException {
    String[] arguments = new String[inputs.length + 2];
    arguments[0] = "run";
    arguments[1] = "m.onnx";
    System.arraycopy(inputs, 0, arguments, 2, inputs.length);
    Program result = run(model, arguments);
    assertThat(result.code()).as(result.err()).isZero();
    return result.out().strip();
  }

  private String refusal(byte[] model, String... inputs) throws IOException {
    String[] arguments = new String[inputs.length + 2];
    arguments[0] = "run";
    arguments[1] = "m.onnx";
    System.arraycopy(inputs, 0, arguments, 2, inputs.length);
    Program result = run(model, arguments);
    assertThat(result.code()).as(result.err()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
    return result.err();
  }

  private static OnnxBytes truth(String name, int value) {
    return OnnxBytes.head(name, 9).bytes(9, new byte[] {(byte) value});
  }

  private static OnnxBytes count(String name, int value) {
    return OnnxBytes.head(name, 7).bytes(9, new byte[] {(byte) value, 0, 0, 0, 0, 0, 0, 0});
  }

  /** Doubles the state and gives each state; goes on while the state is below a bound. */
  private static OnnxBytes doubling(OnnxBytes condition) {
    return message()
        .part(1, node("Add", "s,s", "s2"))
        .part(1, condition)
        .part(11, info("i"))
        .part(11, info("c"))
        .part(11, info("s", 2))
        .part(12, info("c2"))
        .part(12, info("s2", 2))
        .part(12, info("s2", 2));
  }

  private static OnnxBytes loop(OnnxBytes body, String inputs) {
    return message()
        .part(1, node("Loop", inputs, "y,all", OnnxBytes.graph("body", body)))
        .part(5, count("three", 3))
        .part(5, truth("true", 1))
        .part(11, info("x", 2))
        .part(12, info("y", 2))
        .part(12, info("all", 3, 2));
  }

  @Test
  void aLoopOfAKnownCountRunsItsTurnsOneAfterAnother() throws IOException {
    byte[] model = OnnxBytes.model(loop(doubling(node("Identity", "c", "c2")), "three,true,x"));
    assertThat(data(model, "[1,2]"))
        .isEqualTo(
            "{\"shape\":[2],\"data\":[8.0,16.0],\"all\":{\"shape\":[3,2],"
                + "\"data\":[[2.0,4.0],[4.0,8.0],[8.0,16.0]]}}");
    assertThat(run(model, "shape", "m.onnx", "-f", "text").out()).contains("output       2\n");
    assertThat(data(model, "[1,2]", "--grad=[1,1]"))
        .contains("\"grad_input\":{\"shape\":[2],\"data\":[8.0,8.0]}");
  }

  @Test
  void aLoopThatItsOwnNumbersEndRunsForThoseNumbers() throws IOException {
    OnnxBytes body =
        doubling(node("ReduceMax", "s2", "m", attribute("keepdims", 0)))
            .part(1, node("Less", "m,ten", "c2"))
            .part(5, OnnxBytes.floats("ten", new long[0], 10));
    byte[] model = OnnxBytes.model(loop(body, ",true,x"));
    assertThat(data(model, "[1,2]")).startsWith("{\"shape\":[2],\"data\":[8.0,16.0]");
    Program shape = run(model, "shape", "m.onnx", "-f", "text");
    assertThat(shape.code()).isZero();
    assertThat(shape.out()).contains("Loop").contains("which are not known");
  }

  @Test
  void aLoopWithoutAnEndIsRefused() throws IOException {
    byte[] model = OnnxBytes.model(loop(doubling(node("Identity", "c", "c2")), ",true,x"));
    assertThat(refusal(model, "[1,2]"))
        .contains("makes more than 100000 nodes of loops and functions");
  }

  @Test
  void oneOfTwoBranchesRuns() throws IOException {
    OnnxBytes plus = message().part(1, node("Add", "x,x", "r")).part(12, info("r", 2));
    OnnxBytes minus = message().part(1, node("Sub", "x,x", "r")).part(12, info("r", 2));
    for (int value = 0; value < 2; value++) {
      OnnxBytes graph =
          message()
              .part(
                  1,
                  node(
                      "If",
                      "c",
                      "y",
                      OnnxBytes.graph("then_branch", plus),
                      OnnxBytes.graph("else_branch", minus)))
              .part(5, truth("c", value))
              .part(11, info("x", 2))
              .part(12, info("y", 2));
      assertThat(data(OnnxBytes.model(graph), "[1,2]"))
          .contains(value == 1 ? "[2.0,4.0]" : "[0.0,0.0]");
    }
  }

  private static OnnxBytes calling(OnnxBytes call) {
    return message().part(1, call).part(11, info("x", 2)).part(12, info("y", 2));
  }

  @Test
  void functionsOfTheFileBecomeTheirNodes() throws IOException {
    OnnxBytes leaky =
        function(
            "Leak",
            "a,b",
            "r",
            node("LeakyRelu", "a", "x", reference("alpha", "slope")),
            node("Add", "x,b", "r"));
    OnnxBytes twice =
        function(
            "Twice",
            "x",
            "y",
            node("Leak", "x,x", "z", real("slope", 0.5f)).own(),
            node("Leak", "z,z", "y", real("slope", 0.25f)).own());
    byte[] model = OnnxBytes.model(calling(node("Twice", "x", "y").own()), 17, leaky, twice);
    // -8 gives -4 - 8 = -12, then -3 - 12 = -15; 1 gives 2, then 4.
    assertThat(data(model, "[-8,1]")).contains("[-15.0,4.0]");
    byte[] open = OnnxBytes.model(calling(node("Leak", "x,x", "y").own()), 17, leaky);
    // Without the attribute of the call the operator's own default counts.
    assertThat(data(open, "[-8,1]")).contains("[-8.08,2.0]");
  }

  @Test
  void functionsThatCallThemselvesAreRefused() throws IOException {
    OnnxBytes a = function("A", "x", "y", node("B", "x", "y").own());
    OnnxBytes b = function("B", "x", "y", node("A", "x", "y").own());
    byte[] model = OnnxBytes.model(calling(node("A", "x", "y").own()), 17, a, b);
    assertThat(refusal(model, "[1,2]")).contains("A is a function that calls itself");
    OnnxBytes empty = function("A", "x", "y");
    model = OnnxBytes.model(calling(node("A", "x", "y").own()), 17, empty);
    assertThat(refusal(model, "[1,2]")).contains("do not give its output 'y'");
    model = OnnxBytes.model(calling(node("A", "x,x", "y").own()), 17, empty);
    assertThat(refusal(model, "[1,2]")).contains("gives 2 inputs to a function of 1");
  }

  @Test
  void tensorsGoThroughSequences() throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node("SplitToSequence", "x,two", "s", attribute("axis", 0)))
            .part(1, node("SequenceAt", "s,last", "b"))
            .part(1, node("SequenceInsert", "s,b,first", "t"))
            .part(1, node("SequenceErase", "t", "u"))
            .part(1, node("ConcatFromSequence", "u", "y", attribute("axis", 0)))
            .part(5, integers("two", 2, 3))
            .part(5, count("last", 1))
            .part(5, count("first", 0))
            .part(11, info("x", 5))
            .part(12, info("y", 5));
    byte[] model = OnnxBytes.model(graph);
    assertThat(data(model, "[1,2,3,4,5]")).contains("[3.0,4.0,5.0,1.0,2.0]");
    byte[] open =
        OnnxBytes.model(
            message()
                .part(1, node("SplitToSequence", "x", "y"))
                .part(11, info("x", 5))
                .part(12, info("y", 5)));
    assertThat(refusal(open, "[1,2,3,4,5]"))
        .contains("'y' is a tensor, but its nodes give a sequence of 5");
  }

  @Test
  void randomNumbersAreRefusedButTheirShapesAreKnown() throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node("RandomNormalLike", "x", "e"))
            .part(1, node("Add", "x,e", "y"))
            .part(11, info("x", 2))
            .part(12, info("y", 2));
    byte[] model = OnnxBytes.model(graph);
    assertThat(refusal(model, "[1,2]"))
        .isEqualTo(
            "lamina run: the network cannot run: layer 1 'n_e' RandomNormalLike() draws random"
                + " numbers, which no other program draws alike; make them an input (opset 17)\n");
    assertThat(run(model, "shape", "m.onnx", "-f", "text").out())
        .contains("n_y (x, n_e)  Add")
        .contains("output       2\n");
  }
}
