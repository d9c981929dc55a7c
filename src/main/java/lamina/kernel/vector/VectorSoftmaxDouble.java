package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Kernels;
import lamina.kernel.Precision;

/**
 * Softmax and its logarithm in float64. Long runs of neighbours are reduced by vectors. Other runs
 * are computed as many at a time as a vector has lanes, one in each lane: they are copied to a
 * buffer in which the first elements of these runs are neighbours, then their second ones, and so
 * on.
 *
 * <p>The logarithm has the absolute error of a sum of at least 1, a few ulp of it.
 */
final class VectorSoftmaxDouble {
  private static final int LANES = TileDouble.LANES;

  /**
   * Runs of neighbours that are shorter than so many vectors take less time with one in each lane.
   */
  private static final int LONG = 4;

  private VectorSoftmaxDouble() {}

  /** As {@link Kernels#softmax}. */
  static void forward(int axis, int inner, int sign, boolean logarithm, double[] x, double[] y) {
    if (inner == 1 && axis >= LONG * LANES) {
      double[] from = x;
      if (sign < 0) {
        negate(x, y);
        from = y;
      }
      double[] tail = new double[LANES];
      for (int start = 0; start < x.length; start += axis) {
        oneRun(axis, logarithm, from, start, y, tail);
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

  private static void negate(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = -x[i];
    }
  }

  /**
   * One run of neighbours, which begins at the same index of x and y; these may be one array.
   *
   * @param tail room for what does not fill a vector
   */
  private static void oneRun(
      int axis, boolean logarithm, double[] x, int start, double[] y, double[] tail) {
    int whole = TileDouble.SPECIES.loopBound(axis);
    int end = start + whole;
    System.arraycopy(x, end, tail, 0, axis - whole);
    // The elements that fill up the last vector add nothing: e to the power of −∞ is 0.
    Arrays.fill(tail, axis - whole, LANES, Double.NEGATIVE_INFINITY);
    double max = Math.max(max(x, start, end), max(tail, 0, LANES));
    if (logarithm) {
      double sum = sumOfExponentials(x, start, end, max) + sumOfExponentials(tail, 0, LANES, max);
      double logSum = Precision.toDouble(Math.log(sum));
      subtract(max, logSum, x, start, end, y);
      subtract(max, logSum, tail, 0, LANES, tail);
    } else {
      double sum = exponentials(x, start, end, max, y) + exponentials(tail, 0, LANES, max, tail);
      double factor = 1 / sum;
      multiply(factor, y, start, end);
      multiply(factor, tail, 0, LANES);
    }
    System.arraycopy(tail, 0, y, end, axis - whole);
  }

  /** The largest of some whole vectors; two chains of maxima take less time than one. */
  private static double max(double[] x, int start, int end) {
    DoubleVector max = DoubleVector.fromArray(TileDouble.SPECIES, x, start);
    DoubleVector other = max;
    int i = start + LANES;
    for (; i + LANES < end; i += 2 * LANES) {
      max = max.max(DoubleVector.fromArray(TileDouble.SPECIES, x, i));
      other = other.max(DoubleVector.fromArray(TileDouble.SPECIES, x, i + LANES));
    }
    if (i < end) {
      max = max.max(DoubleVector.fromArray(TileDouble.SPECIES, x, i));
    }
    return max.max(other).reduceLanes(VectorOperators.MAX);
  }

  /** The sum of {@code e^(x − max)} over some whole vectors. */
  private static double sumOfExponentials(double[] x, int start, int end, double max) {
    DoubleVector sum = DoubleVector.zero(TileDouble.SPECIES);
    for (int i = start; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(TileDouble.SPECIES, x, i);
      sum = sum.add(SquashVectorsDouble.exp(v.sub(max)));
    }
    return DotsDouble.sum(sum);
  }

  /** The same, which also writes the exponentials to y. */
  private static double exponentials(double[] x, int start, int end, double max, double[] y) {
    DoubleVector sum = DoubleVector.zero(TileDouble.SPECIES);
    for (int i = start; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(TileDouble.SPECIES, x, i);
      DoubleVector e = SquashVectorsDouble.exp(v.sub(max));
      sum = sum.add(e);
      e.intoArray(y, i);
    }
    return DotsDouble.sum(sum);
  }

  private static void subtract(
      double max, double logSum, double[] x, int start, int end, double[] y) {
    for (int i = start; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(TileDouble.SPECIES, x, i);
      v.sub(max).sub(logSum).intoArray(y, i);
    }
  }

  private static void multiply(double factor, double[] x, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, x, i).mul(factor).intoArray(x, i);
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
