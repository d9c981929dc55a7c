package lamina.text;

/**
 * Input that cannot be used: unreadable, malformed, of a shape that does not fit, or too large. The
 * message is one line that says what is wrong, where, with both values, and what to do; the program
 * ends with exit code 3.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String place;
  private final String subject;

  public InputException(String message) {
    this(message, null, null, null);
  }

  public InputException(String message, Throwable cause) {
    this(message, null, null, cause);
  }

  private InputException(String message, String place, String subject, Throwable cause) {
    super(message, cause);
    this.place = place;
    this.subject = subject;
  }

  /** What is wrong in a file, or at a line of it. */
  public static InputException at(String place, String problem) {
    return at(place, problem, null);
  }

  /** As {@link #at(String, String)}, for a reason that another exception gave. */
  public static InputException at(String place, String problem, Throwable cause) {
    return new InputException(place + ": " + problem, place, null, cause);
  }

  /** What is wrong with one part of a network: the problem continues a sentence about it. */
  public static InputException about(String subject, String problem) {
    return new InputException(subject + " " + problem, null, subject, null);
  }

  /** This error, which a rule of many parts found, said of one of them. */
  public InputException about(String part) {
    return new InputException(joined(part, getMessage()), null, part, this);
  }

  /**
   * A message about a part: rules that speak of the part go on with its name as the subject of
   * their sentence; those that speak of something else, of "the kernel", follow a colon.
   */
  public static String joined(String part, String message) {
    return part + (message.startsWith("the ") ? ": " : " ") + message;
  }

  /** Where in the input it is: a file, perhaps with a line; null if that is not known. */
  public String place() {
    return place;
  }

  /** Which part of a network the message is about; null if it names none. */
  public String subject() {
    return subject;
  }

  /** This error, said to be at a place unless it has one. */
  public InputException placed(String where) {
    return place != null ? this : at(where, getMessage(), this);
  }

  /** This error with more to say at the end of its message. */
  public InputException followedBy(String more) {
    return new InputException(getMessage() + more, place, subject, this);
  }
}
