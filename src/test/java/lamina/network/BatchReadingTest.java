package lamina.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** shape and run read an input in the same way, and say what they assume of its batch. */
class BatchReadingTest {
  private static final String ASSUMED =
      " is read as the batch, as in PyTorch, since no layer tells how many axes a sample has; for"
          + " one sample, give 1x";

  private static Map<?, ?> json(Program program) {
    assertThat(program.code()).isZero();
    return (Map<?, ?>) JsonValues.read(program.out(), "stdout");
  }

  /** The sizes are those that PyTorch gives for the same module and tensor. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upsample(scale_factor=2) | 3x8x8 | [3, 8, 16]",
        "ReLU(), Upsample(scale_factor=2) | 3x8x8 | [3, 8, 16]",
        "Dropout(), Identity(), Upsample(scale_factor=2) | 3x8x8 | [3, 8, 16]",
        "Upsample(size=5) | 2x3x4x4 | [2, 3, 5, 5]",
        "Flatten() | 3x4x5 | [3, 20]",
        "ReLU(), Flatten() | 2x2 | [2, 2]",
        "Flatten(2) | 2x3x4x5 | [2, 3, 20]",
        "GLU(1) | 3x4x5 | [3, 2, 5]",
        "GLU(0) | 4x5 | [2, 5]",
        "Softmax(1) | 3x4 | [3, 4]",
        "Select(1, 0) | 3x4x5 | [3, 5]",
        "Unflatten(1, (2, 2)) | 3x4 | [3, 2, 2]",
        "GroupNorm(2, 4) | 3x4 | [3, 4]",
        "PReLU(4) | 3x4 | [3, 4]",
        "Flatten(), Linear(20, 2) | 3x4x5 | [3, 2]",
        // These fit as one sample alone.
        "Flatten(), Linear(60, 2) | 3x4x5 | [2]",
        "Unflatten(1, (2, 2)) | 4 | [2, 2]",
        // A layer tells how many axes a sample has, or none counts them.
        "Conv2d(3, 4, 3), Flatten(), Linear(36, 2) | 3x5x5 | [2]",
        "Upsample(scale_factor=2), Conv2d(3, 4, 3) | 3x5x5 | [4, 8, 8]",
        "Upsample(scale_factor=2, mode='bilinear') | 3x4x4 | [3, 8, 8]",
        "ReLU() | 3x4x5 | [3, 4, 5]"
      })
  void shapeAndRunAgree(String net, String input, String output) {
    Program shape = Program.run("shape", net, "--input", input, "-f", "json");
    Program run = Program.run("run", net, "rand:" + input, "--seed", "1", "-f", "json");
    assertThat(json(shape).get("output")).hasToString(output);
    assertThat(json(run).get("shape")).hasToString(output);
    String said = json(shape).get("notes") == null ? "" : json(shape).get("notes").toString();
    // What one says the other says too.
    String batch = run.err().isEmpty() ? "" : run.err().substring("lamina run: ".length()).strip();
    assertThat(said).contains(batch);
    assertThat(said.contains(" is read as ")).isEqualTo(!batch.isEmpty());
    assertThat(Program.run("run", "Flatten()", "[[1,2]]").err()).isEmpty();
  }

  @Test
  void saysWhatIsAssumed() {
    Program run = Program.run("run", "Flatten()", "[[1,2],[3,4]]", "-f", "json");
    assertThat(run)
        .isEqualTo(
            new Program(
                0,
                "{\"shape\":[2,2],\"data\":[[1.0,2.0],[3.0,4.0]]}\n",
                "lamina run: the first axis of the input, 2," + ASSUMED + "2x2\n"));
    assertThat(Program.run("run", "Flatten()", "[[1,2],[3,4]]", "--quiet").err()).isEmpty();
    Program shape = Program.run("shape", "Flatten(), Linear(60, 2)", "--input", "3x4x5");
    assertThat(json(shape).get("output")).isEqualTo(List.of(2L));
    assertThat(json(shape).get("notes")).isNull();
    Program named = Program.run("shape", "Flatten()", "--input", "Bx4x5");
    assertThat(json(named).get("output")).isEqualTo(List.of("B", 20L));
    assertThat(json(named).get("notes")).isNull();
    Program spatial = Program.run("shape", "Upsample(scale_factor=2)", "--input", "3xHxW");
    assertThat(json(spatial).get("output")).isEqualTo(List.of(3L, "2·H", "2·W"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bx3x32x32 | 208800·B | 14400·B + 226",
        "4x3x32x32 | 835200 | 57826",
        "1x3x32x32 | 208800 | 14626"
      })
  void aBatchThatALayerSwallowsIsCountedAsAWhole(String input, String macs, String params) {
    String net = "Conv2d(3, 8, 3), Flatten(0), LazyLinear(2)";
    Map<?, ?> report = json(Program.run("shape", net, "--input", input));
    assertThat(report.get("macs")).hasToString(macs);
    assertThat(report.get("params")).hasToString(params);
    assertThat(report.get("costs_of")).isEqualTo("input");
    assertThat(Program.run("shape", net, "--input", input, "-f", "text").out())
        .contains(" for the whole input\n")
        .doesNotContain("per sample");
    Map<?, ?> sample = json(Program.run("shape", net, "--input", "3x32x32"));
    assertThat(sample.get("macs")).isEqualTo(208800L);
    assertThat(sample.get("costs_of")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3X32X30 | [3, 32, 30]",
        "?x3x32x30 | [B, 3, 32, 30]",
        "-1x3x32x30 | [B, 3, 32, 30]",
        "*x3x32x30 | [B, 3, 32, 30]",
        "NX3X32X30 | [N, 3, 32, 30]",
        "(None, 3, None, None) | [B, 3, H, W]",
        "?x3x?x? | [B, 3, H, W]",
        "[3, 32, 30] | [3, 32, 30]"
      })
  void readsShapesAsPeopleWriteThem(String input, String read) {
    Map<?, ?> report = json(Program.run("shape", "Conv2d(3, 8, 3)", "--input=" + input));
    assertThat(report.get("input")).hasToString(read);
  }

  private static final String LENET =
      """
      LeNet(
        (conv1): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))
        (conv2): Conv2d(6, 16, kernel_size=(5, 5), stride=(1, 1))
        (fc1): Linear(in_features=400, out_features=120, bias=True)
        (fc2): Linear(in_features=120, out_features=10, bias=True)
      )
      """;

  private static String gap(String net, String input) {
    Map<?, ?> report = json(Program.runWithInput(net, "shape", "--input", input));
    assertThat((List<?>) report.get("gaps")).hasSize(1);
    return ((List<?>) report.get("gaps")).get(0).toString();
  }

  @Test
  void saysWhatForwardMayDoWhereAPrintDoesNotFit() {
    assertThat(gap(LENET, "1x32x32"))
        .isEqualTo(
            "layer 3 'fc1' Linear(in_features=400, out_features=120, bias=True) expects 400"
                + " features but layer 2 'conv2' gives 24; with a pool of 2 after each convolution,"
                + " as forward() may have, it fits");
    String printed = LENET.replace("  (conv2)", "  (pool): MaxPool2d(2)\n  (conv2)");
    assertThat(gap(printed, "1x32x32"))
        .endsWith("with one more pool of 2 before it, as forward() may have, it fits");
    assertThat(gap(printed.replace("  (fc1)", "  (pool2): MaxPool2d(2)\n  (fc1)"), "1x28x28"))
        .endsWith("gives 4; an input of 1x32x32 would fit");
    assertThat(gap(LENET.replace("in_features=400", "in_features=16"), "1x32x32"))
        .endsWith("forward() may take the average over all positions before it: then it fits");
    assertThat(gap(LENET.replace("in_features=400", "in_features=401"), "1x32x32"))
        .endsWith("gives 24; forward() does something before it that is not known");
  }

  @Test
  void impliesAFlattenForSymbolsToo() {
    String net = LENET.replace("in_features=400", "in_features=9216");
    Map<?, ?> report = json(Program.runWithInput(net, "shape", "--input", "1xHxW"));
    assertThat(report.get("output")).isEqualTo(List.of(10L));
    assertThat(report.get("notes").toString())
        .contains("a flatten before 'fc1' is implied: 16x(H − 8)x(W − 8) to ")
        .contains("holds only if ");
    Map<?, ?> numbers = json(Program.runWithInput(net, "shape", "--input", "1x32x32"));
    assertThat(numbers.get("output")).isEqualTo(List.of(10L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Conv2d(3,8,3), Linear(10,2) | 3x8x8 | layer 2 '1' Linear(10,2) expects 10 features but"
            + " layer 1 '0' gives 6; put a Flatten() before it, which gives 288",
        "Conv2d(3,8,3), Linear(288,2) | 3x8x8 | layer 2 '1' Linear(288,2) expects 288 features but"
            + " layer 1 '0' gives 6; put a Flatten() before it",
        "Conv1d(3,8,3), Linear(10,2) | 3x8 | layer 2 '1' Linear(10,2) expects 10 features but layer"
            + " 1 '0' gives 6; put a Flatten() before it, which gives 48",
        "Conv2d(3,8,3) | 224x224x3 | layer 1 '0' Conv2d(3,8,3) expects 3 channels but the input has"
            + " 224; if the channels come last, put Permute(2, 0, 1) before it (shape: --layout"
            + " hwc)",
        "Conv2d(3,8,3) | 2x24x24x3 | layer 1 '0' Conv2d(3,8,3) expects 3 channels but the input has"
            + " 24; if the channels come last, put Permute(0, 3, 1, 2) before it (shape: --layout"
            + " nhwc)",
        "Conv1d(3,8,3) | 24x3 | layer 1 '0' Conv1d(3,8,3) expects 3 channels but the input has 24;"
            + " if the channels come last, put Permute(1, 0) before it (shape: --layout lc)",
        "Conv1d(3,8,3) | 4x24x3 | layer 1 '0' Conv1d(3,8,3) expects 3 channels but the input has"
            + " 24; if the channels come last, put Permute(0, 2, 1) before it (shape: --layout"
            + " nlc)",
        "Conv2d(1,6,5), MaxPool2d(2), Flatten(), Linear(864,2) | 1x32x32 | layer 4 '3'"
            + " Linear(864,2) expects 864 features but layer 3 '2' gives 1176; an input of 1x29x29"
            + " would fit",
        "Conv2d(1,6,5) | 3x32x32 | layer 1 '0' Conv2d(1,6,5) expects 1 channel but the input has 3",
        "Conv2d(3,8,3), BatchNorm2d(9) | 3x9x9 | layer 2 '1' BatchNorm2d(9) expects 9 channels but"
            + " layer 1 '0' gives 8",
        "Conv2d(4,8,3) | 3x8x8 | layer 1 '0' Conv2d(4,8,3) expects 4 channels but the input has 3",
        "Linear(4,2), Linear(3,1) | 4 | layer 2 '1' Linear(3,1) expects 3 features but layer 1 '0'"
            + " gives 2"
      })
  void saysWhatWouldFit(String net, String input, String message) {
    Program program = Program.run("shape", net, "--input", input);
    assertThat(program.err()).isEqualTo("lamina shape: " + message + "\n");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.out()).isEmpty();
  }

  @Test
  void bIsABatchInALayout() {
    Program program =
        Program.run("shape", "Conv2d(3,8,3)", "--input", "Bx8x9x3", "--layout", "bhwc");
    assertThat(json(program).get("output")).isEqualTo(List.of("B", 6L, 7L, 8L));
    assertThat(
            Program.run("shape", "Conv2d(3,8,3)", "--input", "3x8x9x2", "--layout", "chwb").out())
        .contains("\"output\":[8,6,7,2]");
  }

  /** As torch.squeeze, which takes the batch for an axis as others. */
  @Test
  void aBatchOfOneLeavesWithTheOtherAxes() {
    Program one = Program.run("run", "Squeeze()", "[[[1],[2]]]", "-f", "json");
    assertThat(one.out()).isEqualTo("{\"shape\":[2],\"data\":[1.0,2.0]}\n");
    Program two = Program.run("run", "Squeeze()", "[[[1]],[[2]]]", "-f", "json");
    assertThat(two.out()).isEqualTo("{\"shape\":[2],\"data\":[1.0,2.0]}\n");
  }
}
