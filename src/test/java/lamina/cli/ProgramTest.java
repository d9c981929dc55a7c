package lamina.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lamina.check.ShellWords;
import lamina.cli.command.Command;
import lamina.cli.option.Arguments;
import lamina.cli.option.GeneralOptions;
import lamina.cli.process.Io;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;

class ProgramTest {
  @Test
  void withoutACommandItShowsTheOverviewAsAUsageError() {
    lamina.Program ran = lamina.Program.run();

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("Usage: lamina COMMAND").contains("Exit codes: 0 done");
  }

  @Test
  void helpAndVersionGoToStandardOutput() throws IOException {
    assertThat(lamina.Program.run("--version"))
        .isEqualTo(new lamina.Program(0, "lamina " + lamina.Program.version() + "\n", ""));
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
    assertThat(Commands.allNames()).contains("conv", "rnn design", "completion");
    for (String name : Commands.allNames()) {
      lamina.Program ran = lamina.Program.run((name + " --help").split(" "));
      assertThat(ran.code()).as(name).isZero();
      assertThat(ran.err()).as(name).isEmpty();
      assertThat(ran.out()).as(name).contains("Usage: lamina " + name).contains("Examples:");
    }
  }

  @ParameterizedTest
  @CsvSource({"80, ", "80, 80", "60, 60", "60, 20", "100, 100", "100, 300"})
  void helpFillsTheColumnsAndBreaksNoExample(int width, String columns) {
    String examples = lamina.Program.run("conv", "--help").out();
    examples = examples.substring(examples.indexOf("\nExamples:"));
    for (String name : Commands.allNames()) {
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
    for (String command : Commands.allNames()) {
      String help = lamina.Program.run((command + " --help").split(" ")).out();
      assertThat(help.lines().filter(line -> line.strip().equals("Examples:")).count())
          .as(command)
          .isEqualTo(1);
    }
  }

  /** What a shell makes of the examples is understood by the program. */
  @Test
  void everyExampleCanBePasted() {
    for (String command : Commands.allNames()) {
      List<String> pasted = pasted(command);
      assertThat(pasted).as(command).isNotEmpty().anyMatch(line -> line.startsWith(command));
      for (String line : pasted) {
        List<String> words = ShellWords.of(line);
        boolean isInner = words.size() > 1 && words.get(1).equals("design");
        String name = isInner ? "rnn design" : words.get(0);
        Command called = Commands.create(name);
        assertThat(called).as(line).isNotNull();
        GeneralOptions general = new GeneralOptions();
        CommandSpec spec = Commands.spec(name, called, general);
        String[] rest = words.subList(isInner ? 2 : 1, words.size()).toArray(new String[0]);
        assertThatCode(() -> Arguments.parse(spec, general, rest))
            .as(line)
            .doesNotThrowAnyException();
      }
    }
  }

  /** The commands of lamina in the examples of a help, without the program's name. */
  private static List<String> pasted(String command) {
    String help = lamina.Program.run((command + " --help").split(" ")).out();
    StringBuilder shell = new StringBuilder();
    List<String> commands = new ArrayList<>();
    for (String line : help.substring(help.indexOf("\nExamples:\n") + 11).lines().toList()) {
      if (shell.length() == 0 && line.endsWith(":")) {
        continue; // says what the next lines show
      }
      shell.append(shell.length() == 0 ? "" : " ").append(line.strip());
      boolean isOpen = shell.chars().filter(c -> c == '\'').count() % 2 == 1;
      if (isOpen || line.endsWith("\\") || line.endsWith("|")) {
        continue;
      }
      String text = shell.toString().replace("\\ ", "");
      Matcher call = Pattern.compile("lamina ((?:'[^']*'|[^'|>)])*)").matcher(text);
      while (call.find()) {
        commands.add(call.group(1).strip());
      }
      shell.setLength(0);
    }
    assertThat(shell).as(command + " ends within a command").isEmpty();
    return commands;
  }
}
