package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lamina.Golden;
import lamina.Program;
import lamina.format.JsonValues;
import lamina.kernel.Backends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunCommandTest {
  private static final String WEIGHTS = "{\"0.weight\":[[1,0],[0,2]],\"0.bias\":[0,1]}";

  @TempDir Path folder;

  private Program run(String... args) {
    return runWithInput("", args);
  }

  private Program runWithInput(String input, String... args) {
    String[] words = new String[args.length + 1];
    words[0] = "run";
    System.arraycopy(args, 0, words, 1, args.length);
    return Program.runIn(folder, Map.of(), input.getBytes(StandardCharsets.UTF_8), words);
  }

  private static void assertPrints(Program program, String out) {
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).isEqualTo(out);
    assertThat(program.code()).isZero();
  }

  @Test
  void runsALayerOnASampleAndOnABatch() {
    assertPrints(
        run("Linear(2, 2)", "[3,4]", "--weights", WEIGHTS), "{\"shape\":[2],\"data\":[3.0,9.0]}\n");
    assertPrints(
        runWithInput("[[3,4],[0,0]]", "Linear(2, 2)", "--weights", WEIGHTS),
        "{\"shape\":[2,2],\"data\":[[3.0,9.0],[0.0,1.0]]}\n");
  }

  @Test
  void printsTheOutputsOfLayers() {
    String net = "nn.Sequential(nn.Linear(2, 2), nn.ReLU())";
    assertPrints(
        run(net, "[-3,4]", "--weights", WEIGHTS, "--layer", "0"),
        "{\"shape\":[2],\"data\":[-3.0,9.0]}\n");
    assertPrints(
        run(net, "[-3,4]", "--weights", WEIGHTS, "--layer", "0", "--layer", "1"),
        "{\"0\":{\"shape\":[2],\"data\":[-3.0,9.0]},\"1\":{\"shape\":[2],\"data\":[0.0,9.0]}}\n");
    assertPrints(
        run(net, "[-3,4]", "--weights", WEIGHTS, "--all"),
        "{\"shape\":[2],\"data\":[0.0,9.0],\"0\":{\"shape\":[2],\"data\":[-3.0,9.0]},"
            + "\"1\":{\"shape\":[2],\"data\":[0.0,9.0]}}\n");
  }

  @Test
  void goesBackFromAGradient() {
    String gradients =
        "{\"shape\":[2],\"data\":[0.0,9.0],\"grad_input\":{\"shape\":[2],\"data\":[0.0,6.0]},"
            + "\"grad_0.weight\":{\"shape\":[2,2],\"data\":[[0.0,0.0],[-9.0,12.0]]},"
            + "\"grad_0.bias\":{\"shape\":[2],\"data\":[0.0,3.0]}}\n";
    String net = "Linear(2, 2), ReLU()";
    assertPrints(run(net, "[-3,4]", "--weights", WEIGHTS, "--grad", "[3,3]"), gradients);
    assertPrints(run(net, "[-3,4]", "--weights", WEIGHTS, "--grad", "3"), gradients);
  }

  @Test
  void goesBackFromALoss() {
    assertPrints(
        run("ReLU()", "[[1,2],[3,5]]", "--loss", "mse", "--target", "[[1,0],[3,3]]"),
        "{\"shape\":[2,2],\"data\":[[1.0,2.0],[3.0,5.0]],\"loss\":2.0,"
            + "\"grad_input\":{\"shape\":[2,2],\"data\":[[0.0,1.0],[0.0,1.0]]}}\n");
    assertPrints(
        run("ReLU()", "[0,0]", "--loss", "cross_entropy".replace('_', '-'), "--target", "1"),
        "{\"shape\":[2],\"data\":[0.0,0.0],\"loss\":0.6931471805599453,"
            + "\"grad_input\":{\"shape\":[2],\"data\":[0.0,0.0]}}\n");
  }

  @Test
  void expectsATensor() {
    Program same = run("ReLU()", "[-1,2]", "--expect", "[0,2]");
    assertThat(same.code()).isZero();
    Program other = run("ReLU()", "[-1,2]", "--expect", "[0,3]");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.out()).isEqualTo("{\"shape\":[2],\"data\":[0.0,2.0]}\n");
    assertThat(other.err()).startsWith("lamina run: ");
  }

  @Test
  void filtersJsonLines() {
    assertPrints(
        runWithInput("[-1,2]\n[[1],[-1]]\n", "ReLU()", "--each"),
        "{\"shape\":[2],\"data\":[0.0,2.0]}\n{\"shape\":[2,1],\"data\":[[1.0],[0.0]]}\n");
  }

  @Test
  void drawsInitialWeightsFromTheSeed() {
    String[] args = {"Conv2d(1, 2, 2), Flatten(), LazyLinear(2)", "ones:1x3x3", "--seed", "7"};
    Program first = run(args);
    assertPrints(run(args), first.out());
    args[3] = "8";
    assertThat(run(args).out()).isNotEqualTo(first.out());
    // SplitMix64 of seed 0 begins with 0xe220a8397b1dcdaf: (2 · 0.8833... − 1) / √4.
    String weight = run("Linear(4, 1, bias=False)", "[1,0,0,0]", "--seed", "0").out();
    assertThat(weight).isEqualTo("{\"shape\":[1],\"data\":[0.3833108082136426]}\n");
  }

  @Test
  void turnsWordsIntoIndices() throws IOException {
    Files.writeString(folder.resolve("words.txt"), "<pad>\n<unk>\nfine\nfilm\n");
    String table = "{\"0.weight\":[[0],[10],[20],[30]]}";
    assertPrints(
        run(
            "Embedding(4, 1)",
            "--text",
            "A fine, FINE film!",
            "--vocab",
            "words.txt",
            "--weights",
            table),
        "{\"shape\":[4,1],\"data\":[[10.0],[20.0],[20.0],[30.0]]}\n");
    Program classified =
        run(
            "Embedding(4, 3), LSTM(3, 2, batch_first=True), Select(1, -1), Linear(2, 2)",
            "--seed",
            "0",
            "--text",
            "a fine film",
            "--vocab",
            "words.txt");
    assertThat(classified.err()).isEmpty();
    assertThat(classified.out()).startsWith("{\"shape\":[2],\"data\":[");
  }

  @Test
  void runsAConvolutionalNetworkWithRunningStatistics() {
    String net =
        "Conv2d(1, 1, 1, bias=False), BatchNorm2d(1, eps=0), ReLU(), AvgPool2d(2), Linear(1, 1)";
    String weights =
        "{\"0.weight\":[[[[2]]]],\"1.weight\":[3],\"1.bias\":[1],\"1.running_mean\":[2],"
            + "\"1.running_var\":[4],\"4.weight\":[[10]],\"4.bias\":[0.5]}";
    // (2x − 2) / 2 · 3 + 1 of 1, 2, 3, 4 is 1, 4, 7, 10, on average 5.5.
    assertPrints(
        run(net, "[[[1,2],[3,4]]]", "--weights", weights),
        "{\"shape\":[1,1,1],\"data\":[[[55.5]]]}\n");
  }

  @Test
  void enlargesByTheNearestElementInBothWays() {
    String[] net = {"Upsample(size=5, mode='nearest')", "[[[1,2,3]]]"};
    assertPrints(run(net), "{\"shape\":[1,1,5],\"data\":[[[1.0,1.0,2.0,2.0,3.0]]]}\n");
    // Elements 0 and 1.5; their centres are 0.75 and 2.25.
    net[0] = "Upsample(size=2, mode='nearest')";
    assertPrints(run(net), "{\"shape\":[1,1,2],\"data\":[[[1.0,2.0]]]}\n");
    net[0] = "Upsample(size=2, mode='nearest-exact')";
    assertPrints(run(net), "{\"shape\":[1,1,2],\"data\":[[[1.0,3.0]]]}\n");
  }

  @Test
  void runsAKerasModelWithItsChannelsLast() {
    String net =
        "{\"class_name\":\"Sequential\",\"config\":{\"name\":\"net\",\"layers\":["
            + "{\"class_name\":\"GlobalMaxPooling2D\",\"config\":{\"name\":\"pool\",\"data_format\":"
            + "\"channels_last\",\"keepdims\":false}}]}}";
    assertPrints(
        run(net, "[[[[1,9],[2,8]],[[3,7],[4,6]]]]"), "{\"shape\":[1,2],\"data\":[[4.0,9.0]]}\n");
  }

  @Test
  void readsNestedNamesAndPrintedModels() throws IOException {
    Files.writeString(
        folder.resolve("net.txt"),
        """
        Net(
          (features): Sequential(
            (0): ReLU(inplace=True)
          )
          (fc): Linear(in_features=4, out_features=1, bias=True)
        )
        """);
    Files.writeString(folder.resolve("w.json"), "{\"fc.weight\":[[1,1,1,1]],\"fc.bias\":[0.5]}");
    assertPrints(
        run("net.txt", "[[[1,-2],[3,4]]]", "--weights", "w.json"),
        "{\"shape\":[1,1],\"data\":[[8.5]]}\n");
  }

  static Stream<Golden> trainings() {
    return Golden.read("training").stream();
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void givesTheFirstLossAndGradientNormsOfTraining(Golden training) throws IOException {
    String model = (String) training.json().get("model");
    boolean recurrent = model.contains(" -> ");
    if (recurrent) {
      model = model.replace(" -> last step -> ", ", Select(1, -1), ");
    }
    StringBuilder weights = new StringBuilder("{");
    for (Map.Entry<String, Object> entry : Golden.object(training.json().get("init")).entrySet()) {
      Map<String, Object> tensor = Golden.object(entry.getValue());
      weights
          .append(weights.length() == 1 ? "" : ",")
          .append('"')
          .append(renamed(entry.getKey()))
          .append("\":{\"shape\":")
          .append(tensor.get("shape"))
          .append(",\"data\":")
          .append(tensor.get("data"))
          .append('}');
    }
    Files.writeString(folder.resolve("init.json"), weights.append('}'));
    Map<String, Object> inputs = Golden.object(training.json().get("inputs"));
    Map<String, Object> x = Golden.object(inputs.get("x"));
    Program program =
        run(
            model,
            "{\"shape\":" + x.get("shape") + ",\"data\":" + x.get("data") + "}",
            "--weights",
            "init.json",
            "--loss",
            "cross-entropy",
            "--target",
            inputs.get("target").toString());
    assertThat(program.err()).isEmpty();
    Map<String, Object> result = Golden.object(JsonValues.read(program.out(), "output"));
    Map<String, Object> step = Golden.object(((List<?>) training.json().get("steps")).get(0));
    double loss = (Double) step.get("loss");
    assertThat((Double) result.get("loss")).isCloseTo(loss, within(1e-9 * loss));
    Map<String, Object> norms = Golden.object(step.get("grad_norm"));
    assertThat(norms).isNotEmpty();
    for (Map.Entry<String, Object> norm : norms.entrySet()) {
      double expected = (Double) norm.getValue();
      double actual = norm(Golden.object(result.get("grad_" + renamed(norm.getKey()))));
      assertThat(actual).as(norm.getKey()).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  /** The golden networks of recurrent layers call them rnn and head; the third is Select. */
  private static String renamed(String name) {
    return name.replace("rnn.", "0.").replace("head.", "2.");
  }

  private static double norm(Map<String, Object> tensor) {
    return Math.sqrt(squares(tensor.get("data")));
  }

  private static double squares(Object data) {
    if (data instanceof List<?> list) {
      return list.stream().mapToDouble(RunCommandTest::squares).sum();
    }
    return ((Number) data).doubleValue() * ((Number) data).doubleValue();
  }

  /** What is wrong, the exit code, a part of the one line, and the arguments. */
  private record Bad(int code, String message, String... args) {}

  static Stream<Bad> bad() {
    return Stream.of(
        new Bad(2, "missing argument NET"),
        new Bad(2, "unexpected argument '[2]'", "ReLU()", "[1]", "[2]"),
        new Bad(2, "unknown option '--wieghts'", "ReLU()", "[1]", "--wieghts", "w"),
        new Bad(2, "either --all or --layer", "ReLU()", "[1]", "--all", "--layer", "0"),
        new Bad(2, "go together", "ReLU()", "[1]", "--loss", "mse"),
        new Bad(2, "go together", "ReLU()", "[1]", "--target", "[1]"),
        new Bad(2, "--loss takes one of", "ReLU()", "[1]", "--loss", "mes", "--target", "[1]"),
        new Bad(
            2, "either --grad", "ReLU()", "[1]", "--loss", "mse", "--target", "[1]", "--grad", "1"),
        new Bad(2, "--vocab goes with --text", "ReLU()", "[1]", "--vocab", "words.txt"),
        new Bad(2, "--text needs --vocab", "ReLU()", "--text", "good"),
        new Bad(
            2, "either INPUT or --text", "ReLU()", "[1]", "--text", "a", "--vocab", "words.txt"),
        new Bad(2, "would read standard input", "-"),
        new Bad(3, "there is no file 'ReLU'", "ReLU", "[1]"),
        new Bad(3, "did you mean 'ReLU'", "RELUU()", "[1]"),
        new Bad(3, "takes layers", "Sequential(3)", "[1]"),
        new Bad(3, "never closed", "Linear(2, 2", "[1,2]"),
        new Bad(3, "expects 3 features but the input has 2", "Linear(3, 2)", "[1,2]"),
        new Bad(3, "expects 3 features", "Linear(2, 2), Linear(3, 1)", "[1,2]"),
        new Bad(3, "cannot run", "Sequential(\n  (0): Wibble(3)\n)\n", "[1,2]"),
        new Bad(3, "unknown layer 'Wibble'", "Sequential(Wibble(3), ReLU())", "[1,2]"),
        new Bad(3, "needs the argument 'kernel_size'", "Conv2d(1, 2)", "[1,2]"),
        new Bad(
            3, "'0.weight' of shape 2x2 is missing", "Linear(2, 2)", "[1,2]", "--weights", "{}"),
        new Bad(
            3,
            "there is '0.wieght'",
            "Linear(2, 1)",
            "[1,2]",
            "--weights",
            "{\"0.wieght\":[[1,2]],\"0.bias\":[1]}"),
        new Bad(
            3,
            "'0.weight' has shape 1x3 but layer '0' Linear(2, 1) needs 1x2",
            "Linear(2, 1)",
            "[1,2]",
            "--weights",
            "{\"0.weight\":[[1,2,3]],\"0.bias\":[1]}"),
        new Bad(
            3,
            "'1.weight' belongs to no layer",
            "Linear(2, 1, bias=False)",
            "[1,2]",
            "--weights",
            "{\"0.weight\":[[1,2]],\"1.weight\":[1]}"),
        new Bad(3, "'bias' belongs to no layer", "ReLU()", "[1]", "--weights", "{\"bias\":[1]}"),
        new Bad(3, "nowhere.npz", "Linear(2, 1)", "[1,2]", "--weights", "nowhere.npz"),
        new Bad(3, "there is no layer '1'", "ReLU()", "[1]", "--layer", "1"),
        new Bad(3, "--grad has shape 2 but the output has 1", "ReLU()", "[1]", "--grad", "[1,2]"),
        new Bad(3, "target", "ReLU()", "[1]", "--loss", "mse", "--target", "[1,2]"),
        new Bad(3, "5", "ReLU()", "[[1,2]]", "--loss", "cross-entropy", "--target", "[5]"),
        new Bad(3, "index 3 at element 1", "Embedding(3, 2)", "[0,3]"),
        new Bad(3, "index 0.5 at element 0", "Embedding(3, 2)", "[0.5]"),
        new Bad(3, "index -1 at element 0", "Embedding(3, 2)", "[-1]"),
        new Bad(3, "projections", "LSTM(2, 3, proj_size=2)", "[[1,2]]"),
        new Bad(3, "no word", "Embedding(3, 2)", "--text", "...", "--vocab", "words.txt"),
        new Bad(3, "no-such.txt", "Embedding(3, 2)", "--text", "a", "--vocab", "no-such.txt"),
        new Bad(3, "<pad> and <unk>", "Embedding(3, 2)", "--text", "a", "--vocab", "bare.txt"),
        new Bad(3, "'a' on line 3", "Embedding(3, 2)", "--text", "a", "--vocab", "twice.txt"),
        new Bad(3, "line 3: one word", "Embedding(3, 2)", "--text", "a", "--vocab", "blank.txt"),
        new Bad(
            3, "index 2 at element 0", "Embedding(2, 2)", "--text", "a", "--vocab", "words.txt"),
        new Bad(3, "no axis of the input 2x1", "Softmax(3)", "[[1],[2]]"),
        new Bad(3, "channels", "BatchNorm2d(3)", "zeros:2x2x4x4"),
        new Bad(3, "truncated", "ReLU()", "[1,"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesInOneLine(Bad bad) throws IOException {
    Files.writeString(folder.resolve("words.txt"), "<pad>\n<unk>\na\n");
    Files.writeString(folder.resolve("bare.txt"), "good\nbad\n");
    Files.writeString(folder.resolve("twice.txt"), "<pad>\n<unk>\na\na\n");
    Files.writeString(folder.resolve("blank.txt"), "<pad>\n<unk>\n\n");
    Program program = run(bad.args);
    assertThat(program.out()).isEmpty();
    assertThat(program.err()).startsWith("lamina run: ").contains(bad.message);
    assertThat(program.code()).as(program.err()).isEqualTo(bad.code);
    // At most a hint follows the line.
    assertThat(program.err().lines().count()).isLessThanOrEqualTo(bad.code == 2 ? 2 : 1);
    assertThat(program.err()).doesNotContain("internal error");
  }

  @Test
  void readsWeightsFromNpzAndSafetensors() throws Exception {
    Path weights = Path.of("src/test/resources/lamina/weights").toAbsolutePath();
    for (String file : new String[] {"linear.npz", "linear.safetensors"}) {
      assertPrints(
          run("Linear(2, 2)", "[3,4]", "--weights", weights.resolve(file).toString()),
          "{\"shape\":[2],\"data\":[3.0,9.0]}\n");
    }
  }

  @Test
  void tellsWhatWasAssumedIfAskedTo() throws IOException {
    Files.writeString(
        folder.resolve("net.txt"), "Net(\n  (relu): ReLU()\n  (fc): Linear(4, 1)\n)\n");
    Program program = run("net.txt", "ones:1x2x2", "--verbose");
    assertThat(program.code()).isZero();
    assertThat(program.err())
        .contains("lamina run: a flatten before 'fc' is implied: 1x2x2 to 1x4\n");
    assertThat(run("net.txt", "ones:1x2x2", "--seed", "0").err()).isEmpty();
  }

  /** The axis that PyTorch takes where none is given: the first of 1 or 3, else the second. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[0,0] | [0.5,0.5]",
        "[[0,0,0,0]] | [[0.25,0.25,0.25,0.25]]",
        "[[[0,0,0,0]],[[0,0,0,0]]] | [[[0.5,0.5,0.5,0.5]],[[0.5,0.5,0.5,0.5]]]",
        "[[[[0,0,0,0]],[[0,0,0,0]]]] | [[[[0.5,0.5,0.5,0.5]],[[0.5,0.5,0.5,0.5]]]]",
      })
  void softmaxWithoutAnAxisTakesPyTorchs(String input, String expected) {
    for (String layer : List.of("Softmax()", "Softmax(dim=None)", "Softmin()")) {
      assertThat(run(layer, input).out()).endsWith("\"data\":" + expected + "}\n");
    }
  }

  @Test
  void saysThatParametersAreDrawnUnlessItWasAskedFor() {
    String remark =
        "lamina run: no --weights: the parameters are drawn at random; --seed N fixes which\n";
    Program drawn = run("Linear(2, 1)", "[1,2]");
    assertThat(drawn.err()).isEqualTo(remark);
    assertThat(run("Linear(2, 1)", "[1,2]", "--seed", "0"))
        .isEqualTo(new Program(0, drawn.out(), ""));
    assertThat(run("Linear(2, 1)", "[1,2]", "--quiet").err()).isEmpty();
    assertThat(run("ReLU()", "[1,2]").err()).isEmpty();
    assertThat(run("Linear(2, 1)", "[1,2]", "--weights", "{\"0.weight\":[[1,2]],\"0.bias\":[0]}"))
        .isEqualTo(new Program(0, "{\"shape\":[1],\"data\":[5.0]}\n", ""));
    Program each = Program.runWithInput("[1,2]\n[3,4]\n", "run", "Linear(2, 1)", "-", "--each");
    assertThat(each.err()).isEqualTo(remark);
    assertThat(run("Linear(2, 1)", "[1,2,3]").err().lines()).hasSize(1);
  }

  @Test
  void choosesTheKernelsForTheWholeNetworkBeforeItHasWeights() {
    String net = "Conv2d(3, 512, 3), Conv2d(512, 512, 3)";
    assertThat(run(net, "zeros:3x20x20", "--weights", "{\"x\":[1]}").code()).isEqualTo(3);
    assertThat(Backends.current().name()).isEqualTo("scalar");
    assertThat(run(net, "zeros:3x64x64", "--weights", "{\"x\":[1]}").code()).isEqualTo(3);
    assertThat(Backends.current().name()).isEqualTo("vector");
    Backends.use("auto");
  }

  @Test
  void runsAsAProcess() throws IOException, InterruptedException {
    Program program =
        Program.process(folder, "[-1,2]".getBytes(StandardCharsets.UTF_8), "run", "ReLU()");
    assertPrints(program, "{\"shape\":[2],\"data\":[0.0,2.0]}\n");
  }
}
