package lamina.check;

/**
 * A well-known mistake.
 *
 * @param id a name for statistics, {@code kernel-flipped}
 * @param text what the wrong answer is, in plain words
 * @param hint what kind of mistake it is, which does not give the right answer away
 */
public record Mistake(String id, String text, String hint) {
  /** A mistake of the answer that is given; the text goes on after "this is". */
  public static Mistake of(String id, String result, String hint) {
    return new Mistake(id, "this is " + result, hint);
  }

  /** The same mistake in what is expected, where the command's own result is right. */
  Mistake ofExpected() {
    return new Mistake(id, text.replaceFirst("^this is", "what is expected is"), hint);
  }
}
