package lamina.tensor.symbol;

import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import lamina.tensor.Exact;
import lamina.text.InputException;

/**
 * The size of an axis, or a count derived from sizes: an exact number of 64 bits, or an expression
 * over symbols such as {@code ⌊(H − 11) / 4⌋ + 1}. Symbols stand for whole numbers. Expressions are
 * kept in a canonical form, a polynomial over symbols and floors, so that two that are equal by the
 * rules of sums, products and nested floors are {@link #equals equal} however they were built.
 *
 * <p>Arithmetic that leaves 64 bits throws an {@link InputException}.
 */
public final class Dim {
  /** Nets halve an image up to five or six times. */
  private static final int LARGEST_TRIED = 256;

  public static final Dim ZERO = new Dim(0);
  public static final Dim ONE = new Dim(1);

  private final long value;

  /** Null for a number. */
  private final Polynomial polynomial;

  /** The expression as it was built, with products left as products; null for a number. */
  private final Formula formula;

  private Dim(long value) {
    this.value = value;
    this.polynomial = null;
    this.formula = null;
  }

  private Dim(Polynomial polynomial, Formula formula) {
    this.value = 0;
    this.polynomial = polynomial;
    this.formula = formula;
  }

  /** A number. */
  public static Dim of(long value) {
    return new Dim(value);
  }

  /** A symbol: a letter, then letters, digits and underscores. */
  public static Dim symbol(String name) {
    Polynomial symbol = Polynomial.of(new Atom.Symbol(name));
    return new Dim(symbol, Formula.of(symbol));
  }

  private static Dim of(Polynomial polynomial, Formula formula) {
    if (polynomial.isConstant()) {
      return of(polynomial.constant());
    }
    // Terms that cancelled show only in the canonical form.
    return polynomial.size() < formula.size()
        ? new Dim(polynomial, Formula.of(polynomial))
        : new Dim(polynomial, formula);
  }

  /** Whether this is a number. */
  public boolean isNumber() {
    return polynomial == null;
  }

  /** Whether this is exactly the number given; never true of an expression. */
  public boolean is(long number) {
    return isNumber() && value == number;
  }

  /** The number. @throws IllegalStateException if this has symbols */
  public long value() {
    if (!isNumber()) {
      throw new IllegalStateException(this + " is not a number");
    }
    return value;
  }

  private Polynomial polynomial() {
    return isNumber() ? Polynomial.of(value) : polynomial;
  }

  private Formula formula() {
    return isNumber() ? Formula.of(Polynomial.of(value)) : formula;
  }

  public Dim plus(Dim other) {
    if (isNumber() && other.isNumber()) {
      return of(Exact.add(value, other.value));
    }
    return of(polynomial().plus(other.polynomial()), formula().plus(other.formula()));
  }

  public Dim plus(long other) {
    return plus(of(other));
  }

  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  public Dim times(Dim other) {
    if (isNumber() && other.isNumber()) {
      return of(Exact.multiply(value, other.value));
    }
    return of(polynomial().times(other.polynomial()), formula().times(other.formula()));
  }

  public Dim times(long other) {
    return times(of(other));
  }

  /** This divided by a positive number, rounded towards negative infinity. */
  public Dim floorDiv(long divisor) {
    if (divisor < 1) {
      throw new IllegalArgumentException("divisor " + divisor);
    }
    if (isNumber()) {
      return of(Math.floorDiv(value, divisor));
    }
    Polynomial quotient = polynomial.floorDiv(divisor);
    return of(quotient, Formula.of(quotient));
  }

  /** This divided by a positive number, rounded towards positive infinity. */
  public Dim ceilDiv(long divisor) {
    return plus(divisor - 1).floorDiv(divisor);
  }

  /** Whether the text of this is a sum, which needs parentheses beside other text. */
  public boolean isSum() {
    return !isNumber() && polynomial.size() > 1 && formula.size() > 1;
  }

  /** The names of the symbols in this. */
  public Set<String> symbols() {
    return polynomial().symbols();
  }

  /**
   * The number that this is when the symbols have these values.
   *
   * @throws InputException if a symbol has no value, or the result needs more than 64 bits
   */
  public long evaluate(Map<String, Long> values) {
    if (isNumber()) {
      return value;
    }
    BigInteger result = polynomial.evaluate(values);
    if (result.bitLength() > 63) {
      throw Exact.overflow();
    }
    return result.longValue();
  }

  /**
   * Whether two sizes with a symbol in common are equal for some of its values, as 2·⌊H / 2⌋ and H
   * are: what halved and doubled an image of even height.
   */
  public boolean mayEqual(Dim other) {
    if (isNumber() || other.isNumber()) {
      return equals(other);
    }
    Set<String> all = new HashSet<>(symbols());
    if (Collections.disjoint(all, other.symbols())) {
      return false;
    }
    all.addAll(other.symbols());
    for (long value = 1; value <= LARGEST_TRIED; value++) {
      Map<String, Long> values = new HashMap<>();
      for (String symbol : all) {
        values.put(symbol, value);
      }
      if (evaluate(values) == other.evaluate(values)) {
        return true;
      }
    }
    return false;
  }

  /** This with an expression in place of a symbol. */
  public Dim substitute(String name, Dim replacement) {
    if (isNumber()) {
      return this;
    }
    Polynomial result = polynomial.substitute(new Atom.Symbol(name), replacement.polynomial());
    return of(result, Formula.of(result));
  }

  /** Equal as polynomials over symbols and floors. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Dim that
        && (isNumber()
            ? that.isNumber() && value == that.value
            : !that.isNumber() && polynomial.equals(that.polynomial));
  }

  @Override
  public int hashCode() {
    return isNumber() ? Long.hashCode(value) : polynomial.hashCode();
  }

  /** As users read it: {@code 54}, {@code 2·H + 1}, {@code ⌊(H − 11) / 4⌋ + 1}. */
  @Override
  public String toString() {
    return isNumber() ? Long.toString(value) : formula.toString();
  }
}
