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

/**
 * A command line that a page shows in a block of kind {@code console}, or {@code console trained}:
 * those train longer than a test may, and print times; they are tried for one epoch.
 *
 * @param page where it stands
 * @param line what is typed after the prompt
 * @param output what follows it there
 * @param trained whether it is of the second kind
 */
record ShownCommand(Path page, String line, String output, boolean trained) {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```console( trained)?\n(.*?)^```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|[^\\s']+");
  private static final Path EXAMPLES = Path.of("src/examples");

  /** The command lines of a page, in order. */
  static List<ShownCommand> of(Path page) throws IOException {
    List<ShownCommand> commands = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(Files.readString(page));
    while (blocks.find()) {
      for (String command : blocks.group(2).split("(?m)^\\$ ", -1)) {
        if (!command.isEmpty()) {
          int end = command.indexOf('\n');
          commands.add(
              new ShownCommand(
                  page,
                  command.substring(0, end),
                  command.substring(end + 1),
                  blocks.group(1) != null));
        }
      }
    }
    return commands;
  }

  /** Runs it and fails unless it prints exactly what the page shows. */
  void check() {
    // "|| echo WORD" shows that the exit code is that of a failed check.
    String[] parts = line.split(" \\|\\| echo ", 2);
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
    assertThat(result.out() + echoed).isEqualTo(output);
  }

  /**
   * Runs it for one epoch in a folder of its own, which keeps what commands before it wrote, and
   * fails if it is refused.
   */
  void tryIn(Path folder) {
    List<String> words = words(line.split(" \\|\\| echo ", 2)[0]);
    assertThat(words.remove(0)).isEqualTo("lamina");
    int epochs = words.indexOf("--epochs");
    if (epochs >= 0) {
      words.set(epochs + 1, "1");
    }
    Program result = Program.runIn(folder, Map.of(), new byte[0], words.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isLessThanOrEqualTo(1);
    assertThat(result.out()).isNotEmpty();
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group());
    }
    return words;
  }

  @Override
  public String toString() {
    return page.getFileName() + ": " + line;
  }
}
