package lamina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.cli.process.Io;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {
  @Test
  void withoutACommandItShowsTheOverviewAsAUsageError() {
    lamina.Program ran = lamina.Program.run();

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("Usage: lamina COMMAND").contains("Exit codes: 0 done");
  }

  @Test
  void helpAndVersionGoToStandardOutput() {
    assertThat(lamina.Program.run("--version"))
        .isEqualTo(new lamina.Program(0, "lamina " + Program.VERSION + "\n", ""));
    assertThat(lamina.Program.run("--help").out()).startsWith("Usage: lamina COMMAND");
    assertThat(lamina.Program.run("--help").err()).isEmpty();
  }

  @Test
  void anUnknownCommandIsAUsageErrorWithTheNearSpelling() {
    lamina.Program ran = lamina.Program.run("cnov");

    assertThat(ran)
        .isEqualTo(
            new lamina.Program(2, "", "lamina: unknown command 'cnov'\ndid you mean 'conv'?\n"));
  }

  @Test
  void anUnknownOptionIsAUsageErrorWithTheNearSpelling() {
    lamina.Program ran = lamina.Program.run("conv", "--strid", "2");

    assertThat(ran)
        .isEqualTo(
            new lamina.Program(
                2, "", "lamina conv: unknown option '--strid'\ndid you mean '--stride'?\n"));
  }

  @Test
  void anOptionGivenTwiceOrWithoutItsValueIsAUsageError() {
    assertThat(lamina.Program.run("conv", "--stride", "2", "--stride", "3").err())
        .startsWith("lamina conv: --stride is given twice\n");
    assertThat(lamina.Program.run("conv", "[[1]]", "--kernel").err())
        .startsWith("lamina conv: --kernel needs a value");
  }

  @Test
  void everyCommandHasHelpWithExamples() {
    assertThat(Commands.NAMES).isNotEmpty();
    for (String name : Commands.NAMES) {
      lamina.Program ran = lamina.Program.run(name, "--help");
      assertThat(ran.code()).as(name).isZero();
      assertThat(ran.err()).as(name).isEmpty();
      assertThat(ran.out()).as(name).contains("Usage: lamina " + name).contains("Examples:");
    }
  }

  @ParameterizedTest
  @CsvSource({"80, ", "80, 80", "60, 60", "60, 20", "100, 100", "100, 300"})
  void helpFillsTheColumnsAndBreaksNoExample(int width, String columns) {
    List<String> commands = new ArrayList<>(Commands.NAMES);
    commands.add("rnn design");
    String examples = lamina.Program.run("conv", "--help").out();
    examples = examples.substring(examples.indexOf("\nExamples:"));
    for (String name : commands) {
      Map<String, String> environment = columns == null ? Map.of() : Map.of("COLUMNS", columns);
      String help =
          lamina.Program.runIn(Path.of(""), environment, new byte[0], (name + " --help").split(" "))
              .out();
      String[] parts = help.split("\nExamples:\n");
      assertThat(parts).as(name).hasSize(2);
      assertThat(parts[0].lines()).as(name).allMatch(line -> line.length() <= width);
      assertThat(parts[1].lines()).as(name).allMatch(line -> line.length() <= 80);
      if (name.equals("conv")) {
        assertThat(help).endsWith(examples);
      }
    }
  }

  @Test
  void aClosedPipeEndsQuietly() {
    assertThat(runWithFailingOutput("Broken pipe")).isEqualTo(new lamina.Program(0, "", ""));
  }

  @Test
  void aFullDiskIsReported() {
    assertThat(runWithFailingOutput("No space left on device"))
        .isEqualTo(
            new lamina.Program(
                3, "", "lamina: reading or writing failed: No space left on device\n"));
  }

  private static lamina.Program runWithFailingOutput(String message) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(message);
          }
        };
    Io io =
        new Io(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Path.of(""),
            false,
            false,
            false);
    int code = Program.run(new String[] {"--version"}, io);
    return new lamina.Program(code, "", err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "train, float32 (default) or float64",
    "bench, float32 (default) or float64",
    "run, float64 (default) or float32"
  })
  void helpStatesTheDtypeThatIsTaken(String command, String dtypes) {
    String help = lamina.Program.run(command, "--help").out().replaceAll("\\s+", " ");
    assertThat(help).contains("--dtype=TYPE " + dtypes);
  }

  @Test
  void everyHelpShowsItsExamplesOnce() {
    for (String command : Commands.NAMES) {
      String help = lamina.Program.run(command, "--help").out();
      assertThat(help.lines().filter(line -> line.strip().equals("Examples:")).count())
          .as(command)
          .isLessThanOrEqualTo(1);
    }
  }
}
