package lamina.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Derives every {@code FooFloat.java} from {@code FooDouble.java}, so that both precisions have one
 * source. To write them again, also when nothing compiles yet:
 *
 * <pre>java src/test/java/lamina/kernel/DerivedFloat.java &amp;&amp; mvn spotless:apply</pre>
 */
final class DerivedFloat {
  private static final Path SOURCES = Path.of("src", "main", "java");

  private DerivedFloat() {}

  /** Writes all derived files that differ from what they should be. */
  public static void main(String[] args) {
    for (Path source : sources()) {
      if (!isDerived(source)) {
        write(target(source), derive(source));
        System.out.println(target(source));
      }
    }
  }

  /** All files to derive from. */
  static List<Path> sources() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(f -> f.toString().endsWith("Double.java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files that are derived, or should be. */
  static List<Path> targets() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(f -> f.toString().endsWith("Float.java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path target(Path source) {
    return source.resolveSibling(source.getFileName().toString().replace("Double", "Float"));
  }

  /** Whether the file derived from a source says what it should, the line breaks apart. */
  static boolean isDerived(Path source) {
    Path target = target(source);
    return Files.exists(target)
        && ignoringLayout(read(target)).equals(ignoringLayout(derive(source)));
  }

  static String derive(Path source) {
    String text =
        read(source)
            .replace("double", "float")
            .replace("Double", "Float")
            .replace("DOUBLE", "FLOAT")
            .replace("FLOAT64", "FLOAT32")
            .replace("float64", "float32");
    return "// Derived from "
        + source.getFileName()
        + ": change that file and run DerivedFloat.\n"
        + text;
  }

  /** The formatter breaks lines of other lengths in other places. */
  private static String ignoringLayout(String text) {
    return Pattern.compile("/\\*\\*.*?\\*/", Pattern.DOTALL)
        .matcher(text)
        .replaceAll(comment -> Matcher.quoteReplacement(comment.group().replace("*", "")))
        .replaceAll("\\s+", "");
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
