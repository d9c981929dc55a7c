package lamina.kernel.vector;

/**
 * Constants of the exponential function: {@code eˣ = 2ⁿ·eʳ} with n the integer next to {@code x/ln
 * 2}, and eʳ, |r| ≤ ln 2 / 2, from its Taylor series, whose remainder is below a tenth of an ulp.
 */
final class Exponentials {
  static final double DOUBLE_LOG2_E = 1 / Math.log(2);
  static final float FLOAT_LOG2_E = (float) DOUBLE_LOG2_E;

  /** The high bits of ln 2, so few that their product with any n is exact. */
  static final double DOUBLE_LN2_HIGH = 0x1.62e42fee00000p-1;

  static final float FLOAT_LN2_HIGH = 0x1.63p-1f;

  /** The rest of ln 2. */
  static final double DOUBLE_LN2_LOW = 0x1.a39ef35793c76p-33;

  static final float FLOAT_LN2_LOW = -0x1.bd0106p-13f;

  /**
   * Adding this number to a small one rounds that to an integer, which is then in the lowest bits.
   */
  static final double DOUBLE_ROUND = 0x1.8p52;

  static final float FLOAT_ROUND = 0x1.8p23f;

  /** The stored bits of the significand: by so many the exponent is shifted to the left. */
  static final int DOUBLE_SIGNIFICAND = 52;

  static final int FLOAT_SIGNIFICAND = 23;

  /** The bits of 1. */
  static final long DOUBLE_ONE = 0x3ff0000000000000L;

  static final int FLOAT_ONE = 0x3f800000;

  /** The bit of the sign. */
  static final long DOUBLE_SIGN = Long.MIN_VALUE;

  static final int FLOAT_SIGN = Integer.MIN_VALUE;

  /** The smallest x for which 2ⁿ is a normal number. */
  static final double DOUBLE_LOWEST = -708;

  static final float FLOAT_LOWEST = -87;

  /** The largest x for which 1/(1 + eˣ) is a normal number: others take a hundred times as long. */
  static final double DOUBLE_HIGHEST = 708;

  static final float FLOAT_HIGHEST = 87;

  /** An x for which 2ⁿ, and so eˣ, is infinite. */
  static final double DOUBLE_INFINITE = 710;

  static final float FLOAT_INFINITE = 89;

  /** From here on the hyperbolic tangent rounds to 1. */
  static final double DOUBLE_TANH_IS_ONE = 20;

  static final float FLOAT_TANH_IS_ONE = 10;

  /** The degree of the Taylor polynomial. */
  static final int DOUBLE_DEGREE = 13;

  static final int FLOAT_DEGREE = 7;

  /**
   * 1/2!, 1/3!, ... They have names, since an element of an array is no constant to the compiler.
   */
  static final double DOUBLE_2 = 1.0 / 2;

  static final double DOUBLE_3 = 1.0 / 6;
  static final double DOUBLE_4 = 1.0 / 24;
  static final double DOUBLE_5 = 1.0 / 120;
  static final double DOUBLE_6 = 1.0 / 720;
  static final double DOUBLE_7 = 1.0 / 5_040;
  static final double DOUBLE_8 = 1.0 / 40_320;
  static final double DOUBLE_9 = 1.0 / 362_880;
  static final double DOUBLE_10 = 1.0 / 3_628_800;
  static final double DOUBLE_11 = 1.0 / 39_916_800;
  static final double DOUBLE_12 = 1.0 / 479_001_600;
  static final double DOUBLE_13 = 1.0 / 6_227_020_800L;

  static final float FLOAT_2 = (float) DOUBLE_2;
  static final float FLOAT_3 = (float) DOUBLE_3;
  static final float FLOAT_4 = (float) DOUBLE_4;
  static final float FLOAT_5 = (float) DOUBLE_5;
  static final float FLOAT_6 = (float) DOUBLE_6;
  static final float FLOAT_7 = (float) DOUBLE_7;
  static final float FLOAT_8 = (float) DOUBLE_8;
  static final float FLOAT_9 = (float) DOUBLE_9;
  static final float FLOAT_10 = (float) DOUBLE_10;
  static final float FLOAT_11 = (float) DOUBLE_11;
  static final float FLOAT_12 = (float) DOUBLE_12;
  static final float FLOAT_13 = (float) DOUBLE_13;

  private Exponentials() {}
}
