package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import lamina.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Lines that {@code rnn} and {@code tokenize} must refuse: with one line on stderr, and its text.
 */
class RnnBadInputTest {
  @ParameterizedTest
  @CsvFileSource(resources = "/lamina/cli/rnn-bad-input.txt", delimiter = '|', quoteCharacter = '"')
  void isRefusedInOneLine(int code, String line, String input, String message) {
    Program program =
        Program.runIn(
            Path.of("src", "examples", "rnn"),
            Map.of(),
            (input == null ? "" : input).getBytes(StandardCharsets.UTF_8),
            line.split(" ", -1));
    String command = line.startsWith("rnn design") ? "rnn design" : line.split(" ", -1)[0];
    String[] lines = program.err().split("\n", -1);
    assertThat(lines[0]).as(line).isEqualTo("lamina " + command + ": " + message);
    // At most a hint follows.
    assertThat(lines.length).as(program.err()).isLessThanOrEqualTo(3);
    assertThat(program.code()).as(line).isEqualTo(code);
    assertThat(program.out()).as(line).isEmpty();
  }
}
