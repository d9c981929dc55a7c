package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Backend;
import lamina.kernel.Precision;

/**
 * Softmax and its logarithm in float64. Long runs of neighbours are reduced by vectors. Else one
 * lane does one run, as many at a time as there are lanes, in a buffer where the elements of these
 * runs with the same number are neighbours.
 *
 * <p>The logarithm has the absolute error of a sum of at least 1, a few ulp of it.
 */
final class VectorSoftmaxDouble {
  private static final int LANES = TileDouble.LANES;

  /** Runs of neighbours of fewer vectors take less time one a lane. */
  private static final int LONG = 4;

  private VectorSoftmaxDouble() {}

  /** As {@link Backend#softmax}. */
  static void forward(int axis, int inner, int sign, boolean logarithm, double[] x, double[] y) {
    if (inner == 1 && axis >= LONG * LANES) {
      int room = TapSumsDouble.vectors(axis) * LANES;
      double[] run = new double[room];
      for (int start = 0; start < x.length; start += axis) {
        System.arraycopy(x, start, run, 0, axis);
        if (sign < 0) {
          negate(axis, run);
        }
        // What fills the last vector counts as nothing.
        Arrays.fill(run, axis, room, Double.NEGATIVE_INFINITY);
        oneRun(logarithm, run);
        System.arraycopy(run, 0, y, start, axis);
      }
      return;
    }
    double[] block = new double[axis * LANES];
    int runs = x.length / axis;
    for (int first = 0; first < runs; first += LANES) {
      int count = Math.min(LANES, runs - first);
      for (int lane = 0; lane < count; lane++) {
        int from = start(first + lane, axis, inner);
        for (int i = 0; i < axis; i++) {
          block[i * LANES + lane] = sign * x[from + i * inner];
        }
      }
      oneRunPerLane(logarithm, block);
      for (int lane = 0; lane < count; lane++) {
        int to = start(first + lane, axis, inner);
        for (int i = 0; i < axis; i++) {
          y[to + i * inner] = block[i * LANES + lane];
        }
      }
    }
  }

  /** Where a run starts whose elements are {@code inner} apart. */
  private static int start(int run, int axis, int inner) {
    return run / inner * axis * inner + run % inner;
  }

  private static void negate(int count, double[] x) {
    for (int i = 0; i < count; i++) {
      x[i] = -x[i];
    }
  }

  private static void oneRun(boolean logarithm, double[] x) {
    double max = max(x);
    if (logarithm) {
      subtract(x, max, Precision.toDouble(Math.log(sumOfExponentials(x, max))));
    } else {
      multiply(x, 1 / exponentials(x, max));
    }
  }

  private static double max(double[] x) {
    DoubleVector max = DoubleVector.fromArray(TileDouble.SPECIES, x, 0);
    for (int i = LANES; i < x.length; i += LANES) {
      max = max.max(DoubleVector.fromArray(TileDouble.SPECIES, x, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** The sum of {@code e^(x − max)}. */
  private static double sumOfExponentials(double[] x, double max) {
    DoubleVector sum = DoubleVector.zero(TileDouble.SPECIES);
    for (int i = 0; i < x.length; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(TileDouble.SPECIES, x, i);
      sum = sum.add(SquashVectorsDouble.exp(v.sub(max)));
    }
    return DotsDouble.sum(sum);
  }

  /** The same, which also replaces the elements by their exponentials. */
  private static double exponentials(double[] x, double max) {
    DoubleVector sum = DoubleVector.zero(TileDouble.SPECIES);
    for (int i = 0; i < x.length; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(TileDouble.SPECIES, x, i);
      DoubleVector e = SquashVectorsDouble.exp(v.sub(max));
      sum = sum.add(e);
      e.intoArray(x, i);
    }
    return DotsDouble.sum(sum);
  }

  private static void subtract(double[] x, double max, double logSum) {
    for (int i = 0; i < x.length; i++) {
      x[i] = x[i] - max - logSum;
    }
  }

  private static void multiply(double[] x, double factor) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
    }
  }

  /** The elements of a run are {@code LANES} apart. */
  private static void oneRunPerLane(boolean logarithm, double[] x) {
    subtractMax(x);
    double[] amounts = new double[LANES];
    if (logarithm) {
      sumExponentials(x, amounts);
      for (int lane = 0; lane < LANES; lane++) {
        amounts[lane] = Precision.toDouble(Math.log(amounts[lane]));
      }
      subtract(x, amounts);
    } else {
      replaceByExponentials(x, amounts);
      divide(x, amounts);
    }
  }

  private static void subtractMax(double[] x) {
    DoubleVector max = DoubleVector.fromArray(TileDouble.SPECIES, x, 0);
    for (int i = LANES; i < x.length; i += LANES) {
      max = max.max(DoubleVector.fromArray(TileDouble.SPECIES, x, i));
    }
    for (int i = 0; i < x.length; i += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, x, i).sub(max).intoArray(x, i);
    }
  }

  private static void sumExponentials(double[] x, double[] sums) {
    DoubleVector sum = DoubleVector.zero(TileDouble.SPECIES);
    for (int i = 0; i < x.length; i += LANES) {
      sum = sum.add(SquashVectorsDouble.exp(DoubleVector.fromArray(TileDouble.SPECIES, x, i)));
    }
    sum.intoArray(sums, 0);
  }

  /** As {@link #sumExponentials}, which also replaces the elements. */
  private static void replaceByExponentials(double[] x, double[] sums) {
    DoubleVector sum = DoubleVector.zero(TileDouble.SPECIES);
    for (int i = 0; i < x.length; i += LANES) {
      DoubleVector e = SquashVectorsDouble.exp(DoubleVector.fromArray(TileDouble.SPECIES, x, i));
      sum = sum.add(e);
      e.intoArray(x, i);
    }
    sum.intoArray(sums, 0);
  }

  private static void subtract(double[] x, double[] amounts) {
    DoubleVector amount = DoubleVector.fromArray(TileDouble.SPECIES, amounts, 0);
    for (int i = 0; i < x.length; i += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, x, i).sub(amount).intoArray(x, i);
    }
  }

  private static void divide(double[] x, double[] divisors) {
    DoubleVector divisor = DoubleVector.fromArray(TileDouble.SPECIES, divisors, 0);
    for (int i = 0; i < x.length; i += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, x, i).div(divisor).intoArray(x, i);
    }
  }
}
