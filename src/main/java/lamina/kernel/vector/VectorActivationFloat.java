// Derived from VectorActivationDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

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
}
