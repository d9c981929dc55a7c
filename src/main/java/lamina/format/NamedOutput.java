package lamina.format;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Locale;
import lamina.text.InputException;

/** A file that is written: where that fails, as on a full disk, the file is named. */
public final class NamedOutput extends FilterOutputStream {
  private final String name;

  private NamedOutput(OutputStream out, String name) {
    super(out);
    this.name = name;
  }

  /**
   * Opens a file.
   *
   * @param name what messages call it
   * @throws InputException if it cannot be opened
   */
  public static NamedOutput open(Path file, String name, OpenOption... options) {
    try {
      return new NamedOutput(Files.newOutputStream(file, options), name);
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  /** What is said of a file that cannot be written. */
  static InputException failed(String name, IOException e) {
    return new InputException(
        "cannot write "
            + name
            + ": "
            + (e instanceof AccessDeniedException ? "permission denied" : e.getMessage()),
        e);
  }

  /** A closed pipe is no failure: nobody reads on. */
  private void rethrow(IOException e) throws IOException {
    if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe")) {
      throw e;
    }
    throw failed(name, e);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      rethrow(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      rethrow(e);
    }
  }
}
