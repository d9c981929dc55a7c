// Derived from VectorSoftmaxDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Backend;
import lamina.kernel.Precision;

/**
 * Softmax and its logarithm in float32. Long runs of neighbours are reduced by vectors. Else one
 * lane does one run, as many at a time as there are lanes, in a buffer where the elements of these
 * runs with the same number are neighbours.
 *
 * <p>The logarithm has the absolute error of a sum of at least 1, a few ulp of it.
 */
final class VectorSoftmaxFloat {
  private static final int LANES = TileFloat.LANES;

  /** Runs of neighbours of fewer vectors take less time one a lane. */
  private static final int LONG = 4;

  private VectorSoftmaxFloat() {}

  /** As {@link Backend#softmax}. */
  static void forward(int axis, int inner, int sign, boolean logarithm, float[] x, float[] y) {
    if (inner == 1 && axis >= LONG * LANES) {
      float[] from = x;
      if (sign < 0) {
        negate(x, y);
        from = y;
      }
      float[] tail = new float[LANES];
      for (int start = 0; start < x.length; start += axis) {
        oneRun(axis, logarithm, from, start, y, tail);
      }
      return;
    }
    float[] block = new float[axis * LANES];
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

  private static void negate(float[] x, float[] y) {
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
      int axis, boolean logarithm, float[] x, int start, float[] y, float[] tail) {
    int whole = TileFloat.SPECIES.loopBound(axis);
    int end = start + whole;
    System.arraycopy(x, end, tail, 0, axis - whole);
    // What fills the last vector counts as nothing.
    Arrays.fill(tail, axis - whole, LANES, Float.NEGATIVE_INFINITY);
    float max = Math.max(max(x, start, end), max(tail, 0, LANES));
    if (logarithm) {
      float sum = sumOfExponentials(x, start, end, max) + sumOfExponentials(tail, 0, LANES, max);
      float logSum = Precision.toFloat(Math.log(sum));
      subtract(max, logSum, x, start, end, y);
      subtract(max, logSum, tail, 0, LANES, tail);
    } else {
      float sum = exponentials(x, start, end, max, y) + exponentials(tail, 0, LANES, max, tail);
      float factor = 1 / sum;
      multiply(factor, y, start, end);
      multiply(factor, tail, 0, LANES);
    }
    System.arraycopy(tail, 0, y, end, axis - whole);
  }

  /** The largest of some whole vectors; two chains of maxima take less time than one. */
  private static float max(float[] x, int start, int end) {
    FloatVector max = FloatVector.fromArray(TileFloat.SPECIES, x, start);
    FloatVector other = max;
    int i = start + LANES;
    for (; i + LANES < end; i += 2 * LANES) {
      max = max.max(FloatVector.fromArray(TileFloat.SPECIES, x, i));
      other = other.max(FloatVector.fromArray(TileFloat.SPECIES, x, i + LANES));
    }
    if (i < end) {
      max = max.max(FloatVector.fromArray(TileFloat.SPECIES, x, i));
    }
    return max.max(other).reduceLanes(VectorOperators.MAX);
  }

  /** The sum of {@code e^(x − max)} over some whole vectors. */
  private static float sumOfExponentials(float[] x, int start, int end, float max) {
    FloatVector sum = FloatVector.zero(TileFloat.SPECIES);
    for (int i = start; i < end; i += LANES) {
      FloatVector v = FloatVector.fromArray(TileFloat.SPECIES, x, i);
      sum = sum.add(SquashVectorsFloat.exp(v.sub(max)));
    }
    return DotsFloat.sum(sum);
  }

  /** The same, which also writes the exponentials to y. */
  private static float exponentials(float[] x, int start, int end, float max, float[] y) {
    FloatVector sum = FloatVector.zero(TileFloat.SPECIES);
    for (int i = start; i < end; i += LANES) {
      FloatVector v = FloatVector.fromArray(TileFloat.SPECIES, x, i);
      FloatVector e = SquashVectorsFloat.exp(v.sub(max));
      sum = sum.add(e);
      e.intoArray(y, i);
    }
    return DotsFloat.sum(sum);
  }

  private static void subtract(float max, float logSum, float[] x, int start, int end, float[] y) {
    for (int i = start; i < end; i += LANES) {
      FloatVector v = FloatVector.fromArray(TileFloat.SPECIES, x, i);
      v.sub(max).sub(logSum).intoArray(y, i);
    }
  }

  private static void multiply(float factor, float[] x, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      FloatVector.fromArray(TileFloat.SPECIES, x, i).mul(factor).intoArray(x, i);
    }
  }

  /** The elements of a run are {@code LANES} apart. */
  private static void oneRunPerLane(boolean logarithm, float[] x) {
    subtractMax(x);
    float[] amounts = new float[LANES];
    if (logarithm) {
      sumExponentials(x, amounts);
      for (int lane = 0; lane < LANES; lane++) {
        amounts[lane] = Precision.toFloat(Math.log(amounts[lane]));
      }
      subtract(x, amounts);
    } else {
      replaceByExponentials(x, amounts);
      divide(x, amounts);
    }
  }

  private static void subtractMax(float[] x) {
    FloatVector max = FloatVector.fromArray(TileFloat.SPECIES, x, 0);
    for (int i = LANES; i < x.length; i += LANES) {
      max = max.max(FloatVector.fromArray(TileFloat.SPECIES, x, i));
    }
    for (int i = 0; i < x.length; i += LANES) {
      FloatVector.fromArray(TileFloat.SPECIES, x, i).sub(max).intoArray(x, i);
    }
  }

  private static void sumExponentials(float[] x, float[] sums) {
    FloatVector sum = FloatVector.zero(TileFloat.SPECIES);
    for (int i = 0; i < x.length; i += LANES) {
      sum = sum.add(SquashVectorsFloat.exp(FloatVector.fromArray(TileFloat.SPECIES, x, i)));
    }
    sum.intoArray(sums, 0);
  }

  /** As {@link #sumExponentials}, which also replaces the elements. */
  private static void replaceByExponentials(float[] x, float[] sums) {
    FloatVector sum = FloatVector.zero(TileFloat.SPECIES);
    for (int i = 0; i < x.length; i += LANES) {
      FloatVector e = SquashVectorsFloat.exp(FloatVector.fromArray(TileFloat.SPECIES, x, i));
      sum = sum.add(e);
      e.intoArray(x, i);
    }
    sum.intoArray(sums, 0);
  }

  private static void subtract(float[] x, float[] amounts) {
    FloatVector amount = FloatVector.fromArray(TileFloat.SPECIES, amounts, 0);
    for (int i = 0; i < x.length; i += LANES) {
      FloatVector.fromArray(TileFloat.SPECIES, x, i).sub(amount).intoArray(x, i);
    }
  }

  private static void divide(float[] x, float[] divisors) {
    FloatVector divisor = FloatVector.fromArray(TileFloat.SPECIES, divisors, 0);
    for (int i = 0; i < x.length; i += LANES) {
      FloatVector.fromArray(TileFloat.SPECIES, x, i).div(divisor).intoArray(x, i);
    }
  }
}
