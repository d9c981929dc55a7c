package lamina.tensor;

import java.util.Objects;

/**
 * The size of an axis: a number, or an expression over symbols such as {@code ⌊(H − 11) / 4⌋ + 1}.
 */
public final class Dim {
  public static final Dim ZERO = new Dim(0);
  public static final Dim ONE = new Dim(1);

  private final long value;

  private Dim(long value) {
    this.value = value;
  }

  /** A number. */
  public static Dim of(long value) {
    return new Dim(value);
  }

  /** Whether this is a number. */
  public boolean isNumber() {
    return true;
  }

  /** The number. @throws IllegalStateException if this has symbols */
  public long value() {
    return value;
  }

  public Dim plus(Dim other) {
    return new Dim(Math.addExact(value, other.value));
  }

  public Dim plus(long other) {
    return plus(of(other));
  }

  public Dim minus(Dim other) {
    return new Dim(Math.subtractExact(value, other.value));
  }

  public Dim times(Dim other) {
    return new Dim(Math.multiplyExact(value, other.value));
  }

  public Dim times(long other) {
    return times(of(other));
  }

  /** This divided by a positive number, rounded towards negative infinity. */
  public Dim floorDiv(long divisor) {
    return new Dim(Math.floorDiv(value, divisor));
  }

  /** This divided by a positive number, rounded towards positive infinity. */
  public Dim ceilDiv(long divisor) {
    return new Dim(-Math.floorDiv(-value, divisor));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dim that && value == that.value;
  }

  @Override
  public int hashCode() {
    return Objects.hash(value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
