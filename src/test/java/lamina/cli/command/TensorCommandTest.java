package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
