package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivateCommandTest {
  @TempDir Path folder;

  private static void prints(String expected, String... args) {
    Program run = Program.run(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo(expected);
    assertThat(run.code()).isZero();
  }

  @Test
  void valuesAndGradient() {
    prints(
        "{\"shape\":[3],\"data\":[-0.4,0.0,3.0],"
            + "\"grad_input\":{\"shape\":[3],\"data\":[0.2,0.2,1.0]}}\n",
        "activate",
        "leaky_relu",
        "[-2,0,3]",
        "--alpha",
        "0.2",
        "--grad");
    prints(
        "{\"shape\":[3],\"data\":[0.0,0.0,3.0],"
            + "\"grad_input\":{\"shape\":[3],\"data\":[0.0,0.0,7.0]}}\n",
        "activate",
        "relu",
        "[-2,0,3]",
        "--grad=[5,6,7]");
    prints(
        "{\"shape\":[2],\"data\":[0.0,3.0],\"grad_input\":{\"shape\":[2],\"data\":[0.0,4.0]}}\n",
        "activate",
        "relu",
        "[-2,3]",
        "--grad=4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LeakyReLU(0.5)             | [-2,3]    | [-1.0,3.0]",
        "nn.LeakyReLU(negative_slope=0.25) | [-2,3] | [-0.5,3.0]",
        "Hardtanh(-2, 0.5)          | [-3,-1,3] | [-2.0,-1.0,0.5]",
        "Threshold(1, -7)           | [0,1,2]   | [-7.0,-7.0,2.0]",
        "PReLU(1, 0.5)              | [-2,3]    | [-1.0,3.0]",
        "PReLU()                    | [-2,3]    | [-0.5,3.0]",
        "Softmax(dim=0)             | [[1],[1]] | [[0.5],[0.5]]",
      })
  void layerExpressions(String expression, String input, String data) {
    Program run = Program.run("activate", expression, input);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).endsWith("\"data\":" + data + "}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LeakyRelu(0.2)  | lamina activate: the expression, column 1: unknown layer 'LeakyRelu';"
            + " did you mean 'LeakyReLU'?",
        "Linear(2, 2)    | lamina activate: 'Linear(2, 2)' is not one activation; 'lamina run'"
            + " executes layers and networks",
      })
  void expressionsThatAreNoActivation(String expression, String message) {
    assertThat(Program.run("activate", expression, "[1,2]"))
        .isEqualTo(new Program(2, "", message + "\n"));
  }

  @Test
  void readsStandardInputByDefault() {
    Program run = Program.runWithInput("[[-1,2]]", "activate", "relu", "-f", "text");
    assertThat(run).isEqualTo(new Program(0, "1 x 2\n0 2\n", ""));
  }

  @Test
  void softmaxAlongAnAxis() {
    prints(
        "{\"shape\":[2,2],\"data\":[[0.5,0.5],[0.5,0.5]]}\n",
        "activate",
        "softmax",
        "[[1000,1],[1000,1]]",
        "--axis",
        "0");
  }

  @Test
  void preluWithOneSlopeAChannel() {
    prints(
        "{\"shape\":[1,2],\"data\":[[-0.5,-4.0]],"
            + "\"grad_input\":{\"shape\":[1,2],\"data\":[[0.25,0.5]]},"
            + "\"grad_alpha\":{\"shape\":[2],\"data\":[-2.0,-8.0]}}\n",
        "activate",
        "prelu",
        "[[-2,-8]]",
        "--alpha",
        "[0.25,0.5]",
        "--grad");
  }

  @Test
  void statisticsNameDeadUnits() {
    prints(
        "{\"shape\":[2,3],\"data\":[[0.0,1.0,0.0],[0.0,0.0,3.0]],\"stats\":{\"count\":6,"
            + "\"mean\":0.6666666666666666,\"std\":1.1055415967851334,\"min\":0.0,\"max\":3.0,"
            + "\"zero\":0.6666666666666666,\"negative\":0.0,\"positive\":0.3333333333333333,"
            + "\"saturated\":0.6666666666666666,\"gradient_zero\":0.6666666666666666,"
            + "\"units\":3,\"dead\":1,\"dead_indices\":[0]}}\n",
        "activate",
        "relu",
        "[[-1,1,-2],[-3,0,3]]",
        "--stats");
  }

  @Test
  void leakyReluWithSlopeOneIsTheIdentity() {
    String x = "[[-3.7,-0.001,0],[1e-300,5,-1e300]]";
    Program run =
        Program.run(
            "activate",
            "leaky-relu",
            x,
            "--alpha",
            "1",
            "--expect",
            x,
            "--rtol",
            "0",
            "--atol",
            "0");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(Program.run("activate", "leaky-relu", x, "--expect", x).code()).isEqualTo(1);
  }

  @Test
  void filtersLines() {
    Program run =
        Program.runWithInput("[-1,1]\n[\n[2,-2]\n", "activate", "relu", "--each", "--keep-going");
    assertThat(run.out().lines().toList())
        .hasSize(3)
        .startsWith("{\"shape\":[2],\"data\":[0.0,1.0]}")
        .endsWith("{\"shape\":[2],\"data\":[2.0,0.0]}");
  }

  @Test
  void float32StaysFloat32() {
    Program run = Program.run("activate", "sigmoid", "[1]", "--dtype", "float32");
    assertThat(run.out()).isEqualTo("{\"shape\":[1],\"dtype\":\"float32\",\"data\":[0.7310586]}\n");
  }

  @Test
  void plotsInTextAtTheTerminalsWidth() {
    Program run = Program.run("activate", "relu", "leaky-relu", "--alpha", "0.2", "--plot");
    assertThat(run.err()).isEmpty();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(20).allMatch(line -> line.length() <= 80);
    assertThat(lines.get(0)).contains("relu", "leaky-relu");
    assertThat(lines.get(18).trim()).startsWith("-4").endsWith("4");
    assertThat(lines.get(19)).contains("f(x)", "f′(x)");
    assertThat(run.out()).doesNotContain("\u001b");

    Program narrow =
        Program.runIn(
            folder, Map.of("COLUMNS", "40"), new byte[0], "activate", "relu", "gelu", "--plot");
    assertThat(narrow.out().lines()).hasSize(39).allMatch(line -> line.length() <= 40);
  }

  @Test
  void colorsOnlyWhenAsked() {
    Program run = Program.run("activate", "gelu", "--plot", "--color", "always");
    assertThat(run.out()).contains("\u001b[34m", "\u001b[33m");
  }

  @Test
  void plotsAsValidSvg() throws Exception {
    Program run =
        Program.runIn(
            folder, Map.of(), new byte[0], "activate", "relu", "gelu", "--plot", "-o", "f.svg");
    assertThat(run).isEqualTo(new Program(0, "", ""));
    byte[] svg = Files.readAllBytes(folder.resolve("f.svg"));
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg));
    assertThat(document.getElementsByTagName("clipPath").getLength()).isEqualTo(2);
    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("relu, gelu: function and derivative");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          |2|the function is missing
          rleu [1]|2|unknown activation function 'rleu'; did you mean 'relu'?
          convolve [1]|2|unknown activation function 'convolve'; known are relu
          relu gelu|2|several functions ('relu', 'gelu') go with --plot only
          relu [1] [2]|2|unexpected argument
          relu [1] --alpha 2|2|relu has no parameter for --alpha to set
          leaky-relu [1] --alpha x|2|--alpha takes a number, not 'x'
          relu [1] --beta 1|2|--beta is hard-sigmoid's offset; relu has none
          relu [1] --axis 0|2|relu works on each element
          softmax [1] --axis x|2|--axis takes a whole number
          softmax [1] --axis 99999999999|2|--axis takes a whole number
          softmax [1] --axis 1|3|softmax along axis 1: the input of shape 1 has the axes -1 to 0
          softmax 3|3|has no axes
          glu [1,2,3]|3|glu halves axis -1, but that has the odd size 3
          threshold [1]|2|threshold needs its two parameters
          hard-tanh [1] --alpha 2|2|hard-tanh has two parameters
          celu [1] --alpha 0|2|celu needs an alpha other than 0
          soft-shrink [1] --alpha -1|2|soft-shrink needs a lambda of at least 0, not -1.0
          prelu [[1,2,3]] --alpha [1,2]|3|prelu has slopes of shape 2 but the input
          relu [1,2] --grad=[1,2,3]|3|--grad has shape 3 but the output has 2
          relu [1,2] --range 0:1|2|--range goes with --plot
          relu --plot --range 1:0|2|--range takes two numbers A:B with A below B
          relu --plot --range 1|2|--range takes two numbers A:B with A below B
          relu --plot --range NaN:1|2|--range takes two numbers A:B with A below B
          relu --plot --range 0:1e300|2|--range takes two numbers A:B with A below B
          relu --plot --grad|2|--grad does not go with --plot
          relu --plot -o f.png|2|--plot writes pictures as .svg or .txt, not 'f.png'
          softmax --plot|2|softmax has no curve
          relu [1,1] --plot|3|gives no range to draw over
          relu [[1],[1,2]]|3|
          relu no-such-file.json|3|no-such-file.json
          relu [1] --no-such-option|2|unknown option '--no-such-option'
          """)
  void refusesWhatMakesNoSense(String words, int code, String message) throws IOException {
    String[] given = words == null ? new String[0] : words.split(" ", -1);
    String[] args = new String[given.length + 1];
    args[0] = "activate";
    System.arraycopy(given, 0, args, 1, given.length);

    Program run = Program.runIn(folder, Map.of(), new byte[0], args);

    assertThat(run.err()).startsWith("lamina activate: ").contains(message == null ? "" : message);
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.out()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tensor([-1., 2.])",
        "torch.tensor([-1, 2])",
        "array([-1., 2.], dtype=float32)",
        "np.array([-1, 2])"
      })
  void takesTensorsAsTheyArePrinted(String text) {
    Program program = Program.run("activate", "relu", text, "-f", "json");
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).isEqualTo("{\"shape\":[2],\"data\":[0.0,2.0]}\n");
  }
}
