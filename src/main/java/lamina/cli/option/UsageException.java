package lamina.cli.option;

/** A command line that makes no sense; the program ends with exit code 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  /** A message of one line. */
  public UsageException(String message) {
    this(message, null);
  }

  /** A message of one line and a hint of another, or null. */
  public UsageException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** What to try instead, or null. */
  public String hint() {
    return hint;
  }
}
