package lamina.kernel;

import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * What stands in the padding.
 *
 * @param kind the rule
 * @param value the constant of {@link Kind#CONSTANT}; 0 for the others
 */
public record PaddingMode(Kind kind, double value) {
  /** The rules, named as in PyTorch. */
  public enum Kind {
    /** One value. */
    CONSTANT,
    /** The elements mirrored at the edge, which itself is not repeated: {@code c b | a b c}. */
    REFLECT,
    /** The element at the edge: {@code a a | a b c}. */
    REPLICATE,
    /** The elements from the other end: {@code b c | a b c}. */
    CIRCULAR
  }

  public static final PaddingMode ZEROS = new PaddingMode(Kind.CONSTANT, 0);
  public static final PaddingMode REFLECT = new PaddingMode(Kind.REFLECT, 0);
  public static final PaddingMode REPLICATE = new PaddingMode(Kind.REPLICATE, 0);
  public static final PaddingMode CIRCULAR = new PaddingMode(Kind.CIRCULAR, 0);

  /** A constant. */
  public static PaddingMode constant(double value) {
    return new PaddingMode(Kind.CONSTANT, value);
  }

  /** Whether the padding is zeros, which convolutions need not store. */
  public boolean isZeros() {
    return kind == Kind.CONSTANT && value == 0;
  }

  /**
   * Checks that an axis has enough elements to take padding from, as far as its size is known.
   *
   * @throws InputException unless reflect's padding is below the size and circular's at most it
   */
  public void check(int axis, Dim size, int padding) {
    long limit = Long.MAX_VALUE;
    if (size.isNumber() && kind == Kind.REFLECT) {
      limit = size.value() - 1;
    } else if (size.isNumber() && kind == Kind.CIRCULAR) {
      limit = size.value();
    }
    if (padding > limit) {
      throw new InputException(
          this
              + " padding "
              + padding
              + " on spatial axis "
              + axis
              + " must be at most "
              + limit
              + " for an input of size "
              + size);
    }
  }

  /**
   * Reads the name of a mode: {@code zeros}, {@code reflect}, {@code replicate}, {@code circular}
   * or {@code constant:V}.
   *
   * @throws InputException if there is none
   */
  public static PaddingMode of(String text) {
    return switch (text) {
      case "zeros" -> ZEROS;
      case "reflect" -> REFLECT;
      case "replicate" -> REPLICATE;
      case "circular" -> CIRCULAR;
      default -> constant(text);
    };
  }

  private static PaddingMode constant(String text) {
    if (text.startsWith("constant:")) {
      try {
        return constant(Double.parseDouble(text.substring("constant:".length())));
      } catch (NumberFormatException e) {
        // The message below says what is wrong.
      }
    }
    throw new InputException(
        "unknown padding mode '"
            + text
            + "'; known are zeros, reflect, replicate, circular and constant:V");
  }

  /** The name, as {@link #of} reads it. */
  @Override
  public String toString() {
    return switch (kind) {
      case CONSTANT -> value == 0 ? "zeros" : "constant:" + value;
      case REFLECT -> "reflect";
      case REPLICATE -> "replicate";
      case CIRCULAR -> "circular";
    };
  }
}
