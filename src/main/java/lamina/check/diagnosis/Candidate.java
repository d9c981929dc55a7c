package lamina.check.diagnosis;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lamina.check.Answer;
import lamina.check.Mistake;

/**
 * A mistake and the answer that it would give.
 *
 * @param bits how unlikely a match by chance must be, one of two to this power; {@link #USUAL} if
 *     that depends on how many mistakes there are
 * @param rounds whether an answer that is this one rounded to the decimals it has is a match
 * @param answer computes it; null or an InputException if the mistake cannot be made here
 */
record Candidate(Mistake mistake, double bits, boolean rounds, Supplier<Answer> answer) {
  static final double USUAL = -1;

  /** Zeros tell little each, but where they stand alone they can be nothing else. */
  static final double OF_ZEROS = 2.5;

  /** Sizes are few and small, so that less evidence must do. */
  private static final double OF_SIZES = 5;

  /** Two ways to compute an answer cannot be compared. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  static Candidate of(String id, String text, String hint, Supplier<Answer> answer) {
    return new Candidate(Mistake.of(id, text, hint), USUAL, true, answer);
  }

  /** The same mistake, for which another amount of evidence will do. */
  Candidate needing(double otherBits) {
    return new Candidate(mistake, otherBits, rounds, answer);
  }

  /** The same mistake with another one in its result. */
  Candidate also(String text, UnaryOperator<Answer> change) {
    return new Candidate(mistake.also(text), bits, rounds, () -> change.apply(answer.get()));
  }

  /** A mistake in sizes and counts. */
  Candidate ofSizes() {
    return new Candidate(mistake, OF_SIZES, false, answer);
  }

  boolean isOfSizes() {
    return bits == OF_SIZES;
  }

  /** Whether this says only how an answer is wrong: no news beside a mistake that makes it so. */
  boolean isNoReason() {
    return mistake.id().equals("factor") || mistake.id().equals("members-swapped");
  }

  /** Whether this is about decimals, which a wide tolerance cannot tell. */
  boolean isOfDecimals() {
    return !rounds && !isOfSizes();
  }

  /** The same mistake, of which an answer with fewer decimals is none. */
  Candidate exactly() {
    return new Candidate(mistake, bits, false, answer);
  }
}
