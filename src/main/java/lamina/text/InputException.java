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
  private final boolean isSentence;

  /**
   * @param message where it may be said of a part of a network, what goes on with its name: {@code
   *     needs at least two inputs}
   */
  public InputException(String message) {
    this(message, null, null, false, null);
  }

  public InputException(String message, Throwable cause) {
    this(message, null, null, false, cause);
  }

  private InputException(
      String message, String place, String subject, boolean isSentence, Throwable cause) {
    super(message, cause);
    this.place = place;
    this.subject = subject;
    this.isSentence = isSentence;
  }

  /** A whole sentence, about a thing that it names itself: {@code the kernel spans 5 elements}. */
  public static InputException sentence(String message) {
    return new InputException(message, null, null, true, null);
  }

  /** What is wrong in a file, or at a line of it. */
  public static InputException at(String place, String problem) {
    return at(place, problem, null);
  }

  /** As {@link #at(String, String)}, for a reason that another exception gave. */
  public static InputException at(String place, String problem, Throwable cause) {
    return new InputException(place + ": " + problem, place, null, false, cause);
  }

  /** What is wrong with one part of a network: the problem continues a sentence about it. */
  public static InputException about(String subject, String problem) {
    return new InputException(subject + " " + problem, null, subject, false, null);
  }

  /** This error, which a rule of many parts found, said of one of them. */
  public InputException about(String part) {
    return new InputException(saidOf(part, getMessage()), null, part, false, this);
  }

  /**
   * This error's message, perhaps with shapes in other words, said of a part: it goes on with the
   * part's name, or follows a colon if it is a sentence.
   */
  public String saidOf(String part, String message) {
    return part + (isSentence ? ": " : " ") + message;
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
    return new InputException(getMessage() + more, place, subject, isSentence, this);
  }
}
