package lamina.text;

/**
 * Input that cannot be used: unreadable, malformed, of a shape that does not fit, or too large. The
 * message is one line that says what is wrong, where, with both values, and what to do; the program
 * ends with exit code 3.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
