package lamina.tensor;

/**
 * Numbers of 16 bits and fewer that have no type of their own here: they are computed with as
 * float32 or float64. Sources: the tables of ONNX's Cast, "FP8 Formats for Deep Learning"
 * (arXiv:2209.05433) and the OCP Microscaling Formats.
 */
public enum NarrowNumber {
  BFLOAT16(16, 7, 127, 0x1.fep127, true, false),
  E4M3FN(8, 3, 7, 448, false, false),
  E4M3FNUZ(8, 3, 8, 240, false, true),
  E5M2(8, 2, 15, 57344, true, false),
  E5M2FNUZ(8, 2, 16, 57344, false, true),
  E2M1(4, 1, 1, 6, false, false),
  /** A power of two and nothing else: neither sign nor zero. */
  E8M0(8, 0, 127, 0x1p127, false, false);

  private final int bits;
  private final int fractionBits;
  private final int bias;
  private final double most;
  private final boolean hasInfinity;

  /** Whether there is one zero, and its negative's bits are the only NaN. */
  private final boolean hasOneZero;

  NarrowNumber(
      int bits, int fractionBits, int bias, double most, boolean hasInfinity, boolean hasOneZero) {
    this.bits = bits;
    this.fractionBits = fractionBits;
    this.bias = bias;
    this.most = most;
    this.hasInfinity = hasInfinity;
    this.hasOneZero = hasOneZero;
  }

  /** How many bits it has. */
  public int bits() {
    return bits;
  }

  /** The number that bits stand for. */
  public double decode(int pattern) {
    if (this == E8M0) {
      return pattern == 0xff ? Double.NaN : Math.scalb(1.0, pattern - bias);
    }
    boolean isNegative = (pattern >> (bits - 1) & 1) != 0;
    int size = pattern & ((1 << (bits - 1)) - 1);
    if (hasOneZero && isNegative && size == 0) {
      return Double.NaN;
    }
    int exponent = size >> fractionBits;
    int fraction = size & ((1 << fractionBits) - 1);
    double value =
        exponent == 0
            ? Math.scalb((double) fraction, 1 - bias - fractionBits)
            : Math.scalb((double) (fraction + (1 << fractionBits)), exponent - bias - fractionBits);
    if (value > most) {
      value = hasInfinity && fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return isNegative ? -value : value;
  }

  /**
   * The nearest number of the format, of two the one whose last bit is 0; a power of two alone is
   * the next above.
   *
   * @param saturates whether numbers beyond the range become the largest, not infinite or NaN
   */
  public double round(double value, boolean saturates) {
    if (Double.isNaN(value)) {
      // A format without NaN: what ONNX's own tests expect.
      return this == E2M1 ? -0.0 : value;
    }
    if (this == E8M0) {
      return powerOfTwo(value, saturates);
    }
    double size = Math.abs(value);
    int exponent = Math.max(Math.getExponent(size), 1 - bias);
    double rounded = size;
    if (size <= 2 * most) {
      double step = Math.scalb(1.0, exponent - fractionBits);
      rounded = Math.rint(size / step) * step;
    }
    if (rounded > most) {
      double beyond = hasInfinity ? Double.POSITIVE_INFINITY : Double.NaN;
      rounded = this == E2M1 || (saturates && this != BFLOAT16) ? most : beyond;
    }
    if (hasOneZero && rounded == 0) {
      return 0;
    }
    return Math.copySign(rounded, value);
  }

  private double powerOfTwo(double value, boolean saturates) {
    double size = Math.abs(value);
    if (size > most) {
      return saturates ? most : Double.NaN;
    }
    double least = Math.scalb(1.0, -bias);
    if (size <= least) {
      return least;
    }
    double below = Math.scalb(1.0, Math.getExponent(size));
    return below < size ? 2 * below : below;
  }
}
