package lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command lines of the guide do what its pages say they do. */
class GuideTest {
  @TempDir private static Path folder;

  private static final Path GUIDE = Path.of("src/guide");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```([^\n]*)\n(.*?)^```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(GUIDE)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  static List<ShownCommand> commands() throws IOException {
    List<ShownCommand> commands = new ArrayList<>();
    for (Path page : pages()) {
      commands.addAll(ShownCommand.of(page));
    }
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void printsWhatItSays(ShownCommand command) throws IOException {
    if (command.trained()) {
      command.tryIn(examples());
    } else {
      command.check();
    }
  }

  /** A copy of the examples, in which training may write. */
  private static Path examples() throws IOException {
    Path copy = folder.resolve("examples");
    if (Files.exists(copy)) {
      return copy;
    }
    Path examples = Path.of("src/examples");
    try (Stream<Path> files = Files.walk(examples)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, copy.resolve(examples.relativize(file).toString()));
      }
    }
    return copy;
  }

  /** A command line in a block of another kind would not be run. */
  @ParameterizedTest
  @MethodSource("pages")
  void showsCommandsInConsoleBlocksOnly(Path page) throws IOException {
    BLOCK
        .matcher(Files.readString(page))
        .results()
        .filter(block -> !block.group(1).matches("console( trained)?"))
        .flatMap(block -> block.group(2).lines())
        .forEach(line -> assertThat(line).doesNotMatch("(\\$ )?(scripts/)?lamina .*"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksToFilesThatExist(Path page) throws IOException {
    LINK.matcher(Files.readString(page))
        .results()
        .map(link -> link.group(1))
        .filter(target -> !target.contains("://"))
        .forEach(target -> assertThat(page.resolveSibling(target)).exists());
  }
}
