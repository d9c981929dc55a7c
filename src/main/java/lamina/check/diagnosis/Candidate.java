package lamina.check.diagnosis;

import java.util.function.Supplier;
import lamina.check.Answer;
import lamina.check.Mistake;

/**
 * A mistake and the answer that it would give.
 *
 * @param bits how unlikely a match by chance must be: one of two to this power
 * @param answer computes it; null or an InputException if the mistake cannot be made here
 */
record Candidate(Mistake mistake, double bits, Supplier<Answer> answer) {
  /** What a match must be worth where many numbers are compared. */
  private static final double USUAL = 11;

  static Candidate of(String id, String text, String hint, Supplier<Answer> answer) {
    return new Candidate(Mistake.of(id, text, hint), USUAL, answer);
  }

  /** The same mistake, for which another amount of evidence will do. */
  Candidate needing(double otherBits) {
    return new Candidate(mistake, otherBits, answer);
  }
}
