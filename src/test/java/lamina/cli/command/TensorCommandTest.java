package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands that map tensors have in common, shown with conv. */
class TensorCommandTest {
  @TempDir Path folder;

  @Test
  void aTerminalAsInputGivesTheShortUsage() {
    assertThat(Program.runOnTerminal("conv", "-k", "[[1]]"))
        .isEqualTo(
            new Program(
                2,
                "",
                """
                lamina conv: no INPUT given, and standard input is a terminal
                usage: lamina conv [OPTIONS] [INPUT]; 'lamina conv --help' tells more
                """));
  }

  @Test
  void aTerminalAsOutputGetsText() {
    assertThat(Program.runOnTerminal("conv", "[[1,2]]", "-k", "[[2]]"))
        .isEqualTo(new Program(0, "1 x 2\n2 4\n", ""));
  }

  @Test
  void standardInputServesOneArgumentOnly() {
    assertThat(Program.runWithInput("[[1]]", "conv", "-k", "-"))
        .isEqualTo(
            new Program(
                2,
                "",
                "lamina conv: both INPUT and --kernel would read standard input;"
                    + " give one of them a file\n"));
  }

  @Test
  void eachAnswersEveryLineAndStopsAtABadOne() {
    assertThat(Program.runWithInput("[[1]]\n[[2],[3,4]]\n[[5]]\n", "conv", "--each", "-k", "[[2]]"))
        .isEqualTo(
            new Program(
                3,
                "{\"shape\":[1,1],\"data\":[[2.0]]}\n",
                "lamina conv: standard input, line 2, column 10: at [1]: ragged: an array with 2"
                    + " elements where the first one of this level has 1\n"));
  }

  @Test
  void keepGoingPutsTheErrorInItsPlace() {
    Program ran =
        Program.runWithInput(
            "[[1]]\nnonsense\n[[5]]\n", "conv", "--each", "--keep-going", "-k", "[[2]]");

    assertThat(ran.code()).isEqualTo(3);
    String[] lines = ran.out().split("\n", -1);
    assertThat(lines).hasSize(4);
    assertThat(lines[0]).isEqualTo("{\"shape\":[1,1],\"data\":[[2.0]]}");
    assertThat(lines[1]).startsWith("{\"error\":\"standard input, line 2").endsWith("\"}");
    assertThat(lines[2]).isEqualTo("{\"shape\":[1,1],\"data\":[[10.0]]}");
    assertThat(ran.err())
        .isEqualTo("lamina conv: 1 line was bad input; each has its \"error\" in the output\n");
  }

  @Test
  void aHundredThousandImagesPassInConstantMemory() throws Exception {
    StringBuilder images = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      images.append("[[0.5,").append(i).append("],[1,-2]]\n");
    }
    byte[] input = images.toString().getBytes(StandardCharsets.UTF_8);

    // The results alone, kept, would not fit.
    Program ran =
        Program.process(
            Path.of(""), input, List.of("-Xmx12m"), "conv", "--each", "-k", "[[1,1],[1,1]]");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out().lines().count()).isEqualTo(100_000);
    assertThat(ran.out()).endsWith("{\"shape\":[1,1],\"data\":[[99998.5]]}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"o.png", "o.jpg", "o.svg", "o.pt", "o.foo", "o.json.gz", "a.csv/o.v2", "o.JPG"})
  void anUnknownExtensionIsWrongUsage(String file) throws Exception {
    String[] line = {"activate", "relu", "[1,-2]", "-o", file};

    assertThat(Program.runIn(folder, Map.of("LAMINA_FORMAT", "csv"), new byte[0], line))
        .isEqualTo(
            new Program(
                2,
                "",
                "lamina activate: no format is known by the extension "
                    + file.substring(file.lastIndexOf('.'))
                    + " of '"
                    + file
                    + "'\nuse .json, .jsonl, .csv, .tsv, .npy, .npz, .safetensors, .txt, .tex or"
                    + " .md, or say --format\n"));
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void aKnownExtensionOrTheOptionDecidesTheFormat() throws Exception {
    Program.runIn(folder, Map.of(), new byte[0], "activate", "relu", "[[1,-2]]", "-o", "o.tsv");
    assertThat(folder.resolve("o.tsv")).hasContent("1.0\t0.0\n");
    Program read = Program.runIn(folder, Map.of(), new byte[0], "activate", "relu", "o.tsv");
    assertThat(read).isEqualTo(new Program(0, "{\"shape\":[1,2],\"data\":[[1.0,0.0]]}\n", ""));
    Program.runIn(
        folder, Map.of(), new byte[0], "activate", "relu", "[1]", "-f", "json", "-o", "o.foo");
    Program.runIn(folder, Map.of(), new byte[0], "activate", "relu", "[1]", "-o", "o");
    assertThat(folder.resolve("o.foo")).hasContent("{\"shape\":[1],\"data\":[1.0]}\n");
    assertThat(folder.resolve("o")).hasSameTextualContentAs(folder.resolve("o.foo"));
  }

  @Test
  void aRowThatIsTakenForAHeaderIsSaid() throws Exception {
    Files.writeString(folder.resolve("a.csv"), "a,b\n1,-2\n");
    String[] line = {"activate", "relu", "a.csv"};
    String result = "{\"shape\":[1,2],\"data\":[[1.0,0.0]]}\n";

    assertThat(Program.runIn(folder, Map.of(), new byte[0], line))
        .isEqualTo(
            new Program(
                0,
                result,
                "lamina activate: a.csv: row 1 is taken for a header (a, b); --csv-header 1 says"
                    + " so\n"));
    assertThat(
            Program.runIn(
                folder, Map.of(), new byte[0], "activate", "relu", "a.csv", "--csv-header", "1"))
        .isEqualTo(new Program(0, result, ""));
    assertThat(
            Program.runIn(
                folder, Map.of(), new byte[0], "activate", "relu", "a.csv", "--csv-header", "0"))
        .isEqualTo(
            new Program(3, "", "lamina activate: a.csv, row 1, column 1: 'a' is not a number\n"));
  }

  private static final String[] LSTM = {
    "rnn",
    "[[1],[2]]",
    "--cell",
    "lstm",
    "--weights",
    "{\"weight_ih_l0\":[[0],[0],[0],[0]],\"weight_hh_l0\":[[0],[0],[0],[0]]}",
    "--c0",
    "[[4]]"
  };

  private static Program lstm(String... more) {
    String[] words = Arrays.copyOf(LSTM, LSTM.length + more.length);
    System.arraycopy(more, 0, words, LSTM.length, more.length);
    return Program.run(words);
  }

  /** All gates are 1/2 and g is 0: c halves with each step. */
  @Test
  void oneMemberIsWrittenInEveryFormat() {
    assertThat(lstm("--member", "c_n"))
        .isEqualTo(new Program(0, "{\"shape\":[1,1],\"data\":[[1.0]]}\n", ""));
    assertThat(lstm("--member", "c_n", "-f", "csv")).isEqualTo(new Program(0, "1.0\n", ""));
    assertThat(lstm("--member", "c_n", "-f", "text")).isEqualTo(new Program(0, "1 x 1\n1\n", ""));
    assertThat(lstm("--member", "c_n", "--expect", "[[1]]").code()).isZero();
    assertThat(lstm("--member", "c_n", "--expect", "[[2]]").code()).isEqualTo(1);
    assertThat(lstm("--member", "c_m"))
        .isEqualTo(
            new Program(
                2, "", "lamina rnn: the result has no member 'c_m'\ndid you mean 'c_n'?\n"));
    assertThat(lstm("--member", "weights").err())
        .isEqualTo(
            "lamina rnn: the result has no member 'weights'\nits members are data, h_n, c_n\n");
    assertThat(
            Program.run(
                    "activate", "relu", "[1,-3]", "--stats", "--member", "stats.min", "-f", "csv")
                .code())
        .isEqualTo(3);
    assertThat(Program.run("activate", "relu", "[1,-3]", "--stats", "--member", "stats.max").out())
        .isEqualTo("{\"stats.max\":1.0}\n");
    assertThat(
            Program.runWithInput(
                    "[1]\n[x]\n[-2]\n",
                    "activate",
                    "relu",
                    "--each",
                    "--keep-going",
                    "--grad",
                    "--member",
                    "grad_input")
                .out())
        .startsWith("{\"shape\":[1],\"data\":[1.0]}\n{\"error\"")
        .endsWith("{\"shape\":[1],\"data\":[0.0]}\n");
    assertThat(
            Program.run("shape", "Linear(3, 2)", "--input", "3", "--member", "params", "-f", "text")
                .out())
        .isEqualTo("params: 8\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "tsv", "npy"})
  void aFormatOfOneTensorTakesTheOutputAndSaysWhatIsLeftOut(String format) {
    Program ran = lstm("-f", format);

    assertThat(ran.code()).isZero();
    assertThat(ran.out()).isNotEmpty();
    assertThat(ran.err())
        .isEqualTo(
            "lamina rnn: "
                + format
                + " holds one tensor, the output; left out: h_n, c_n; --member NAME writes one of"
                + " them, -o FILE.npz all\n");
  }

  @Test
  void quietLeavesTheExitCodeAlone() throws Exception {
    assertThat(Program.run("activate", "relu", "[1]", "--expect", "[2]", "-q"))
        .isEqualTo(new Program(1, "", ""));
    assertThat(Program.run("activate", "relu", "[1]", "--expect", "[1]", "--quiet"))
        .isEqualTo(new Program(0, "", ""));
    assertThat(Program.run("shape", "ReLU()", "--input", "3", "--expect-shape", "4", "-q"))
        .isEqualTo(new Program(1, "", ""));
    Files.writeString(folder.resolve("a.csv"), "a,b\n1,2\n");
    byte[] nothing = {};
    assertThat(
            Program.runIn(
                folder, Map.of(), nothing, "activate", "relu", "a.csv", "-q", "-o", "o.csv"))
        .isEqualTo(new Program(0, "", ""));
    assertThat(folder.resolve("o.csv")).hasContent("1.0,2.0");
    assertThat(Program.run("activate", "relu", "[x]", "-q").err()).isNotEmpty();
  }

  @Test
  void aDifferenceNamesTheTolerance() {
    assertThat(
            Program.run(
                    "activate", "relu", "[1]", "--expect", "[2]", "--rtol", "0.25", "--atol", "0")
                .err())
        .isEqualTo(
            "lamina activate: 1 of 1 element differs from the expected; the first at [0]: 1.0,"
                + " expected 2.0; largest absolute error 1.0, relative 0.5; tolerance: rtol 0.25,"
                + " atol 0.0\n");
  }

  @Test
  void aTerminalGetsTheEndsOfLongTensors() {
    String more = "\n(... stands for what is left out; -f text | less shows all)\n";
    assertThat(Program.runOnTerminal("activate", "relu", "arange:1001x1").out())
        .isEqualTo("1001 x 1\n   0\n   1\n   2\n...\n 998\n 999\n1000\n" + more);
    assertThat(Program.runOnTerminal("activate", "relu", "arange:1001").out())
        .isEqualTo("1001\n   0    1    2 ...  998  999 1000\n" + more);
    assertThat(Program.runOnTerminal("activate", "relu", "arange:1000").out())
        .doesNotContain("...");
    assertThat(Program.run("activate", "relu", "arange:1001", "-f", "text").out())
        .doesNotContain("...");
    assertThat(Program.runOnTerminal("activate", "relu", "arange:7x7x2x11").out().lines())
        .containsSubsequence("[0, 2]", "...", "[0, 4]", "[2, 6]", "...", "[4, 0]", "[6, 6]")
        .doesNotContain("[3, 0]", "[0, 3]")
        .contains("1067 1068 1069 ... 1075 1076 1077");
    assertThat(Program.runOnTerminal("activate", "relu", "arange:6x200").out().lines()).hasSize(9);
  }

  @Test
  void longValuesAreShortenedInErrors() {
    String value = "x".repeat(2000);
    for (String[] line :
        new String[][] {
          {"conv", "[[1]]", "-k", "[[1]]", "--stride", value},
          {"conv", "[[1]]", "-k", "[[1]]", "--stride=" + value},
          {"conv", "[[1]]", "-k", "[[1]]", "--padding", value},
          {"activate", value},
          {"activate", "relu", "[1]", "--dtype", value},
          {"activate", "relu", "[1]", "--" + value},
          {"activate", "relu", "[1]", value},
          {"activate", "relu", value},
          {"activate", "relu", "zeros:" + value},
          {value},
          {"activate", "relu", "[1]", "-o", "a." + value},
        }) {
      Program ran = Program.run(line);
      assertThat(ran.code()).as(line[0]).isBetween(2, 3);
      assertThat(ran.err()).as(line[0]).hasSizeLessThan(700).doesNotContain("x".repeat(200));
    }
  }

  @Test
  void debugEscapesControlCharacters() {
    Program ran = Program.run("activate", "relu", "\u001b[31mred", "--debug");

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).doesNotContain("\u001b").contains("\\u001b[31mred").contains("\n\tat ");
  }

  @Test
  void aFailedRunLeavesTheOldFile() throws Exception {
    Path file = Files.writeString(folder.resolve("out.json"), "old");

    Program ran = Program.run("conv", "[[1]]", "-k", "[[1,2]]", "-o", file.toString());

    assertThat(ran.code()).isEqualTo(3);
    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("out.json");
  }

  @Test
  void theFormatComesFromOptionThenFileThenEnvironment() throws Exception {
    Map<String, String> csv = Map.of("LAMINA_FORMAT", "csv");
    byte[] nothing = {};
    Path here = Path.of("");
    String[] line = {"conv", "[[1,2]]", "-k", "[[2]]"};

    assertThat(Program.runIn(here, csv, nothing, line).out()).isEqualTo("2.0,4.0\n");
    assertThat(
            Program.runIn(here, csv, nothing, "conv", "[[1,2]]", "-k", "[[2]]", "-f", "text").out())
        .isEqualTo("1 x 2\n2 4\n");
    Path file = folder.resolve("y.json");
    Program.runIn(here, csv, nothing, "conv", "[[1,2]]", "-k", "[[2]]", "-o", file.toString());
    assertThat(file).hasContent("{\"shape\":[1,2],\"data\":[[2.0,4.0]]}\n");
    assertThat(Program.runIn(here, Map.of("LAMINA_FORMAT", "cvs"), nothing, line))
        .isEqualTo(
            new Program(
                2,
                "",
                "lamina conv: LAMINA_FORMAT is 'cvs', which is none of text, json, jsonl, csv,"
                    + " tsv, npy, latex, markdown\n"));
  }

  @Test
  void expectedShapesAndTensorsDecideTheExitCode() {
    assertThat(Program.run("conv", "[[1,2]]", "-k", "[[2]]", "--expect-shape", "1x2").code())
        .isZero();
    assertThat(Program.run("conv", "[[1,2]]", "-k", "[[2]]", "--expect", "[[2,4]]").code())
        .isZero();
    assertThat(Program.run("conv", "[[1,2]]", "-k", "[[2]]", "--expect-shape", "2"))
        .isEqualTo(
            new Program(
                1,
                "{\"shape\":[1,2],\"data\":[[2.0,4.0]]}\n",
                "lamina conv: shape 1x2, expected 2 (a batch axis of 1 too many)\n"));
  }
}
