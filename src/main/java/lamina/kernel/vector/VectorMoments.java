package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.Moments;
import lamina.kernel.plain.PlainMoments;

/**
 * The moments of elements of either precision, in vectors of float64.
 *
 * <p>Elements of float32 are loaded as vectors of the full width, of which one half is converted.
 * Vectors of half the width would be more natural, but once they are met, the compiler no longer
 * knows which class a vector has, and other kernels take up to twice as long.
 */
final class VectorMoments {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;

  private VectorMoments() {}

  /** As {@link lamina.kernel.Kernels#moments}. */
  static Moments of(double[] x, int from, int count) {
    DoubleVector firstSum = DoubleVector.zero(SPECIES);
    DoubleVector secondSum = firstSum;
    DoubleVector first = firstSum;
    DoubleVector second = firstSum;
    int end = from + count;
    int i = from;
    for (; i + 2 * LANES <= end; i += 2 * LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector next = DoubleVector.fromArray(SPECIES, x, i + LANES);
      firstSum = firstSum.add(v);
      secondSum = secondSum.add(next);
      first = v.fma(v, first);
      second = next.fma(next, second);
    }
    Moments rest = PlainMoments.of(x, i, end - i);
    return total(firstSum.add(secondSum), first.add(second), rest);
  }

  /** As {@link lamina.kernel.Kernels#moments}. */
  static Moments of(float[] x, int from, int count) {
    DoubleVector firstSum = DoubleVector.zero(SPECIES);
    DoubleVector secondSum = firstSum;
    DoubleVector first = firstSum;
    DoubleVector second = firstSum;
    int end = from + count;
    int i = from;
    for (; i + 3 * LANES <= end; i += 2 * LANES) {
      DoubleVector v = converted(x, i);
      DoubleVector next = converted(x, i + LANES);
      firstSum = firstSum.add(v);
      secondSum = secondSum.add(next);
      first = v.fma(v, first);
      second = next.fma(next, second);
    }
    Moments rest = PlainMoments.of(x, i, end - i);
    return total(firstSum.add(secondSum), first.add(second), rest);
  }

  /** Elements from an index on; as many after them are read, too. */
  private static DoubleVector converted(float[] x, int from) {
    return (DoubleVector)
        FloatVector.fromArray(TileFloat.SPECIES, x, from)
            .convertShape(VectorOperators.F2D, SPECIES, 0);
  }

  private static Moments total(DoubleVector sum, DoubleVector squares, Moments rest) {
    return new Moments(DotsDouble.sum(sum) + rest.sum(), DotsDouble.sum(squares) + rest.squares());
  }
}
