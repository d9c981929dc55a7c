package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Magnitudes;

/** How large elements are, in float64. */
final class VectorMagnitudesDouble {
  private static final int LANES = TileDouble.LANES;

  private VectorMagnitudesDouble() {}

  /** As {@link lamina.kernel.Kernels#magnitudes}. */
  static Magnitudes of(double[] x) {
    DoubleVector none = DoubleVector.zero(TileDouble.SPECIES);
    DoubleVector most = none;
    int zeros = 0;
    int whole = x.length - x.length % LANES;
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(TileDouble.SPECIES, x, i);
      DoubleVector size = v.abs();
      most = most.blend(size, size.compare(VectorOperators.GT, most));
      zeros += v.compare(VectorOperators.EQ, none).trueCount();
    }
    double largest = 0;
    for (double lane : most.toArray()) {
      largest = Math.max(largest, lane);
    }
    for (int i = whole; i < x.length; i++) {
      largest = Math.abs(x[i]) > largest ? Math.abs(x[i]) : largest;
      zeros += x[i] == 0 ? 1 : 0;
    }
    return new Magnitudes(largest, zeros);
  }
}
