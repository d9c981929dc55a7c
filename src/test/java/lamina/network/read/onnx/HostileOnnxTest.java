package lamina.network.read.onnx;

import static lamina.network.read.onnx.OnnxBytes.attribute;
import static lamina.network.read.onnx.OnnxBytes.head;
import static lamina.network.read.onnx.OnnxBytes.info;
import static lamina.network.read.onnx.OnnxBytes.integers;
import static lamina.network.read.onnx.OnnxBytes.message;
import static lamina.network.read.onnx.OnnxBytes.node;
import static lamina.network.read.onnx.OnnxBytes.tensor;
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

/** Malformed ONNX files: one line, exit 3, nothing written. */
class HostileOnnxTest {
  private static final long SEED = 20_260_101;

  @TempDir Path folder;

  private void assertRefused(String what, byte[] model, String message) throws IOException {
    Path file = folder.resolve("m.onnx");
    Files.write(file, model);
    Program result = Program.runIn(folder, Map.of(), new byte[0], "run", "m.onnx", "ones:1x1x4x4");
    assertThat(result.err()).as(what).startsWith("lamina run: ").contains(message).endsWith("\n");
    assertThat(result.err().lines()).as(what).hasSize(1);
    assertThat(result.out()).as(what).isEmpty();
    assertThat(result.code()).as(what + ": " + result.err()).isEqualTo(3);
  }

  private static OnnxBytes graph(OnnxBytes node, OnnxBytes... initializers) {
    OnnxBytes graph = message().part(1, node).text(2, "g");
    for (OnnxBytes initializer : initializers) {
      graph.part(5, initializer);
    }
    return graph.part(11, info("x", 1, 1, 4, 4)).part(12, info("y", 1, 1, 4, 4));
  }

  @Test
  void filesThatEndTooEarly() throws IOException {
    byte[] whole = OnnxBytes.model(graph(node("Conv", "x,w", "y"), tensor("w", 9, 1, 1, 3, 3)));
    for (int length = 3; length < whole.length - 6; length += 5) {
      assertRefused("cut to " + length, java.util.Arrays.copyOf(whole, length), "m.onnx");
    }
  }

  @Test
  void bytesThatWereChanged() throws IOException {
    byte[] whole =
        Files.readAllBytes(
            Path.of("src/test/resources/onnx/test_basic_conv_with_padding/model.onnx"));
    Random random = new Random(SEED);
    List<String> refusals = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      byte[] changed = whole.clone();
      for (int k = 0; k <= i % 3; k++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      Files.write(folder.resolve("m.onnx"), changed);
      Program result =
          Program.runIn(
              folder,
              Map.of(),
              new byte[0],
              "run",
              "m.onnx",
              "--input-tensor=x=ones:1x1x5x5",
              "--input-tensor=W=ones:1x1x3x3");
      // Some changes do no harm: to a name, or to who made the file.
      assertThat(result.code()).as("seed %s, change %s: %s", SEED, i, result.err()).isIn(0, 3);
      if (result.code() == 3) {
        assertThat(result.err()).startsWith("lamina run: ");
        assertThat(result.err().lines()).hasSize(1);
        refusals.add(result.err());
      }
    }
    assertThat(refusals).hasSizeGreaterThan(60);
  }

  @Test
  void graphsThatDoNotHoldTogether() throws IOException {
    Map<String, byte[]> models = new LinkedHashMap<>();
    models.put("no graph", message().number(1, 8).done());
    models.put("has no output", OnnxBytes.model(message().part(1, node("Relu", "x", "y"))));
    models.put("no node, input or weight gives", OnnxBytes.model(graph(node("Relu", "z", "y"))));
    models.put(
        "is there already",
        OnnxBytes.model(graph(node("Relu", "x", "y")).part(1, node("Relu", "x", "y"))));
    models.put(
        "form a cycle",
        OnnxBytes.model(graph(node("Add", "x,b", "y")).part(1, node("Relu", "y", "b"))));
    models.put(
        "two inputs 'x'", OnnxBytes.model(graph(node("Relu", "x", "y")).part(11, info("x", 1))));
    models.put(
        "output 'q' is given by no",
        OnnxBytes.model(graph(node("Relu", "x", "y")).part(12, info("q", 1))));
    models.put("needs its input 2", OnnxBytes.model(graph(node("Conv", "x", "y"))));
    models.put(
        "node 'n_y' Frobnicate() is an operator that is not known (opset 17)".substring(11),
        OnnxBytes.model(graph(node("Frobnicate", "x", "y"))));
    for (Map.Entry<String, byte[]> model : models.entrySet()) {
      assertRefused(model.getKey(), model.getValue(), model.getKey());
    }
  }

  @Test
  void operatorsWhoseAttributesOrShapesDoNotFit() throws IOException {
    OnnxBytes w = tensor("w", 9, 1, 1, 3, 3);
    assertRefused(
        "text for numbers",
        OnnxBytes.model(graph(node("Conv", "x,w", "y", word("strides", "2")), w)),
        "'strides' that is no list of whole numbers");
    Map<OnnxBytes, String> nodes = new LinkedHashMap<>();
    nodes.put(node("Conv", "x,w", "y", attribute("strides", 0, 1)), "has 0 in 'strides'");
    nodes.put(node("Conv", "x,w", "y", attribute("strides", 1, 1, 1)), "needs 2");
    nodes.put(node("Conv", "x,w", "y", attribute("pads", 1, 1, 1, -1)), "has -1 in 'pads'");
    nodes.put(node("Conv", "x,w", "y", attribute("dilations", 9, 9)), "kernel spans 19");
    nodes.put(node("Conv", "x,w", "y", attribute("group", 2)), "has 2 groups");
    nodes.put(node("Conv", "x,w", "y", attribute("group", 0)), "'group' 0");
    nodes.put(node("Conv", "x,w", "y", attribute("kernel_shape", 2, 2)), "kernel_shape");
    nodes.put(node("Conv", "x,w", "y", word("auto_pad", "SOME")), "auto_pad 'SOME'");
    nodes.put(node("MaxPool", "x", "y"), "needs a 'kernel_shape'");
    nodes.put(node("MaxPool", "x", "y", attribute("kernel_shape", 1L << 40, 2)), "kernel_shape");
    nodes.put(node("Flatten", "x", "y", attribute("axis", 9)), "axis 9");
    nodes.put(node("Softmax", "x", "y", attribute("axis", -5)), "axis -5");
    nodes.put(node("Concat", "x,w", "y", attribute("axis", 1)), "differ on axis");
    nodes.put(node("Transpose", "x", "y", attribute("perm", 0, 1, 2, 2)), "names axis 2 twice");
    nodes.put(node("Transpose", "x", "y", attribute("perm", 0, 1)), "an order of 4 axes");
    nodes.put(node("MatMul", "x,w", "y"), "as many columns");
    nodes.put(node("Gemm", "x,w", "y"), "needs matrices");
    nodes.put(node("Add", "x,w", "y"), "needs inputs of one shape");
    nodes.put(node("ReduceMean", "x", "y", attribute("axes", 0, 7)), "axis 7");
    nodes.put(node("Split", "x", "y,z", attribute("axis", 12)), "axis 12");
    nodes.put(node("DepthToSpace", "x", "y", attribute("blocksize", 3)), "a multiple of 9");
    nodes.put(node("BatchNormalization", "x,w,w,w,w", "y"), "one value a channel");
    nodes.put(node("LSTM", "x,w,w", "y"), "three axes");
    nodes.put(node("If", "x", "y"), "n_y");
    nodes.put(node("Einsum", "x", "y", word("equation", "ab->c")), "names 2 axes");
    nodes.put(node("Cast", "x", "y", attribute("to", 99)), "data type 99");
    for (Map.Entry<OnnxBytes, String> entry : nodes.entrySet()) {
      assertRefused(entry.getValue(), OnnxBytes.model(graph(entry.getKey(), w)), entry.getValue());
    }
  }

  @Test
  void numbersThatDecideShapes() throws IOException {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("leaves two sizes open", new long[] {-1, -1});
    shapes.put("rather than 15", new long[] {3, 5});
    shapes.put("wants the size -7", new long[] {-7});
    shapes.put("cannot share the elements", new long[] {3, -1});
    for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
      OnnxBytes target = integers("s", shape.getValue());
      assertRefused(
          shape.getKey(),
          OnnxBytes.model(graph(node("Reshape", "x,s", "y"), target)),
          shape.getKey());
    }
    String tooLarge = "too large";
    OnnxBytes huge = integers("s", 1 << 20, 1 << 20);
    assertRefused(
        "ConstantOfShape",
        OnnxBytes.model(graph(node("ConstantOfShape", "s", "y"), huge)),
        tooLarge);
    OnnxBytes repeats = integers("s", 1, 1, 1L << 31, 1L << 20);
    assertRefused("Tile", OnnxBytes.model(graph(node("Tile", "x,s", "y"), repeats)), tooLarge);
    OnnxBytes overflow = integers("s", 1L << 62, 1L << 62, 4, 4);
    assertRefused("Tile", OnnxBytes.model(graph(node("Tile", "x,s", "y"), overflow)), tooLarge);
  }

  @Test
  void tensorsThatClaimWhatIsNotThere() throws IOException {
    OnnxBytes conv = node("Conv", "x,w", "y");
    Map<OnnxBytes, String> tensors = new LinkedHashMap<>();
    tensors.put(tensor("w", 8, 1, 1, 3, 3), "needs 36 bytes but has 32");
    tensors.put(tensor("w", 10, 1, 1, 3, 3), "needs 36 bytes but has 40");
    tensors.put(tensor("w", 9, 1, 1, 3, -3), "a size of -3");
    tensors.put(tensor("w", 9, 1, 1, 1L << 31, 3), "a size of 2147483648");
    tensors.put(tensor("w", 9, 1 << 16, 1, 1 << 15, 1), "w");
    tensors.put(head("w", 8, 1, 1, 3, 3), "holds strings");
    tensors.put(head("w", 14, 1, 1, 3, 3), "complex");
    tensors.put(head("w", 77, 1, 1, 3, 3), "data type 77");
    tensors.put(head("w", 0, 1, 1, 3, 3), "has no data type");
    tensors.put(head("w", 1, 1, 1, 3, 3), "needs 9 elements but has 0");
    for (Map.Entry<OnnxBytes, String> entry : tensors.entrySet()) {
      assertRefused(
          entry.getValue(), OnnxBytes.model(graph(conv, entry.getKey())), entry.getValue());
    }
    byte[] claim = message().number(1, 8).claimed(7, Integer.MAX_VALUE, new byte[20]).done();
    assertRefused("2 GB", claim, "claims 2147483647 bytes but only");
    byte[] negative = message().number(1, 8).claimed(7, -1, new byte[20]).done();
    assertRefused("negative", negative, "damaged");
  }

  @Test
  void externalDataStaysInTheModelsFolder() throws IOException {
    Path outside = Files.createTempFile("outside", ".bin");
    Files.write(outside, new byte[36]);
    Files.write(folder.resolve("small.bin"), new byte[8]);
    Files.createSymbolicLink(folder.resolve("link.bin"), outside);
    Map<String, String> locations = new LinkedHashMap<>();
    locations.put("../" + outside.getFileName(), "not in the model's folder");
    locations.put(outside.toString(), "not in the model's folder");
    locations.put("a/../../b.bin", "not in the model's folder");
    locations.put("link.bin", "a link out of the model's folder");
    locations.put("missing.bin", "there is no such file");
    locations.put("", "not in the model's folder");
    locations.put("small.bin", "needs 36 bytes but has 8 of external data");
    for (Map.Entry<String, String> location : locations.entrySet()) {
      OnnxBytes tensor =
          head("w", 1, 1, 1, 3, 3)
              .part(13, message().text(1, "location").text(2, location.getKey()))
              .number(14, 1);
      assertRefused(
          location.getKey(),
          OnnxBytes.model(graph(node("Conv", "x,w", "y"), tensor)),
          location.getValue());
    }
    OnnxBytes beyond =
        head("w", 1, 1, 1, 3, 3)
            .part(13, message().text(1, "location").text(2, "small.bin"))
            .part(13, message().text(1, "offset").text(2, "9000000000"))
            .part(13, message().text(1, "length").text(2, "36"))
            .number(14, 1);
    assertRefused(
        "offset", OnnxBytes.model(graph(node("Conv", "x,w", "y"), beyond)), "which has 8");
    Files.delete(outside);
  }
}
