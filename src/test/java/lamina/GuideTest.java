package lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command lines of the guide do what its pages say they do. */
class GuideTest {
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
  void printsWhatItSays(ShownCommand command) {
    command.check();
  }

  /** A command line in a block of another kind would not be run. */
  @ParameterizedTest
  @MethodSource("pages")
  void showsCommandsInConsoleBlocksOnly(Path page) throws IOException {
    BLOCK
        .matcher(Files.readString(page))
        .results()
        .filter(block -> !block.group(1).equals("console"))
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
