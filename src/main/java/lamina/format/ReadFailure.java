package lamina.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.zip.ZipException;
import lamina.text.InputException;

/** Says in words why a file cannot be read. */
public final class ReadFailure {
  private ReadFailure() {}

  /**
   * What to throw instead.
   *
   * @param name what messages call the file
   */
  public static InputException of(String name, IOException e) {
    return InputException.at(name, "cannot be read: " + reason(e), e);
  }

  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof EOFException) {
      return "its bytes end too early; is the file truncated?";
    }
    if (e instanceof ZipException) {
      return "its compressed bytes are damaged: " + e.getMessage();
    }
    return e.getMessage() == null ? "the system says no more" : e.getMessage();
  }
}
