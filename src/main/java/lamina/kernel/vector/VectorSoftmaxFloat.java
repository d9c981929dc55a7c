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
      int room = TapSumsFloat.vectors(axis) * LANES;
      float[] run = new float[room];
      for (int start = 0; start < x.length; start += axis) {
        System.arraycopy(x, start, run, 0, axis);
        if (sign < 0) {
          negate(axis, run);
        }
        // What fills the last vector counts as nothing.
        Arrays.fill(run, axis, room, Float.NEGATIVE_INFINITY);
        oneRun(logarithm, run);
        System.arraycopy(run, 0, y, start, axis);
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

  private static void negate(int count, float[] x) {
    for (int i = 0; i < count; i++) {
      x[i] = -x[i];
    }
  }

  private static void oneRun(boolean logarithm, float[] x) {
    float max = max(x);
    if (logarithm) {
      subtract(x, max, Precision.toFloat(Math.log(sumOfExponentials(x, max))));
    } else {
      multiply(x, 1 / exponentials(x, max));
    }
  }

  private static float max(float[] x) {
    FloatVector max = FloatVector.fromArray(TileFloat.SPECIES, x, 0);
    for (int i = LANES; i < x.length; i += LANES) {
      max = max.max(FloatVector.fromArray(TileFloat.SPECIES, x, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** The sum of {@code e^(x − max)}. */
  private static float sumOfExponentials(float[] x, float max) {
    FloatVector sum = FloatVector.zero(TileFloat.SPECIES);
    for (int i = 0; i < x.length; i += LANES) {
      FloatVector v = FloatVector.fromArray(TileFloat.SPECIES, x, i);
      sum = sum.add(SquashVectorsFloat.exp(v.sub(max)));
    }
    return DotsFloat.sum(sum);
  }

  /** The same, which also replaces the elements by their exponentials. */
  private static float exponentials(float[] x, float max) {
    FloatVector sum = FloatVector.zero(TileFloat.SPECIES);
    for (int i = 0; i < x.length; i += LANES) {
      FloatVector v = FloatVector.fromArray(TileFloat.SPECIES, x, i);
      FloatVector e = SquashVectorsFloat.exp(v.sub(max));
      sum = sum.add(e);
      e.intoArray(x, i);
    }
    return DotsFloat.sum(sum);
  }

  private static void subtract(float[] x, float max, float logSum) {
    for (int i = 0; i < x.length; i++) {
      x[i] = x[i] - max - logSum;
    }
  }

  private static void multiply(float[] x, float factor) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
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
