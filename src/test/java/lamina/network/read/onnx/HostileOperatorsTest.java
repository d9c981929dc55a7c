package lamina.network.read.onnx;

import static lamina.network.read.onnx.OnnxBytes.attribute;
import static lamina.network.read.onnx.OnnxBytes.floats;
import static lamina.network.read.onnx.OnnxBytes.graph;
import static lamina.network.read.onnx.OnnxBytes.info;
import static lamina.network.read.onnx.OnnxBytes.integers;
import static lamina.network.read.onnx.OnnxBytes.message;
import static lamina.network.read.onnx.OnnxBytes.node;
import static lamina.network.read.onnx.OnnxBytes.word;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators with attributes, inputs and graphs that do not fit: one line, exit 3. */
class HostileOperatorsTest {
  private static final long SEED = 20_261_129;

  @TempDir Path folder;

  private void assertRefused(OnnxBytes node, String message, int opset) throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node)
            .part(5, integers("i", 0, 1))
            .part(5, integers("one", 1))
            .part(5, OnnxBytes.head("n", 7).bytes(9, new byte[] {3, 0, 0, 0, 0, 0, 0, 0}))
            .part(5, OnnxBytes.head("yes", 9).bytes(9, new byte[] {1}))
            .part(5, OnnxBytes.head("u8", 2).bytes(9, new byte[] {1}))
            .part(5, floats("f", new long[0], 0.5f))
            .part(5, floats("f3", new long[] {3}, 1, 2, 3))
            .part(5, floats("box", new long[] {1, 4}, 0, 0, 1, 1))
            .part(11, info("x", 1, 2, 4, 4))
            .part(12, message().text(1, "y"));
    Files.write(folder.resolve("m.onnx"), OnnxBytes.model(graph, opset));
    Program result = Program.runIn(folder, Map.of(), new byte[0], "run", "m.onnx", "ones:1x2x4x4");
    assertThat(result.err())
        .as(message)
        .startsWith("lamina run: ")
        .contains(message)
        .endsWith("\n");
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.out()).as(message).isEmpty();
    assertThat(result.code()).as(result.err()).isEqualTo(3);
  }

  private static OnnxBytes real(String name) {
    return OnnxBytes.real(name, 1.5f);
  }

  private static OnnxBytes body(OnnxBytes node, String... inputs) {
    OnnxBytes body = message();
    if (node != null) {
      body.part(1, node);
    }
    for (String input : inputs) {
      body.part(11, info(input));
    }
    return body;
  }

  @Test
  void attributesAndInputsOfOperators() throws IOException {
    Map<OnnxBytes, String> nodes = new LinkedHashMap<>();
    nodes.put(node("QuantizeLinear", "x,f3", "y"), "one for each of 2 entries of axis 1");
    nodes.put(node("QuantizeLinear", "x,f", "y", attribute("axis", -7)), "axis -7");
    nodes.put(node("QuantizeLinear", "x,f,n", "y"), "data type 7");
    nodes.put(node("DequantizeLinear", "x", "y"), "needs its input 2");
    nodes.put(node("QLinearConv", "x,f,u8", "y"), "needs its input");
    nodes.put(node("QLinearMatMul", "x,f,u8", "y"), "needs its input");
    nodes.put(node("ConvInteger", "x,box", "y"), "1 to 3 are known");
    nodes.put(node("GridSample", "x,x", "y"), "a grid (N, rows, columns, 2)");
    nodes.put(node("GridSample", "x,x", "y", word("mode", "odd")), "unknown mode 'odd'");
    nodes.put(node("GridSample", "x,x", "y", word("padding_mode", "odd")), "padding_mode 'odd'");
    nodes.put(node("GridSample", "x,x", "y", attribute("mode", 3)), "'mode' that is no text");
    nodes.put(node("RoiAlign", "x,box,f", "y"), "whole numbers as images");
    nodes.put(node("RoiAlign", "x,box,i", "y"), "an image for each");
    nodes.put(node("RoiAlign", "x,box,one", "y"), "has a region of image 1, but there are 1");
    nodes.put(node("RoiAlign", "x,box,one", "y", attribute("output_width", -2)), "'output_width'");
    nodes.put(node("RoiAlign", "x,box,one", "y", real("sampling_ratio")), "no whole number");
    nodes.put(node("MaxUnpool", "x,i", "y"), "needs a 'kernel_shape'");
    nodes.put(node("MaxUnpool", "x,f", "y", attribute("kernel_shape", 2, 2)), "whole numbers");
    nodes.put(node("MaxUnpool", "x,i", "y", attribute("kernel_shape", 0, 2)), "has 0 in");
    nodes.put(node("MaxUnpool", "x,i", "y", attribute("kernel_shape", 2, 2)), "for each maximum");
    nodes.put(node("NonMaxSuppression", "x,x", "y"), "needs boxes (N, B, 4)");
    nodes.put(node("Det", "f3", "y"), "square matrices");
    nodes.put(node("Unique", "x", "y", attribute("axis", 4)), "axis 4");
    nodes.put(node("Col2Im", "x,i,i", "y"), "an input (N, C·block, L)");
    nodes.put(node("CenterCropPad", "x,one", "y"), "a size for each of 4 axes");
    nodes.put(node("HannWindow", "i", "y"), "needs one size");
    nodes.put(node("HannWindow", "f", "y"), "takes whole numbers");
    nodes.put(node("DFT", "f3", "y"), "(..., length, 1 or 2)");
    nodes.put(node("DFT", "x", "y", attribute("axis", 3)), "real and imaginary parts");
    nodes.put(node("DFT", "x,f", "y", attribute("axis", 1)), "at least 1 as its input 2");
    nodes.put(node("STFT", "x,one", "y"), "needs a signal");
    nodes.put(node("MelWeightMatrix", "x,n,n,f,f", "y"), "one number as 'x'");
    nodes.put(node("SoftmaxCrossEntropyLoss", "x,x", "y"), "whole numbers as labels");
    nodes.put(node("NegativeLogLikelihoodLoss", "x,i", "y"), "needs labels of 1x4x4");
    nodes.put(node("ScatterElements", "x,x,x", "y"), "whole numbers as indices");
    nodes.put(node("GatherND", "x,f", "y"), "whole numbers as indices");
    nodes.put(node("Concat", "n,f", "y", attribute("axis", 0)), "axis 0");
    nodes.put(node("SequenceAt", "x,n", "y"), "needs a sequence of tensors, but takes 'x'");
    nodes.put(node("ConcatFromSequence", "", "y"), "needs a sequence of tensors");
    nodes.put(node("SplitToSequence", "x,n", "y", attribute("axis", 5)), "axis 5");
    nodes.put(node("SplitToSequence", "x,i", "y", attribute("axis", 1)), "parts of 1 together");
    nodes.put(node("Reshape", "x", "y"), "needs its input 2");
    nodes.put(node("Shrink", "x", "y", attribute("bias", 1)), "'bias' that is no number");
    nodes.put(node("BatchNormalization", "x,f3,f3,f3,f3", "y", attribute("training_mode", 1)), "y");
    for (Map.Entry<OnnxBytes, String> entry : nodes.entrySet()) {
      assertRefused(entry.getKey(), entry.getValue(), 18);
    }
    assertRefused(node("Scan", "x", "y", graph("body", body(null))), "'num_scan_inputs' 0", 8);
  }

  @Test
  void graphsWithinNodes() throws IOException {
    OnnxBytes open =
        body(node("Relu", "nowhere", "r"), "t", "c").part(12, info("c")).part(12, info("r"));
    OnnxBytes none = body(null, "t", "c").part(12, info("r"));
    OnnxBytes fine = body(node("Relu", "c", "r"), "t", "c").part(12, info("c"));
    Map<OnnxBytes, String> nodes = new LinkedHashMap<>();
    nodes.put(node("Loop", "n,yes", "y"), "has no body");
    nodes.put(node("Loop", "n,yes", "y", attribute("body", 3)), "'body' that is no graph");
    nodes.put(node("Loop", "n,yes", "y", graph("body", fine)), "has 2 outputs but its graph 1");
    nodes.put(node("Loop", "n,yes", "y", graph("body", open)), "takes 'nowhere', which no node");
    nodes.put(node("Loop", "n,yes,x", "y", graph("body", fine)), "2 outputs but its graph 1");
    OnnxBytes two = body(null, "t").part(12, info("t")).part(12, info("t"));
    nodes.put(
        node("Loop", "n,yes", "y", graph("body", two)), "gives 2 inputs to a graph that takes 1");
    nodes.put(node("Loop", "x,yes", "y", graph("body", two)), "takes whole numbers as 'x'");
    nodes.put(node("Loop", "i,yes", "y", graph("body", two)), "takes one number of turns, not 2");
    nodes.put(node("If", "yes", "y", graph("else_branch", none)), "has no then_branch");
    OnnxBytes branch = message().part(12, info("r"));
    nodes.put(node("If", "yes", "y", graph("then_branch", branch)), "do not give its output 'r'");
    nodes.put(node("If", "i", "y", graph("then_branch", branch)), "takes one number as 'i', not 2");
    nodes.put(node("Scan", "x", "y", graph("body", none)), "'num_scan_inputs' 0");
    nodes.put(
        node("Scan", "x", "y", graph("body", none), attribute("num_scan_inputs", 4)),
        "has 4 num_scan_inputs but 1 inputs");
    nodes.put(
        node(
            "Scan",
            "x",
            "y",
            graph("body", body(null, "e").part(12, info("e"))),
            attribute("num_scan_inputs", 1),
            attribute("scan_input_axes", 9, 9)),
        "has 2 numbers in 'scan_input_axes' but needs 1");
    for (Map.Entry<OnnxBytes, String> entry : nodes.entrySet()) {
      assertRefused(entry.getKey(), entry.getValue(), 18);
    }
  }

  /** Each change is of one to three bytes of a test of some operator. */
  @Test
  void bytesOfAllOperatorsThatWereChanged() throws IOException {
    List<byte[]> models = new ArrayList<>();
    for (String name : PackedModels.unpack("node.zip", folder)) {
      models.add(Files.readAllBytes(folder.resolve(name).resolve("model.onnx")));
    }
    Random random = new Random(SEED);
    int refusals = 0;
    for (int i = 0; i < 1500; i++) {
      byte[] changed = models.get(random.nextInt(models.size())).clone();
      for (int k = 0; k <= i % 3; k++) {
        int place = random.nextInt(changed.length);
        changed[place] += (byte) (random.nextBoolean() ? 1 : random.nextInt(256));
      }
      Files.write(folder.resolve("m.onnx"), changed);
      Program result = Program.runIn(folder, Map.of(), new byte[0], "shape", "m.onnx");
      String what = "seed " + SEED + ", change " + i + ": " + result.err();
      assertThat(result.code()).as(what).isIn(0, 2, 3);
      if (result.code() > 0) {
        assertThat(result.out()).as(what).isEmpty();
        assertThat(result.err().lines().filter(line -> line.startsWith("lamina shape: ")))
            .as(what)
            .hasSize(1);
        refusals++;
      }
    }
    assertThat(refusals).isGreaterThan(500);
  }
}
