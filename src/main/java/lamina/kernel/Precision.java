package lamina.kernel;

/**
 * Rounds what was computed in double to the precision of a kernel. In a {@code …Double} kernel
 * these calls do nothing; in the {@code …Float} kernel derived from it they round. (A cast would be
 * redundant in the one and needed in the other.) Such a kernel declares an accumulator that stays a
 * double in both precisions as {@code var sum = 0d}.
 */
public final class Precision {
  private Precision() {}

  /** The value itself. */
  public static double toDouble(double value) {
    return value;
  }

  /** The value in float32. */
  public static float toFloat(double value) {
    return (float) value;
  }

  /** Sums that stay in double in both precisions, all 0. */
  static double[] sums(int count) {
    return new double[count];
  }
}
