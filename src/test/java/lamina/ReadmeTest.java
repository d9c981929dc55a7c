package lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command lines of the README do what the README says they do. */
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```console\n(.*?)^```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|[^\\s']+");
  private static final Path EXAMPLES = Path.of("src/examples");

  /** A command line, and what follows it in the README: its output. */
  private record Example(String line, String output) {
    @Override
    public String toString() {
      return line;
    }
  }

  static Stream<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(Files.readString(Path.of("README.md")));
    while (blocks.find()) {
      for (String example : blocks.group(1).split("(?m)^\\$ ", -1)) {
        if (!example.isEmpty()) {
          int end = example.indexOf('\n');
          examples.add(new Example(example.substring(0, end), example.substring(end + 1)));
        }
      }
    }
    return examples.stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void printsWhatItSays(Example example) {
    // "|| echo WORD" shows that the exit code is that of a failed check.
    String[] parts = example.line().split(" \\|\\| echo ", 2);
    String[] stages = parts[0].split(" \\| ", -1);
    byte[] input = {};
    Program result = null;
    for (int i = 0; i < stages.length; i++) {
      List<String> words = words(stages[i]);
      String program = words.remove(0);
      assertThat(program).isIn("lamina", "scripts/lamina");
      // What a terminal would show of the last; the others write into a pipe.
      Map<String, String> environment =
          i == stages.length - 1 ? Map.of("LAMINA_FORMAT", "text") : Map.of();
      Path folder = program.equals("lamina") ? EXAMPLES : Path.of("");
      result = Program.runIn(folder, environment, input, words.toArray(String[]::new));
      assertThat(result.code()).as(result.err()).isLessThanOrEqualTo(1);
      input = result.out().getBytes(StandardCharsets.UTF_8);
    }
    assertThat(result.code()).as(result.err()).isEqualTo(parts.length == 2 ? 1 : 0);
    String echoed = parts.length == 2 ? parts[1] + "\n" : "";
    assertThat(result.out() + echoed).isEqualTo(example.output());
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group());
    }
    return words;
  }
}
