import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Derives the float32 kernels from the float64 ones, so that both precisions have one source: from
 * every {@code FooDouble.java} below the first folder, {@code FooFloat.java} in the same package
 * below the second. Files that are as they should be stay untouched, so that nothing is compiled
 * again without need; files whose source is gone are deleted.
 *
 * <pre>java src/build/DeriveFloat.java src/main/java target/generated-sources/derive-float</pre>
 */
public final class DeriveFloat {
  private static final Pattern FLOAT = Pattern.compile("\\b(float|Float)\\b");

  private DeriveFloat() {}

  public static void main(String[] args) throws IOException {
    Path sources = Path.of(args[0]);
    Path targets = Path.of(args[1]);
    Set<Path> derived = new HashSet<>();
    for (Path source : files(sources, "Double.java")) {
      String name = source.getFileName().toString().replace("Double", "Float");
      if (Files.exists(source.resolveSibling(name))) {
        fail(source, "has a twin " + name + " written by hand; rename one of them");
      }
      Path target = targets.resolve(sources.relativize(source)).resolveSibling(name);
      derived.add(target);
      write(target, derive(source));
    }
    for (Path file : files(targets, ".java")) {
      if (!derived.contains(file)) {
        Files.delete(file);
      }
    }
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  private static String derive(Path source) throws IOException {
    String text = Files.readString(source);
    Matcher mixed = FLOAT.matcher(text);
    if (mixed.find()) {
      // A file with both precisions would come out with one of them twice.
      fail(source, "uses '" + mixed.group() + "'; only double can be derived from");
    }
    return "// Derived from "
        + source.getFileName()
        + " by src/build/DeriveFloat.java: change that file.\n"
        + text.replace("FLOAT64", "FLOAT32")
            .replace("float64", "float32")
            .replace("double", "float")
            .replace("Double", "Float")
            .replace("DOUBLE", "FLOAT");
  }

  private static void write(Path target, String text) throws IOException {
    if (Files.exists(target) && Files.readString(target).equals(text)) {
      return;
    }
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
  }

  private static void fail(Path source, String message) {
    System.err.println("DeriveFloat: " + source + " " + message);
    System.exit(1);
  }
}
