package lamina.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import lamina.cli.option.UsageException;
import lamina.text.InputException;

/** The files that a training writes: what is wrong with them is found before it begins. */
final class WrittenFiles {
  private final Path directory;

  /** What names the file, and its name, in the order of the options. */
  private final Map<String, String> written = new LinkedHashMap<>();

  /**
   * @param directory what names are relative to
   */
  WrittenFiles(Path directory) {
    this.directory = directory;
  }

  /**
   * Adds a file.
   *
   * @param option what names it
   * @param file its name, or null if there is none
   * @throws InputException if its folder is missing, or it is a folder
   * @throws UsageException if another option names it, too
   */
  void add(String option, String file) throws IOException {
    if (file == null) {
      return;
    }
    Path path = directory.resolve(file);
    Path folder = path.toAbsolutePath().getParent();
    if (Files.isDirectory(path)) {
      throw new InputException(option + ": '" + file + "' is a folder");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new InputException(
          option
              + ": there is no folder '"
              + Path.of(file).getParent()
              + "' for '"
              + file
              + "'; make it first");
    }
    if (Files.exists(path) ? !Files.isWritable(path) : !Files.isWritable(folder)) {
      throw new InputException(option + ": '" + file + "' cannot be written: permission denied");
    }
    for (Map.Entry<String, String> other : written.entrySet()) {
      if (isSame(file, other.getValue())) {
        throw new UsageException(
            other.getKey() + " and " + option + " both write '" + file + "'; name two files");
      }
    }
    written.put(option, file);
  }

  /**
   * Refuses to write over what is read.
   *
   * @param option what names the file that is read
   * @param text its name, or what is no file; may be null
   * @throws UsageException if it is one of the written
   */
  void refuseOver(String option, String text) throws IOException {
    if (text == null) {
      return;
    }
    for (Map.Entry<String, String> file : written.entrySet()) {
      if (isSame(file.getValue(), text)) {
        throw new UsageException(
            file.getKey()
                + " would write over '"
                + file.getValue()
                + "', which "
                + option
                + " reads; name another file");
      }
    }
  }

  /** Whether two names are one file; a device such as {@code /dev/null} may serve several. */
  private boolean isSame(String name, String other) throws IOException {
    Path first = directory.resolve(name);
    Path second = directory.resolve(other);
    return (Files.exists(first) && Files.exists(second))
        ? Files.isRegularFile(first) && Files.isSameFile(first, second)
        : first.toAbsolutePath().normalize().equals(second.toAbsolutePath().normalize());
  }
}
