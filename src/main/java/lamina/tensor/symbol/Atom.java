package lamina.tensor.symbol;

import lamina.tensor.Exact;

/**
 * What a {@link Polynomial} is a polynomial in. Both kinds compare themselves: what Java derives
 * for a record is made at its first call, which costs a start 5 ms.
 */
sealed interface Atom {
  /**
   * An unknown whole number.
   *
   * @param name how users write it
   */
  record Symbol(String name) implements Atom {
    @Override
    public boolean equals(Object other) {
      return other instanceof Symbol symbol && name.equals(symbol.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * {@code ⌊numerator / divisor⌋} in lowest terms: the coefficients of the numerator are in 0 ..
   * divisor − 1, and those of its symbols have no common divisor with the divisor, so that equal
   * floors are equal records.
   */
  record Floor(Polynomial numerator, long divisor) implements Atom {
    @Override
    public boolean equals(Object other) {
      return other instanceof Floor floor
          && divisor == floor.divisor
          && numerator.equals(floor.numerator);
    }

    @Override
    public int hashCode() {
      return 31 * numerator.hashCode() + Long.hashCode(divisor);
    }

    @Override
    public String toString() {
      return text(0);
    }

    /** The text of {@code this + shift}, the shift taken into the numerator. */
    String text(long shift) {
      Polynomial shifted = numerator.plus(Polynomial.of(Exact.multiply(shift, divisor)));
      String inner = Formula.of(shifted).toString();
      boolean single = shifted.size() == 1;
      return "⌊" + (single ? inner : "(" + inner + ")") + " / " + divisor + "⌋";
    }
  }
}
