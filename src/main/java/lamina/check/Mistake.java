package lamina.check;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A well-known mistake.
 *
 * @param id a name for statistics, {@code kernel-flipped}
 * @param text what the wrong answer is, in plain words
 * @param hint what kind of mistake it is, which does not give the right answer away
 */
public record Mistake(String id, String text, String hint) {
  private static final String THIS_IS = "this is ";

  /** A mistake of the answer that is given; the text goes on after "this is". */
  public static Mistake of(String id, String result, String hint) {
    return new Mistake(id, THIS_IS + result, hint);
  }

  /** This mistake, and another in its result. */
  public Mistake also(String result) {
    return new Mistake(id, text + ", " + result, hint);
  }

  /** Several mistakes that an answer fits alike, named together; the first is the likeliest. */
  public static Mistake either(List<Mistake> mistakes, boolean isSure) {
    StringBuilder text = new StringBuilder(isSure ? THIS_IS : "this may be ");
    Set<String> hints = new LinkedHashSet<>();
    for (Mistake each : mistakes) {
      text.append(hints.isEmpty() ? "" : ", or ");
      text.append(each.text.substring(THIS_IS.length()));
      hints.add(each.hint);
    }
    return new Mistake(mistakes.get(0).id, text.toString(), String.join("; or ", hints));
  }

  /** The same mistake in what is expected, where the command's own result is right. */
  Mistake ofExpected() {
    return new Mistake(id, text.replaceFirst("^this", "what is expected"), hint);
  }
}
