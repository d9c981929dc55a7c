package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;

/** Sums over runs of arrays in float64. */
final class ReductionsDouble {
  private static final int LANES = TileDouble.LANES;

  private ReductionsDouble() {}

  /** The sum of {@code count} elements. */
  static double sum(double[] x, int from, int count) {
    DoubleVector s0 = DoubleVector.zero(TileDouble.SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    int i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
      int offset = from + i;
      s0 = s0.add(DoubleVector.fromArray(TileDouble.SPECIES, x, offset));
      s1 = s1.add(DoubleVector.fromArray(TileDouble.SPECIES, x, offset + LANES));
      s2 = s2.add(DoubleVector.fromArray(TileDouble.SPECIES, x, offset + 2 * LANES));
      s3 = s3.add(DoubleVector.fromArray(TileDouble.SPECIES, x, offset + 3 * LANES));
    }
    for (; i + LANES <= count; i += LANES) {
      s0 = s0.add(DoubleVector.fromArray(TileDouble.SPECIES, x, from + i));
    }
    double sum = DotsDouble.sum(s0.add(s1).add(s2.add(s3)));
    for (; i < count; i++) {
      sum += x[from + i];
    }
    return sum;
  }
}
