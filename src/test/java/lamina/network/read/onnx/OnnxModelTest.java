package lamina.network.read.onnx;

import static lamina.network.read.onnx.OnnxBytes.info;
import static lamina.network.read.onnx.OnnxBytes.message;
import static lamina.network.read.onnx.OnnxBytes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX models through the program. */
class OnnxModelTest {
  @TempDir Path folder;

  private static final String MODELS = "src/test/resources/onnx/";

  @Test
  void shapeShowsBranchesParametersAndMacs() {
    Program result =
        Program.run(
            "shape", MODELS + "light_squeezenet.onnx", "-f", "text", "--input", "1x3x224x224");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    // torchvision.models.squeezenet1_1 has the same layers: 1,235,496 parameters.
    assertThat(result.out())
        .contains("n9 (n6, n8)     Concat             1 x 128 x 55 x 55")
        .contains("output       1 x 1000 x 1 x 1")
        .contains("parameters   1,235,496 ");
  }

  @Test
  void runComparesWithTheOutputsOfATestFolder() {
    for (String name :
        new String[] {
          "test_basic_conv_with_padding", "test_batchnorm_example", "test_PReLU_2d_multiparam"
        }) {
      String folder = MODELS + name;
      Program result =
          Program.run(
              "run", folder + "/model.onnx", "--test-data", folder + "/test_data_set_0", "-q");
      assertThat(result.err()).isEmpty();
      assertThat(result.code()).isZero();
    }
  }

  /** The diagonal of [[0,1,2],[3,4,5],[6,7,8]] is [0,4,8]; its trace 12. */
  @Test
  void einsumTakesDiagonalsAndThreeTensors() throws IOException {
    assertThat(einsum("ii->i", "x", "arange:3x3")).contains("\"data\":[0.0,4.0,8.0]");
    assertThat(einsum("ii->", "x", "arange:3x3")).contains("\"data\":12.0");
    assertThat(einsum("iji,j->i", "x,y", "arange:2x3x2", "[1,10,100]"))
        .contains("\"data\":[420.0,1197.0]");
    assertThat(einsum("a,ab,b->", "x,y,z", "[1,2]", "[[1,2,3],[4,5,6]]", "[1,0,1]"))
        .contains("\"data\":24.0");
  }

  private String einsum(String equation, String names, String... inputs) throws IOException {
    OnnxBytes graph =
        message().part(1, node("Einsum", names, "out", OnnxBytes.word("equation", equation)));
    for (String name : names.split(",", -1)) {
      graph.part(11, message().text(1, name).part(2, message().part(1, message().number(1, 1))));
    }
    graph.part(12, message().text(1, "out"));
    Files.write(folder.resolve("e.onnx"), OnnxBytes.model(graph));
    String[] arguments = new String[inputs.length + 2];
    arguments[0] = "run";
    arguments[1] = "e.onnx";
    System.arraycopy(inputs, 0, arguments, 2, inputs.length);
    Program result = Program.runIn(folder, Map.of(), new byte[0], arguments);
    assertThat(result.err()).isEmpty();
    return result.out();
  }

  /** The last of two tensors goes in front of them: 7, then [1, 2] and 7 again. */
  @Test
  void sequencesComeFromTestDataAndAreComparedTensorByTensor() throws IOException {
    OnnxBytes type = message().part(4, message().part(1, tensorType()));
    OnnxBytes graph =
        message()
            .part(1, node("SequenceAt", "x,last", "end"))
            .part(1, node("SequenceInsert", "x,end,first", "y"))
            .part(
                5, OnnxBytes.head("last", 7).bytes(9, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}))
            .part(5, OnnxBytes.head("first", 7).bytes(9, new byte[8]))
            .part(11, message().text(1, "x").part(2, type))
            .part(12, message().text(1, "y").part(2, type));
    Files.write(folder.resolve("s.onnx"), OnnxBytes.model(graph));
    OnnxBytes pair = floats(new long[] {2}, 1, 2);
    OnnxBytes seven = floats(new long[] {1}, 7);
    OnnxBytes input = message().number(2, 1).part(3, pair).part(3, seven);
    Files.write(folder.resolve("input_0.pb"), input.done());
    Program wrong = compared(seven, pair, floats(new long[] {1}, 8));
    assertThat(wrong.err())
        .startsWith("run: output 'y[2]': 1 of 1 element differs from the expected")
        .contains("7.0, expected 8.0");
    assertThat(wrong.code()).isEqualTo(1);
    Program right = compared(seven, pair, seven);
    assertThat(right.err()).isEmpty();
    assertThat(right.out())
        .isEqualTo(
            "{\"shape\":[1],\"data\":[7.0],\"y[1]\":{\"shape\":[2],\"data\":[1.0,2.0]},"
                + "\"y[2]\":{\"shape\":[1],\"data\":[7.0]}}\n");
    Program fewer = compared(seven, pair);
    assertThat(fewer.err())
        .isEqualTo(
            "lamina run: --test-data: the model gives 3 tensors, but its folder expects 2\n");
    assertThat(fewer.code()).isEqualTo(3);
    for (String command : new String[] {"run", "shape", "bench"}) {
      String option = command.equals("run") ? "[1]" : "--input=1";
      Program alone = Program.runIn(folder, Map.of(), new byte[0], command, "s.onnx", option);
      assertThat(alone.err())
          .isEqualTo(
              "lamina "
                  + command
                  + ": s.onnx: its input 'x' is a sequence or an optional value, which only"
                  + " lamina run --test-data gives\n");
      assertThat(alone.code()).isEqualTo(3);
    }
  }

  private Program compared(OnnxBytes... expected) throws IOException {
    OnnxBytes output = message().number(2, 1);
    for (OnnxBytes tensor : expected) {
      output.part(3, tensor);
    }
    Files.write(folder.resolve("output_0.pb"), output.done());
    return Program.runIn(folder, Map.of(), new byte[0], "run", "s.onnx", "--test-data", ".");
  }

  private static OnnxBytes tensorType() {
    return message().part(1, message().number(1, 1));
  }

  private static OnnxBytes floats(long[] sizes, float... values) {
    return OnnxBytes.floats("", sizes, values);
  }

  /** The gradient of 2x is 2; what is one-hot of its largest is a further output. */
  @Test
  void gradientsGoPastWhatTheOutputDoesNotDependOn() throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node("Add", "x,x", "y"))
            .part(1, node("ArgMax", "y", "most", OnnxBytes.attribute("axis", 1)))
            .part(1, node("OneHot", "most,depth,values", "hot"))
            .part(5, OnnxBytes.integers("depth", 3))
            .part(5, OnnxBytes.floats("values", new long[] {2}, 0, 1))
            .part(11, info("x", 1, 3))
            .part(12, info("y", 1, 3))
            .part(12, message().text(1, "hot"));
    Program result = run(OnnxBytes.model(graph), "run", "m.onnx", "[[1,3,2]]", "--grad=1");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("\"grad_input\":{\"shape\":[1,3],\"data\":[[2.0,2.0,2.0]]}");
    // A product with it: 0, 1 and 0 by the largest, whose place has no gradient.
    graph =
        message()
            .part(1, node("ArgMax", "x", "most", OnnxBytes.attribute("axis", 1)))
            .part(1, node("OneHot", "most,depth,values", "hot"))
            .part(1, node("Mul", "x,hot", "y"))
            .part(5, OnnxBytes.integers("depth", 3))
            .part(5, OnnxBytes.floats("values", new long[] {2}, 0, 1))
            .part(11, info("x", 1, 3))
            .part(12, message().text(1, "y"));
    result = run(OnnxBytes.model(graph), "run", "m.onnx", "[[1,3,2]]", "--grad=1");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("\"grad_input\":{\"shape\":[1,3],\"data\":[[0.0,1.0,0.0]]}")
        .contains("\"grad_values\":{\"shape\":[2],\"data\":[3.0,3.0]}");
  }

  /** Padded after each row by as much as it has. */
  @Test
  void padsMayDependOnSizesWithSymbols() throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node("Shape", "x", "sizes"))
            .part(1, node("Gather", "sizes,one", "h"))
            .part(1, node("Concat", "none,h", "pads", OnnxBytes.attribute("axis", 0)))
            .part(1, node("Pad", "x,pads", "y"))
            .part(5, OnnxBytes.integers("one", 1))
            .part(5, OnnxBytes.integers("none", 0, 0, 0))
            .part(11, OnnxBytes.named("x", "N", "H"))
            .part(12, message().text(1, "y"));
    byte[] model = OnnxBytes.model(graph);
    Program shape = run(model, "shape", "m.onnx", "-f", "text");
    assertThat(shape.err()).isEmpty();
    assertThat(shape.out()).contains("output       N x 2·H");
    assertThat(run(model, "run", "m.onnx", "[[1,2]]").out())
        .isEqualTo("{\"shape\":[1,4],\"data\":[[1.0,2.0,0.0,0.0]]}\n");
  }

  @Test
  void aDifferenceIsNamedWithItsFirstElement() {
    String folder = MODELS + "test_basic_conv_with_padding";
    Program result =
        Program.run(
            "run",
            folder + "/model.onnx",
            "--test-data",
            folder + "/test_data_set_0",
            "--rtol=0",
            "--atol=0",
            "--input-tensor=x=ones:1x1x5x5");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).isEqualTo("lamina run: either INPUT or --test-data, not both\n");
  }

  @Test
  void inputsComeByPositionOrByName() {
    String model = MODELS + "test_basic_conv_with_padding/model.onnx";
    Program byPosition = Program.run("run", model, "arange:1x1x5x5", "ones:1x1x3x3");
    Program byName =
        Program.run(
            "run", model, "--input-tensor", "W=ones:1x1x3x3", "--input-tensor=x=arange:1x1x5x5");
    assertThat(byPosition.err()).isEmpty();
    // The sum of the nine numbers around the centre 12 is 108.
    assertThat(byPosition.out()).startsWith("{\"shape\":[1,1,5,5],").contains("108.0");
    assertThat(byName.out()).isEqualTo(byPosition.out());
    Program missing = Program.run("run", model, "--input-tensor", "W=ones:1x1x3x3", "[[1]]");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err().lines()).hasSize(1);
  }

  private Program run(byte[] model, String... arguments) throws IOException {
    Files.write(folder.resolve("m.onnx"), model);
    return Program.runIn(folder, Map.of(), new byte[0], arguments);
  }

  @Test
  void anUnknownOperatorIsMarkedAndTheFilesShapeGoesOn() throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node("Frobnicate", "x", "h"))
            .part(1, node("Relu", "h", "y"))
            .part(11, info("x", 1, 4))
            .part(12, info("y", 1, 6))
            .part(13, info("h", 1, 6));
    byte[] model = OnnxBytes.model(graph, 19);
    Program shape = run(model, "shape", "m.onnx", "-f", "text");
    assertThat(shape.err()).isEmpty();
    assertThat(shape.code()).isZero();
    assertThat(shape.out())
        .contains("output       1 x 6")
        .contains("- layer 1 'n_h' Frobnicate() is an operator that is not known (opset 19)");
    Program refused = run(model, "run", "m.onnx", "[1,2,3,4]");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .isEqualTo(
            "lamina run: the network cannot run: layer 1 'n_h' Frobnicate() is an operator that is"
                + " not known (opset 19)\n");
  }

  @Test
  void symbolsOfTheFileStaySymbolsThroughArithmeticOnShapes() throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node("Shape", "x", "s"))
            .part(1, node("Gather", "s,zero", "n", OnnxBytes.attribute("axis", 0)))
            .part(1, node("Unsqueeze", "n,axes", "n1"))
            .part(1, node("Concat", "n1,rest", "target", OnnxBytes.attribute("axis", 0)))
            .part(1, node("Reshape", "x,target", "y"))
            .part(5, OnnxBytes.head("zero", 7).bytes(9, new byte[8]))
            .part(5, OnnxBytes.integers("axes", 0))
            .part(5, OnnxBytes.integers("rest", -1))
            .part(11, OnnxBytes.named("x", "N", "3", "height", "5"))
            .part(12, OnnxBytes.named("y", "N", "m"));
    byte[] model = OnnxBytes.model(graph);
    Program shape = run(model, "shape", "m.onnx", "-f", "text");
    assertThat(shape.out()).contains("output       N x 15·height");
    Program given = run(model, "shape", "m.onnx", "--input", "2x3x4x5", "-f", "text");
    assertThat(given.out()).contains("output       2 x 60");
    Program misfit = run(model, "shape", "m.onnx", "--input", "2x4x4x5");
    assertThat(misfit.code()).isEqualTo(3);
    assertThat(misfit.err())
        .isEqualTo(
            "lamina shape: m.onnx: the input 'x' is Nx4x4x5, but the file wants Nx3xheightx5\n");
    assertThat(run(model, "run", "m.onnx", "ones:2x3x2x5", "--expect-shape", "2x30").code())
        .isZero();
  }

  @Test
  void severalInputsComeAsMembersAndFurtherOutputsAreMembers() throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node("Sub", "a,b", "difference"))
            .part(1, node("Mul", "a,b", "product"))
            .part(11, info("a", 2))
            .part(11, info("b", 2))
            .part(12, info("product", 2))
            .part(12, info("difference", 2));
    Program result = run(OnnxBytes.model(graph), "run", "m.onnx", "{\"b\": [1, 2], \"a\": [5, 7]}");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            "{\"shape\":[2],\"data\":[5.0,14.0],"
                + "\"difference\":{\"shape\":[2],\"data\":[4.0,5.0]}}\n");
    Program gradients = run(OnnxBytes.model(graph), "run", "m.onnx", "[5,7]", "[1,2]", "--grad=1");
    assertThat(gradients.out())
        .contains("\"grad_input\":{\"shape\":[2],\"data\":[1.0,2.0]}")
        .contains("\"grad_b\":{\"shape\":[2],\"data\":[5.0,7.0]}");
  }

  @Test
  void weightsMayLieInAFileBesideTheModel() throws IOException {
    ByteBuffer elements = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    elements.putFloat(9).putFloat(2).putFloat(3);
    Files.write(folder.resolve("weights.bin"), elements.array());
    OnnxBytes weight =
        OnnxBytes.head("w", 1, 2)
            .part(13, message().text(1, "location").text(2, "weights.bin"))
            .part(13, message().text(1, "offset").text(2, "4"))
            .part(13, message().text(1, "length").text(2, "8"))
            .number(14, 1);
    OnnxBytes graph =
        message()
            .part(1, node("Mul", "x,w", "y"))
            .part(5, weight)
            .part(11, info("x", 2))
            .part(12, info("y", 2));
    Program result = run(OnnxBytes.model(graph), "run", "m.onnx", "[10, 100]", "--grad=1");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("\"data\":[20.0,300.0]")
        .contains("\"grad_w\":{\"shape\":[2],\"data\":[10.0,100.0]}");
  }

  @Test
  void theOldRuleOfStretchingHoldsBeforeOpset7() throws IOException {
    OnnxBytes add =
        node(
            "Add", "x,b", "y", OnnxBytes.attribute("broadcast", 1), OnnxBytes.attribute("axis", 1));
    OnnxBytes graph =
        message()
            .part(1, add)
            .part(11, info("x", 1, 2, 2))
            .part(11, info("b", 2))
            .part(12, info("y", 1, 2, 2));
    Program result = run(OnnxBytes.model(graph, 6), "run", "m.onnx", "[[[1,2],[3,4]]]", "[10,20]");
    assertThat(result.out()).contains("\"data\":[[[11.0,12.0],[23.0,24.0]]]");
  }

  @Test
  void aBatchNormBecomesPartOfTheConvolutionBeforeItUnlessItIsAskedFor() throws IOException {
    long[] one = {1};
    OnnxBytes graph =
        message()
            .part(1, node("Conv", "x,w,b", "h"))
            .part(1, node("BatchNormalization", "h,scale,shift,mean,variance", "y"))
            .part(5, OnnxBytes.floats("w", new long[] {1, 1, 1, 1}, 2))
            .part(5, OnnxBytes.floats("b", one, 1))
            .part(5, OnnxBytes.floats("scale", one, 3))
            .part(5, OnnxBytes.floats("shift", one, 5))
            .part(5, OnnxBytes.floats("mean", one, 1))
            .part(5, OnnxBytes.floats("variance", one, 4))
            .part(11, info("x", 1, 1, 1, 2))
            .part(12, info("y", 1, 1, 1, 2));
    // 2x + 1 of 1 and 3 is 3 and 7; less 1, over 2, times 3, plus 5: 8 and 14.
    String[] run = {
      "run", "m.onnx", "[[[[1,3]]]]", "--expect", "[[[[8,14]]]]", "--rtol=1e-5", "--dtype=float32"
    };
    Program merged = run(OnnxBytes.model(graph), run);
    assertThat(merged.err()).isEmpty();
    String[] all = Arrays.copyOf(run, run.length + 1);
    all[run.length] = "--all";
    Program apart = run(OnnxBytes.model(graph), all);
    assertThat(apart.err()).isEmpty();
    assertThat(apart.out())
        .contains("\"n_h\":{\"shape\":[1,1,1,2],\"dtype\":\"float32\",\"data\":[[[[3.0,7.0]]]]}");
    Program gradients =
        run(OnnxBytes.model(graph), "run", "m.onnx", "[[[[1,3]]]]", "--grad=1", "--precision=3");
    // The gradient of w is 3/2 times the sum of x.
    assertThat(gradients.out()).contains("\"grad_w\":{\"shape\":[1,1,1,1],\"data\":[[[[5.99999");
  }

  @Test
  void anOpsetThatIsNotKnownIsRemarkedOnceUnlessQuiet() throws IOException {
    OnnxBytes graph =
        message()
            .part(1, node("Relu", "x", "y"))
            .part(11, info("x", 1, 2))
            .part(12, info("y", 1, 2));
    for (int opset : new int[] {5, 26, 99}) {
      byte[] model = OnnxBytes.model(graph, opset);
      String remark =
          ": m.onnx: is of opset "
              + opset
              + ", but opsets 6 to 25 are known: its operators may mean something else\n";
      Program result = run(model, "run", "m.onnx", "[[1,-2]]");
      assertThat(result.err()).isEqualTo("lamina run" + remark);
      assertThat(result.out()).contains("[[1.0,0.0]]");
      assertThat(result.code()).isZero();
      assertThat(run(model, "shape", "m.onnx").err()).isEqualTo("lamina shape" + remark);
      assertThat(run(model, "run", "m.onnx", "[[1,-2]]", "-q").err()).isEmpty();
      assertThat(run(model, "shape", "m.onnx", "-q").err()).isEmpty();
    }
    for (int opset : new int[] {6, 25}) {
      assertThat(run(OnnxBytes.model(graph, opset), "run", "m.onnx", "[[1,-2]]").err()).isEmpty();
    }
  }

  @Test
  void anOutputOfAnotherShapeThanTheFileSaysIsRemarkedOn() throws IOException {
    OnnxBytes graph = message().part(1, node("Relu", "x", "y")).part(11, info("x", 1, 2));
    String[][] declared = {{"1", "3"}, {"2"}};
    for (String[] sizes : declared) {
      byte[] model =
          OnnxBytes.model(
              message()
                  .part(1, node("Relu", "x", "y"))
                  .part(11, info("x", 1, 2))
                  .part(12, OnnxBytes.named("y", sizes)));
      String remark =
          ": m.onnx: says that its output 'y' is "
              + String.join("x", sizes)
              + ", but its nodes give 1x2\n";
      Program result = run(model, "run", "m.onnx", "[[1,-2]]");
      assertThat(result.err()).isEqualTo("lamina run" + remark);
      assertThat(result.out()).contains("[[1.0,0.0]]");
      assertThat(result.code()).isZero();
      assertThat(run(model, "shape", "m.onnx").err()).isEqualTo("lamina shape" + remark);
      assertThat(run(model, "run", "m.onnx", "[[1,-2]]", "-q").err()).isEmpty();
    }
    byte[] open = OnnxBytes.model(graph.part(12, OnnxBytes.named("y", "batch", "2")));
    assertThat(run(open, "run", "m.onnx", "[[1,-2]]").err()).isEmpty();
  }
}
