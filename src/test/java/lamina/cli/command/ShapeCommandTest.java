package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lamina.Program;
import lamina.format.JsonValues;
import lamina.layer.LayerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeCommandTest {
  private static String resource(String name) throws IOException {
    try (var in = ShapeCommandTest.class.getResourceAsStream("/lamina/layer/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<?, ?> json(Program program) {
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    return (Map<?, ?>) JsonValues.read(program.out(), "stdout");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "80 | start, stride, memory",
        "95 | start, stride",
        "101 | start",
        "60 | start, stride, memory, field, MACs"
      })
  void leavesOutColumnsOfTheTableForWhichATerminalHasNoRoom(String columns, String leftOut)
      throws IOException {
    Program wide = shape(resource("alexnet.txt"), Map.of());
    assertThat(wide.out()).doesNotContain("left out").contains("start");
    Program ran = shape(resource("alexnet.txt"), Map.of("COLUMNS", columns));
    assertThat(ran.out().replace("\n", " "))
        .contains("(left out for want of columns: " + leftOut + "; a pipe");
    assertThat(ran.out().lines())
        .allMatch(line -> line.length() <= Math.max(Integer.parseInt(columns), 61));
    assertThat(ran.out()).contains("features.0").contains("61,100,840").contains("params");
  }

  private static Program shape(String network, Map<String, String> environment) {
    return Program.runIn(
        Path.of(""),
        environment,
        network.getBytes(StandardCharsets.UTF_8),
        "shape",
        "--input",
        "3x224x224",
        "-f",
        "text");
  }

  @ParameterizedTest
  @CsvSource({
    "alexnet.txt, 61100840, 714188480, 1428871144",
    "vgg16.txt, 138357544, 15470264320, 30954085352"
  })
  void knowsTheTorchvisionModels(
      String model, long params, long macs, long flops, @TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve(model), resource(model));
    Program fromFile =
        Program.runIn(
            folder, Map.of(), new byte[0], "shape", model, "--input", "3x224x224", "-f", "json");
    Program fromPipe =
        Program.runWithInput(resource(model), "shape", "--input", "3x224x224", "-f", "json");
    assertThat(fromPipe).isEqualTo(fromFile);
    Map<?, ?> report = json(fromFile);
    assertThat(report.get("params")).isEqualTo(params);
    assertThat(report.get("macs")).isEqualTo(macs);
    assertThat(report.get("flops")).isEqualTo(flops);
    assertThat(report.get("output")).isEqualTo(List.of(1000L));
    assertThat(report.get("partial")).isNull();
    assertThat(report.get("notes").toString()).contains("the published forward()");
    Program batch =
        Program.runWithInput(resource(model), "shape", "--input", "Bx3x224x224", "-f", "json");
    assertThat(json(batch).get("macs")).isEqualTo(macs);
    assertThat(json(batch).get("output")).isEqualTo(List.of("B", 1000L));
  }

  @Test
  void explains() {
    Program program =
        Program.run(
            "shape",
            "--input",
            "224x224x3",
            "--layout",
            "hwc",
            "Conv2d(3, 96, 11, stride=4)",
            "--explain",
            "-f",
            "text");
    assertThat(program)
        .isEqualTo(
            new Program(
                0,
                """
                input  224 x 224 x 3

                0  Conv2d(3, 96, 11, stride=4)
                  H_out = ⌊(224 + 2·0 − 1·(11 − 1) − 1) / 4⌋ + 1 = 54
                  W_out = ⌊(224 + 2·0 − 1·(11 − 1) − 1) / 4⌋ + 1 = 54
                  output 54 x 54 x 96
                  parameters weight 96 x 3 x 11 x 11, bias 96: 34,944
                  MACs 101,616,768, FLOPs 203,513,472

                output       54 x 54 x 96
                parameters   34,944 (136.5 KiB in float32)
                MACs         101,616,768 per sample
                FLOPs        203,513,472 per sample (2 MACs + bias additions)
                activations  279,936 per sample (1.1 MiB in float32)
                peak         430,464 per sample (1.6 MiB in float32), the most held at once without gradients
                """,
                ""));
  }

  @Test
  void printsATable() {
    Program program =
        Program.run(
            "shape",
            "--input",
            "1x28x28",
            "-f",
            "text",
            "Conv2d(1, 8, 3), ReLU()",
            "Flatten()",
            "Linear(5408, 10)");
    assertThat(program)
        .isEqualTo(
            new Program(
                0,
                """
                layer  type     output       params    MACs    memory  field  stride  start
                       input    1 x 28 x 28
                0      Conv2d   8 x 26 x 26      80  48,672  21.1 KiB      3       1      1
                1      ReLU     8 x 26 x 26       0       0  21.1 KiB      3       1      1
                2      Flatten  5408              0       0  21.1 KiB    all     all    all
                3      Linear   10           54,090  54,080      40 B    all     all    all

                output       10
                parameters   54,170 (211.6 KiB in float32)
                MACs         102,752 per sample
                FLOPs        210,922 per sample (2 MACs + bias additions)
                activations  16,234 per sample (63.4 KiB in float32)
                peak         10,816 per sample (42.3 KiB in float32), the most held at once without gradients
                """,
                ""));
  }

  @Test
  void keepsSymbolsAndLayouts() {
    Program batch =
        Program.run(
            "shape", "--input", "Bx224x224x3", "--layout", "nhwc", "Conv2d(3, 96, 11, stride=4)");
    assertThat(json(batch).get("output")).isEqualTo(List.of("B", 54L, 54L, 96L));
    Program formulas = Program.run("shape", "--input", "3xHxW", "Conv2d(3, 96, 11, stride=4)");
    assertThat(json(formulas).get("output"))
        .isEqualTo(List.of(96L, "⌊(H − 11) / 4⌋ + 1", "⌊(W − 11) / 4⌋ + 1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Conv2d(3, 8, 3) | padding | 3x32x32 | 8x32x32 | \"padding\":1",
        "Conv2d(3, 8, 5) | stride | 3x32x32 | 8x14x28 | \"stride\":[2,1]",
        "MaxPool2d(2) | kernel_size | 3x32x32 | 3x15x15 | \"axis_0\":[3,4]",
        "Conv2d(3, 8, 3) | padding | 3xHxW | 8xHxW | \"padding\":1",
        "ConvTranspose2d(3, 8, 3, 2, 1) | output_padding | 3x8x8 | 8x16x16 | \"output_padding\":1"
      })
  void solves(String net, String argument, String input, String target, String expected) {
    Program program =
        Program.run("shape", net, "--input", input, "--solve", argument, "--target", target);
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).contains(expected);
    assertThat(program.code()).isZero();
  }

  @Test
  void checksAnExpectedShape() {
    String[] command = {
      "shape", "--input", "9x9x1", "--layout", "hwc", "Conv2d(1, 2, 3)", "--expect-shape", "7x7x2"
    };
    assertThat(Program.run(command).code()).isZero();
    command[7] = "7x8x2";
    Program wrong = Program.run(command);
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err())
        .isEqualTo("lamina shape: the output is 7 x 7 x 2 but 7 x 8 x 2 was expected\n");
    assertThat(wrong.out()).contains("\"output\":[7,7,2]");
  }

  @Test
  void followsOtherFrameworks() {
    String[] pool = {"shape", "--input", "1x32x32", "MaxPool2d(1, 2)", "--compat", "caffe"};
    assertThat(json(Program.run(pool)).get("output")).isEqualTo(List.of(1L, 17L, 17L));
    String[] same = {
      "shape", "--input", "3x224x224", "Conv2d(3, 8, 7, 2, 'same')", "--compat", "tf"
    };
    assertThat(json(Program.run(same)).get("output")).isEqualTo(List.of(8L, 112L, 112L));
  }

  @ParameterizedTest
  @CsvSource({
    "csv, '0,Linear,2,10,8'",
    "markdown, '| 0 | Linear | 2 | 10 | 8 |'",
    "latex, tabular"
  })
  void writesOtherFormats(String format, String expected) {
    Program program = Program.run("shape", "--input", "4", "Linear(4, 2)", "-f", format);
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).contains(expected);
  }

  /** Lines "exit code | input | network | message"; blank input means none. */
  static Stream<String> refusals() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : resource("refusals.txt").lines().toList()) {
      if (!line.isBlank()) {
        lines.add(line);
      }
    }
    assertThat(lines).hasSizeGreaterThan(30);
    return lines.stream();
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refuses(String line) {
    String[] fields = line.split(" \\| ", -1);
    List<String> command = new ArrayList<>(List.of("shape", fields[2].replace("\\n", "\n")));
    if (!fields[1].isBlank()) {
      command.addAll(List.of("--input", fields[1]));
    }
    Program program = Program.run(command.toArray(new String[0]));
    assertThat(program.err().lines().findFirst().orElse(""))
        .isEqualTo("lamina shape: " + fields[3]);
    assertThat(program.code()).isEqualTo(Integer.parseInt(fields[0]));
    assertThat(program.out()).isEmpty();
  }

  @Test
  void listsLayersForPeople() {
    Program list = Program.run("shape", "--list-layers", "-f", "text");
    assertThat(list.err()).isEmpty();
    assertThat(list.out())
        .startsWith(
            """
            layers

            Conv1d Conv2d Conv3d LazyConv1d LazyConv2d LazyConv3d
                a convolution (cross-correlation: the kernel is not flipped)
                (in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
                groups=1, bias=True, padding_mode='zeros')
                Keras Conv1D Conv2D Conv3D; ONNX Conv
            """)
        .contains(
            """

            LeakyReLU
                x above 0, else slope · x
                (negative_slope=0.01, inplace=False)
                Keras leaky_relu LeakyReLU; ONNX LeakyRelu
            """)
        .contains(
            """

            glu
                the first half of an axis times the sigmoid of the second

            """)
        .endsWith(
            """

            identity
                x
            """);
    assertThat(list.out().lines()).allMatch(line -> line.length() <= 80);
    for (String name : LayerRegistry.names()) {
      assertThat(list.out()).contains(name);
    }
  }

  @Test
  void listsLayersForPrograms() {
    Map<?, ?> list = json(Program.run("shape", "--list-layers"));
    assertThat(new ArrayList<Object>((List<?>) list.get("layers")))
        .contains(
            Map.of(
                "name",
                "LazyLinear",
                "arguments",
                List.of("out_features", "bias=True"),
                "about",
                "a product with a matrix on the last axis",
                "keras",
                List.of("Dense"),
                "onnx",
                List.of("Gemm")));
    assertThat(new ArrayList<Object>((List<?>) list.get("functions")))
        .contains(
            Map.of(
                "name",
                "softplus",
                "parameters",
                List.of("beta=1.0", "threshold=20.0"),
                "about",
                "log(1 + exp(beta · x)) / beta"));
    assertThat(Program.run("shape", "--list-layers", "-f", "csv").out())
        .startsWith("name,arguments,about,keras,onnx\n")
        .contains("\nSelect,\"dim, index\",");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ReLU() | lamina shape: --list-layers takes no NET",
        "--format=svg | lamina shape: --list-layers draws no picture",
      })
  void listingTakesNothingElse(String argument, String message) {
    Program list = Program.run("shape", "--list-layers", argument);
    assertThat(list.code()).isEqualTo(2);
    assertThat(list.out()).isEmpty();
    assertThat(list.err()).startsWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dense(10) | Linear",
        "MaxPooling2D(2) | MaxPool2d",
        "Gemm(1) | Linear",
        "AveragePooling1D(2) | AvgPool1d",
        "SimpleRNN(2) | RNN",
        "Conv(3, 96, 11) | Conv2d",
        "Conv2D(3, 96, 11) | Conv2d",
        "LeakyRelu() | LeakyReLU",
        "silu() | SiLU",
        "hard_swish() | Hardswish",
        "BatchNormalization() | BatchNorm2d",
        "InstanceNormalization() | InstanceNorm2d",
        "SpatialDropout2D(0.5) | Dropout2d",
        "Linera(3, 2) | Linear",
      })
  void unknownLayersAreAnsweredByTheirNameInPyTorch(String net, String name) {
    Program program = Program.run("shape", net, "--input", "3");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.err())
        .isEqualTo(
            "lamina shape: NET, column 1: unknown layer '"
                + net.substring(0, net.indexOf('('))
                + "'; did you mean '"
                + name
                + "'?\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--member params | {\"params\":280}",
        "--member output | {\"output\":null}",
        "--member macs | {\"macs\":0}",
        "-f csv | name,type,output,params",
        "-f svg | <svg",
        "-f dot | digraph",
        "-f mermaid | flowchart TD"
      })
  void saysThatNumbersArePartialWhereTheyStandAlone(String options, String start) {
    String encoder =
        """
        TransformerEncoderLayer(
          (self_attn): Attending()
          (linear1): Linear(in_features=8, out_features=16, bias=True)
          (linear2): Linear(in_features=16, out_features=8, bias=True)
        )\
        """;
    List<String> args = new ArrayList<>(List.of("shape", encoder, "--input", "2x5x8"));
    args.addAll(List.of(options.split(" ")));
    Program ran = Program.run(args.toArray(String[]::new));
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains(start);
    assertThat(ran.err())
        .isEqualTo("lamina shape: partial: layer 1 'self_attn' Attending() is unknown\n");
    args.add("--quiet");
    assertThat(Program.run(args.toArray(String[]::new)).err()).isEmpty();
    Program whole = Program.run("shape", encoder, "--input", "2x5x8", "--member", "gaps");
    assertThat(whole.err()).isEmpty();
  }
}
