package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Activation;
import lamina.kernel.Backend;
import lamina.kernel.GateFunction;
import lamina.kernel.Precision;
import lamina.kernel.ScalarBackend;

/**
 * Activation functions in float64. The exponentials behind them are polynomials with an error of
 * few ulp; functions that are not here are left to the plain loops.
 */
final class VectorActivationDouble {
  private static final int LANES = TileDouble.LANES;
  private static final Backend PLAIN = new ScalarBackend();

  private VectorActivationDouble() {}

  /** As {@link Backend#activate}. */
  static void forward(Activation f, double[] x, double[] y) {
    if (x.length < LANES) {
      PLAIN.activate(f, x, y);
      return;
    }
    switch (f.kind()) {
      case SIGMOID -> SquashVectorsDouble.apply(GateFunction.SIGMOID, x, 0, y, 0, x.length);
      case TANH -> SquashVectorsDouble.apply(GateFunction.TANH, x, 0, y, 0, x.length);
      case LEAKY_RELU, PRELU -> leaky(Precision.toDouble(f.alpha()), x, y);
      case ELU -> elu(Precision.toDouble(f.alpha()), x, y);
      case SILU -> silu(x, y);
      default -> PLAIN.activate(f, x, y);
    }
  }

  private static void leaky(double slope, double[] x, double[] y) {
    int tail = x.length - LANES;
    // Loaded before anything is stored, since y may be x.
    DoubleVector last = DoubleVector.fromArray(TileDouble.SPECIES, x, tail);
    for (int i = 0; i < tail; i += LANES) {
      leaky(slope, DoubleVector.fromArray(TileDouble.SPECIES, x, i)).intoArray(y, i);
    }
    leaky(slope, last).intoArray(y, tail);
  }

  private static DoubleVector leaky(double slope, DoubleVector x) {
    return x.mul(slope).blend(x, x.compare(VectorOperators.GT, 0));
  }

  private static void elu(double alpha, double[] x, double[] y) {
    int tail = x.length - LANES;
    DoubleVector last = DoubleVector.fromArray(TileDouble.SPECIES, x, tail);
    for (int i = 0; i < tail; i += LANES) {
      elu(alpha, DoubleVector.fromArray(TileDouble.SPECIES, x, i)).intoArray(y, i);
    }
    elu(alpha, last).intoArray(y, tail);
  }

  private static DoubleVector elu(double alpha, DoubleVector x) {
    return SquashVectorsDouble.expm1(x).mul(alpha).blend(x, x.compare(VectorOperators.GT, 0));
  }

  private static void silu(double[] x, double[] y) {
    int tail = x.length - LANES;
    DoubleVector last = DoubleVector.fromArray(TileDouble.SPECIES, x, tail);
    for (int i = 0; i < tail; i += LANES) {
      silu(DoubleVector.fromArray(TileDouble.SPECIES, x, i)).intoArray(y, i);
    }
    silu(last).intoArray(y, tail);
  }

  /** {@code x σ(x)}, and its limit 0 where the gate is closed. */
  private static DoubleVector silu(DoubleVector x) {
    DoubleVector gate = SquashVectorsDouble.sigmoid(x);
    DoubleVector zero = DoubleVector.zero(TileDouble.SPECIES);
    return x.mul(gate).blend(zero, gate.compare(VectorOperators.EQ, zero));
  }
}
