package lamina.check;

/**
 * A well-known mistake.
 *
 * @param id a name for statistics, {@code kernel-flipped}
 * @param text what the answer is, as it goes on after "this is"
 * @param hint what kind of mistake it is, which does not give the right answer away
 */
public record Mistake(String id, String text, String hint) {}
