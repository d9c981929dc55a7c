package lamina;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command lines of the guide do what its pages say they do. */
class GuideTest {
  /** How much of their data commands that train are tried with. */
  private static final int LINES = 120;

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

  /** A copy of the examples with less of the data, in which training may write. */
  private static Path examples() throws IOException {
    Path copy = folder.resolve("examples");
    if (Files.exists(copy)) {
      return copy;
    }
    Path examples = Path.of("src/examples");
    try (Stream<Path> files = Files.walk(examples)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = copy.resolve(examples.relativize(file).toString());
        if (file.toString().matches(".*\\.(csv|jsonl)(\\.gz)?")) {
          copyLines(file, target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return copy;
  }

  private static void copyLines(Path file, Path target) throws IOException {
    boolean isPacked = file.toString().endsWith(".gz");
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = Files.newOutputStream(target);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(isPacked ? new GZIPInputStream(in) : in, UTF_8));
        OutputStream shorter = isPacked ? new GZIPOutputStream(out) : out) {
      for (String line : (Iterable<String>) lines.lines().limit(LINES)::iterator) {
        shorter.write((line + "\n").getBytes(UTF_8));
      }
    }
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
