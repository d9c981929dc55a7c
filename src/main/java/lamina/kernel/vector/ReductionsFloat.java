// Derived from ReductionsDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;

/** Sums over runs of arrays in float32. */
final class ReductionsFloat {
  private static final int LANES = TileFloat.LANES;

  private ReductionsFloat() {}

  /** The sum of {@code count} elements. */
  static float sum(float[] x, int from, int count) {
    FloatVector s0 = FloatVector.zero(TileFloat.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
      int at = from + i;
      s0 = s0.add(FloatVector.fromArray(TileFloat.SPECIES, x, at));
      s1 = s1.add(FloatVector.fromArray(TileFloat.SPECIES, x, at + LANES));
      s2 = s2.add(FloatVector.fromArray(TileFloat.SPECIES, x, at + 2 * LANES));
      s3 = s3.add(FloatVector.fromArray(TileFloat.SPECIES, x, at + 3 * LANES));
    }
    for (; i + LANES <= count; i += LANES) {
      s0 = s0.add(FloatVector.fromArray(TileFloat.SPECIES, x, from + i));
    }
    float sum = DotsFloat.sum(s0.add(s1).add(s2.add(s3)));
    for (; i < count; i++) {
      sum += x[from + i];
    }
    return sum;
  }
}
