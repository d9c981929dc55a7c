// Derived from VectorActivationDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Activation;
import lamina.kernel.Backend;
import lamina.kernel.GateFunction;
import lamina.kernel.Precision;
import lamina.kernel.ScalarBackend;

/**
 * Activation functions in float32. The exponentials behind them are polynomials with an error of
 * few ulp; functions that are not here are left to the plain loops.
 */
final class VectorActivationFloat {
  private static final int LANES = TileFloat.LANES;
  private static final Backend PLAIN = new ScalarBackend();

  private VectorActivationFloat() {}

  /** As {@link Backend#activate}. */
  static void forward(Activation f, float[] x, float[] y) {
    if (x.length < LANES) {
      PLAIN.activate(f, x, y);
      return;
    }
    switch (f.kind()) {
      case SIGMOID -> SquashVectorsFloat.apply(GateFunction.SIGMOID, x, 0, y, 0, x.length);
      case TANH -> SquashVectorsFloat.apply(GateFunction.TANH, x, 0, y, 0, x.length);
      case LEAKY_RELU, PRELU -> leaky(Precision.toFloat(f.alpha()), x, y);
      case ELU -> elu(Precision.toFloat(f.alpha()), x, y);
      case SILU -> silu(x, y);
      default -> PLAIN.activate(f, x, y);
    }
  }

  private static void leaky(float slope, float[] x, float[] y) {
    int tail = x.length - LANES;
    // Loaded before anything is stored, since y may be x.
    FloatVector last = FloatVector.fromArray(TileFloat.SPECIES, x, tail);
    for (int i = 0; i < tail; i += LANES) {
      leaky(slope, FloatVector.fromArray(TileFloat.SPECIES, x, i)).intoArray(y, i);
    }
    leaky(slope, last).intoArray(y, tail);
  }

  private static FloatVector leaky(float slope, FloatVector x) {
    return x.mul(slope).blend(x, x.compare(VectorOperators.GT, 0));
  }

  private static void elu(float alpha, float[] x, float[] y) {
    int tail = x.length - LANES;
    FloatVector last = FloatVector.fromArray(TileFloat.SPECIES, x, tail);
    for (int i = 0; i < tail; i += LANES) {
      elu(alpha, FloatVector.fromArray(TileFloat.SPECIES, x, i)).intoArray(y, i);
    }
    elu(alpha, last).intoArray(y, tail);
  }

  private static FloatVector elu(float alpha, FloatVector x) {
    return SquashVectorsFloat.expm1(x).mul(alpha).blend(x, x.compare(VectorOperators.GT, 0));
  }

  private static void silu(float[] x, float[] y) {
    int tail = x.length - LANES;
    FloatVector last = FloatVector.fromArray(TileFloat.SPECIES, x, tail);
    for (int i = 0; i < tail; i += LANES) {
      silu(FloatVector.fromArray(TileFloat.SPECIES, x, i)).intoArray(y, i);
    }
    silu(last).intoArray(y, tail);
  }

  /** {@code x σ(x)}, and its limit 0 where the gate is closed. */
  private static FloatVector silu(FloatVector x) {
    FloatVector gate = SquashVectorsFloat.sigmoid(x);
    FloatVector zero = FloatVector.zero(TileFloat.SPECIES);
    return x.mul(gate).blend(zero, gate.compare(VectorOperators.EQ, zero));
  }

  /**
   * As {@link Backend#softmax}, the last axis by vectors. The logarithm has the absolute error of a
   * sum of at least 1, a few ulp of it.
   */
  static void softmax(int axis, int inner, int sign, boolean logarithm, float[] x, float[] y) {
    if (inner > 1) {
      PLAIN.softmax(axis, inner, sign, logarithm, x, y);
      return;
    }
    int room = TapSumsFloat.vectors(axis) * LANES;
    float[] row = BuffersFloat.take(room);
    // The exponentials of what fills the last vector are 0.
    Arrays.fill(row, axis, room, Float.NEGATIVE_INFINITY);
    for (int start = 0; start < x.length; start += axis) {
      for (int i = 0; i < axis; i++) {
        row[i] = sign * x[start + i];
      }
      float max = max(room, row);
      if (logarithm) {
        float shift = Precision.toFloat(Math.log(sumOfExponentials(room, max, row)));
        for (int i = 0; i < axis; i++) {
          y[start + i] = row[i] - max - shift;
        }
      } else {
        float sum = exponentials(room, max, row);
        for (int i = 0; i < axis; i++) {
          y[start + i] = row[i] / sum;
        }
        Arrays.fill(row, axis, room, Float.NEGATIVE_INFINITY);
      }
    }
    BuffersFloat.give(row);
  }

  private static float max(int count, float[] x) {
    FloatVector max = FloatVector.fromArray(TileFloat.SPECIES, x, 0);
    for (int i = LANES; i < count; i += LANES) {
      max = max.max(FloatVector.fromArray(TileFloat.SPECIES, x, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** The sum of {@code e^(x − max)}. */
  private static float sumOfExponentials(int count, float max, float[] x) {
    FloatVector sum = FloatVector.zero(TileFloat.SPECIES);
    for (int i = 0; i < count; i += LANES) {
      sum = sum.add(exponential(max, x, i));
    }
    return DotsFloat.sum(sum);
  }

  /** The same, which also replaces the elements by their exponentials. */
  private static float exponentials(int count, float max, float[] x) {
    FloatVector sum = FloatVector.zero(TileFloat.SPECIES);
    for (int i = 0; i < count; i += LANES) {
      FloatVector e = exponential(max, x, i);
      sum = sum.add(e);
      e.intoArray(x, i);
    }
    return DotsFloat.sum(sum);
  }

  private static FloatVector exponential(float max, float[] x, int i) {
    return SquashVectorsFloat.exp(FloatVector.fromArray(TileFloat.SPECIES, x, i).sub(max));
  }
}
