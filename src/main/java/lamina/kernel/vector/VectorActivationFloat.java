// Derived from VectorActivationDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.Backend;
import lamina.kernel.GateFunction;
import lamina.kernel.PointwiseFunction;
import lamina.kernel.Precision;
import lamina.kernel.plain.ScalarBackend;

/**
 * Activation functions in float32. The exponentials behind them are polynomials with an error of
 * few ulp; functions that are not here are left to the plain loops.
 *
 * <p>Each function has a loop of its own: one loop that is handed the function would be compiled
 * for all of them at once, with a vector allocated at each call.
 */
final class VectorActivationFloat {
  private static final VectorSpecies<Float> SPECIES = TileFloat.SPECIES;
  private static final int LANES = TileFloat.LANES;
  private static final Backend PLAIN = new ScalarBackend();

  /** As in Klambauer et al., Self-Normalizing Neural Networks (2017). */
  private static final float SELU_ALPHA = Precision.toFloat(1.6732632423543772);

  private static final float SELU_SCALE = Precision.toFloat(1.0507009873554805);

  private VectorActivationFloat() {}

  /** As {@link Backend#activate}. */
  static void forward(PointwiseFunction f, float[] x, float[] y) {
    int whole = x.length - x.length % LANES;
    if (!forward(f, whole, x, y)) {
      PLAIN.activate(f, x, y);
    } else if (whole < x.length) {
      float[] tail = new float[LANES];
      System.arraycopy(x, whole, tail, 0, x.length - whole);
      forward(f, LANES, tail, tail);
      System.arraycopy(tail, 0, y, whole, x.length - whole);
    }
  }

  /** For a number of elements that fill whole vectors; answers whether the function is here. */
  private static boolean forward(PointwiseFunction f, int count, float[] x, float[] y) {
    float a = Precision.toFloat(f.alpha());
    float b = Precision.toFloat(f.beta());
    switch (f.kind()) {
      case RELU -> relu(count, x, y);
      case LEAKY_RELU, PRELU -> leaky(count, a, x, y);
      case RRELU -> leaky(count, (a + b) / 2, x, y);
      case RELU6 -> clip(count, 0, 6, x, y);
      case HARD_TANH -> clip(count, a, b, x, y);
      case ELU -> elu(count, 1, a, x, y);
      case SELU -> elu(count, SELU_SCALE, SELU_ALPHA, x, y);
      case SIGMOID -> SquashVectorsFloat.apply(GateFunction.SIGMOID, x, 0, y, 0, count);
      case TANH -> SquashVectorsFloat.apply(GateFunction.TANH, x, 0, y, 0, count);
      case SILU -> silu(count, x, y);
      case HARD_SWISH -> hardSwish(count, x, y);
      case MISH -> mish(count, x, y);
      case SOFTPLUS -> softplus(count, a, b, x, y);
      case LOG_SIGMOID -> logSigmoid(count, x, y);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void relu(int count, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      v.max(0).intoArray(y, i);
    }
  }

  private static void leaky(int count, float slope, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, i);
    }
  }

  private static void clip(int count, float low, float high, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      v.max(low).min(high).intoArray(y, i);
    }
  }

  /** {@code scale · x} above 0, else {@code scale · alpha · expm1(x)}. */
  private static void elu(int count, float scale, float alpha, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector below = SquashVectorsFloat.expm1(v).mul(alpha);
      below.blend(v, v.compare(VectorOperators.GT, 0)).mul(scale).intoArray(y, i);
    }
  }

  private static void silu(int count, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      timesGate(v, SquashVectorsFloat.sigmoid(v)).intoArray(y, i);
    }
  }

  private static void hardSwish(int count, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      timesGate(v, v.add(3).max(0).min(6)).div(6).intoArray(y, i);
    }
  }

  private static void mish(int count, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      timesGate(v, mishGate(v)).intoArray(y, i);
    }
  }

  private static void softplus(int count, float beta, float threshold, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector z = v.mul(beta);
      softplus(z).div(beta).blend(v, z.compare(VectorOperators.GT, threshold)).intoArray(y, i);
    }
  }

  private static void logSigmoid(int count, float[] x, float[] y) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      softplus(v.neg()).neg().intoArray(y, i);
    }
  }

  /** x · gate, and its limit 0 where the gate is closed. */
  private static FloatVector timesGate(FloatVector x, FloatVector gate) {
    return x.mul(gate).blend(0, gate.compare(VectorOperators.EQ, 0));
  }

  /** {@code e^−|x|}. */
  private static FloatVector exponential(FloatVector x) {
    return SquashVectorsFloat.exp(x.abs().neg());
  }

  /** {@code log(1 + eˣ)}. */
  private static FloatVector softplus(FloatVector x) {
    return x.max(0).add(LogarithmsFloat.ofOnePlus(exponential(x)));
  }

  /**
   * {@code tanh(log(1 + eˣ)) = n / (n + 2)} with {@code n = eˣ (eˣ + 2)}; divided through by e²ˣ
   * for positive x.
   */
  private static FloatVector mishGate(FloatVector x) {
    FloatVector e = exponential(x);
    FloatVector twice = e.add(e);
    FloatVector square = e.mul(e);
    var positive = x.compare(VectorOperators.GT, 0);
    FloatVector numerator = square.add(twice).blend(twice.add(1), positive);
    FloatVector rest = FloatVector.broadcast(SPECIES, 2).blend(square.add(square), positive);
    return numerator.div(numerator.add(rest));
  }

  /** As {@link Backend#activateBackward}. */
  static void backward(PointwiseFunction f, float[] x, float[] dy, float[] dx) {
    int whole = x.length - x.length % LANES;
    if (!backward(f, whole, x, dy, dx)) {
      PLAIN.activateBackward(f, x, dy, dx);
    } else if (whole < x.length) {
      float[] tail = new float[LANES];
      float[] gradient = new float[LANES];
      System.arraycopy(x, whole, tail, 0, x.length - whole);
      System.arraycopy(dy, whole, gradient, 0, x.length - whole);
      backward(f, LANES, tail, gradient, gradient);
      System.arraycopy(gradient, 0, dx, whole, x.length - whole);
    }
  }

  /** For a number of elements that fill whole vectors; answers whether the function is here. */
  private static boolean backward(
      PointwiseFunction f, int count, float[] x, float[] dy, float[] dx) {
    float a = Precision.toFloat(f.alpha());
    float b = Precision.toFloat(f.beta());
    switch (f.kind()) {
      case RELU -> reluBackward(count, x, dy, dx);
      case LEAKY_RELU, PRELU -> leakyBackward(count, a, x, dy, dx);
      case RRELU -> leakyBackward(count, (a + b) / 2, x, dy, dx);
      case RELU6 -> clipBackward(count, 0, 6, x, dy, dx);
      case HARD_TANH -> clipBackward(count, a, b, x, dy, dx);
      case ELU -> eluBackward(count, 1, a, x, dy, dx);
      case SELU -> eluBackward(count, SELU_SCALE, SELU_ALPHA, x, dy, dx);
      case SIGMOID -> sigmoidBackward(count, x, dy, dx);
      case TANH -> tanhBackward(count, x, dy, dx);
      case SILU -> siluBackward(count, x, dy, dx);
      case HARD_SWISH -> hardSwishBackward(count, x, dy, dx);
      case SOFTPLUS -> softplusBackward(count, a, b, x, dy, dx);
      case LOG_SIGMOID -> softplusBackward(count, -1, Float.POSITIVE_INFINITY, x, dy, dx);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void reluBackward(int count, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      d.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(dx, i);
    }
  }

  private static void leakyBackward(int count, float slope, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      d.mul(slope).blend(d, v.compare(VectorOperators.GT, 0)).intoArray(dx, i);
    }
  }

  private static void clipBackward(
      int count, float low, float high, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      var clipped = v.compare(VectorOperators.LE, low).or(v.compare(VectorOperators.GE, high));
      d.blend(0, clipped).intoArray(dx, i);
    }
  }

  private static void eluBackward(
      int count, float scale, float alpha, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      FloatVector slope = SquashVectorsFloat.exp(v.min(0)).mul(alpha);
      slope = slope.blend(1, v.compare(VectorOperators.GT, 0)).mul(scale);
      timesGate(d, slope).intoArray(dx, i);
    }
  }

  private static void sigmoidBackward(int count, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      timesGate(d, sigmoidSlope(v)).intoArray(dx, i);
    }
  }

  private static void tanhBackward(int count, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      timesGate(d, sigmoidSlope(v.add(v)).mul(4)).intoArray(dx, i);
    }
  }

  private static void siluBackward(int count, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      FloatVector slope = SquashVectorsFloat.sigmoid(v).add(timesGate(v, sigmoidSlope(v)));
      timesGate(d, slope).intoArray(dx, i);
    }
  }

  private static void hardSwishBackward(int count, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      FloatVector slope = v.div(3).add(Precision.toFloat(0.5));
      slope = slope.blend(1, v.compare(VectorOperators.LT, 3).not());
      slope = slope.blend(0, v.compare(VectorOperators.LT, -3));
      timesGate(d, slope).intoArray(dx, i);
    }
  }

  /** {@code dy · σ(beta · x)}, dy above the threshold. */
  private static void softplusBackward(
      int count, float beta, float threshold, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector z = FloatVector.fromArray(SPECIES, x, i).mul(beta);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
      timesGate(d, SquashVectorsFloat.sigmoid(z))
          .blend(d, z.compare(VectorOperators.GT, threshold))
          .intoArray(dx, i);
    }
  }

  /** {@code σ′(x) = e / (1 + e)²} with {@code e = e^−|x|}. */
  private static FloatVector sigmoidSlope(FloatVector x) {
    FloatVector e = exponential(x);
    FloatVector sum = e.add(1);
    return e.div(sum.mul(sum));
  }
}
