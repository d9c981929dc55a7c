package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.GateFunction;
import lamina.kernel.Kernels;
import lamina.kernel.Parallel;
import lamina.kernel.PointwiseFunction;
import lamina.kernel.PointwiseLoop;
import lamina.kernel.Precision;
import lamina.kernel.plain.PlainKernelsDouble;

/**
 * Activation functions in float64. The exponentials behind them are polynomials with an error of
 * few ulp; functions that are not here are left to the plain loops.
 *
 * <p>Each function has a loop of its own: one loop that is handed the function would be compiled
 * for all of them at once, with a vector allocated at each call.
 */
final class VectorActivationDouble {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;

  /**
   * Elements that a thread takes at a time: so many are worth the tens of microseconds to wake it.
   */
  private static final int PART = 1 << 15;

  private VectorActivationDouble() {}

  /** As {@link Kernels#activate}. */
  static void forward(PointwiseFunction f, double[] x, double[] y) {
    int whole = x.length - x.length % LANES;
    if (!forwardPart(f, 0, 0, x, y)) {
      PlainKernelsDouble.KERNELS.activate(f, x, y);
      return;
    }
    Parallel.run(
        MatrixProductDouble.ceil(whole, PART),
        part ->
            forwardPart(f, part * PART, part * PART + Math.min(PART, whole - part * PART), x, y));
    if (whole < x.length) {
      double[] tail = new double[LANES];
      System.arraycopy(x, whole, tail, 0, x.length - whole);
      forwardPart(f, 0, LANES, tail, tail);
      System.arraycopy(tail, 0, y, whole, x.length - whole);
    }
  }

  /**
   * Computes a number of elements that fill whole vectors; answers false if the function is not
   * here. An option of the JVM in {@code scripts/lamina} keeps it from being inlined: with so many
   * calls around it the compiler gives up on the vectors within, and leaky ReLU takes six times as
   * long.
   */
  private static boolean forwardPart(
      PointwiseFunction f, int first, int end, double[] x, double[] y) {
    PointwiseLoop loop = f.loop();
    double a = Precision.toDouble(loop.a());
    double b = Precision.toDouble(loop.b());
    switch (loop.kind()) {
      case RELU -> relu(first, end, x, y);
      case LEAKY -> leaky(first, end, a, x, y);
      case CLIP -> clip(first, end, a, b, x, y);
      case ELU -> elu(first, end, a, b, x, y);
      case SIGMOID ->
          SquashVectorsDouble.apply(GateFunction.SIGMOID, x, first, y, first, end - first);
      case TANH -> SquashVectorsDouble.apply(GateFunction.TANH, x, first, y, first, end - first);
      case SILU -> silu(first, end, x, y);
      case HARD_SWISH -> hardSwish(first, end, x, y);
      case MISH -> mish(first, end, x, y);
      case SOFTPLUS -> softplus(first, end, a, b, x, y);
      case LOG_SIGMOID -> logSigmoid(first, end, x, y);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void relu(int first, int end, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      v.max(0).intoArray(y, i);
    }
  }

  private static void leaky(int first, int end, double slope, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, i);
    }
  }

  private static void clip(int first, int end, double low, double high, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      v.max(low).min(high).intoArray(y, i);
    }
  }

  /** {@code scale · x} above 0, else {@code scale · alpha · expm1(x)}. */
  private static void elu(int first, int end, double scale, double alpha, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector below = SquashVectorsDouble.expm1(v).mul(alpha);
      below.blend(v, v.compare(VectorOperators.GT, 0)).mul(scale).intoArray(y, i);
    }
  }

  private static void silu(int first, int end, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      timesGate(v, SquashVectorsDouble.sigmoid(v)).intoArray(y, i);
    }
  }

  private static void hardSwish(int first, int end, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      timesGate(v, v.add(3).max(0).min(6)).div(6).intoArray(y, i);
    }
  }

  private static void mish(int first, int end, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      timesGate(v, mishGate(v)).intoArray(y, i);
    }
  }

  private static void softplus(
      int first, int end, double beta, double threshold, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector z = v.mul(beta);
      softplus(z).div(beta).blend(v, z.compare(VectorOperators.GT, threshold)).intoArray(y, i);
    }
  }

  private static void logSigmoid(int first, int end, double[] x, double[] y) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      softplus(v.neg()).neg().intoArray(y, i);
    }
  }

  /** x · gate, and its limit 0 where the gate is closed. */
  private static DoubleVector timesGate(DoubleVector x, DoubleVector gate) {
    return x.mul(gate).blend(0, gate.compare(VectorOperators.EQ, 0));
  }

  /** {@code e^−|x|}. */
  private static DoubleVector exponential(DoubleVector x) {
    return SquashVectorsDouble.exp(x.abs().neg());
  }

  /** {@code log(1 + eˣ)}. */
  private static DoubleVector softplus(DoubleVector x) {
    return x.max(0).add(LogarithmsDouble.ofOnePlus(exponential(x)));
  }

  /**
   * {@code tanh(log(1 + eˣ)) = n / (n + 2)} with {@code n = eˣ (eˣ + 2)}; divided through by e²ˣ
   * for positive x.
   */
  private static DoubleVector mishGate(DoubleVector x) {
    DoubleVector e = exponential(x);
    DoubleVector twice = e.add(e);
    DoubleVector square = e.mul(e);
    var positive = x.compare(VectorOperators.GT, 0);
    DoubleVector numerator = square.add(twice).blend(twice.add(1), positive);
    DoubleVector rest = DoubleVector.broadcast(SPECIES, 2).blend(square.add(square), positive);
    return numerator.div(numerator.add(rest));
  }

  /** As {@link Kernels#activateBackward}. */
  static void backward(PointwiseFunction f, double[] x, double[] dy, double[] dx) {
    int whole = x.length - x.length % LANES;
    if (!backwardPart(f, 0, 0, x, dy, dx)) {
      PlainKernelsDouble.KERNELS.activateBackward(f, x, dy, dx);
      return;
    }
    Parallel.run(
        MatrixProductDouble.ceil(whole, PART),
        part ->
            backwardPart(
                f, part * PART, part * PART + Math.min(PART, whole - part * PART), x, dy, dx));
    if (whole < x.length) {
      double[] tail = new double[LANES];
      double[] gradient = new double[LANES];
      System.arraycopy(x, whole, tail, 0, x.length - whole);
      System.arraycopy(dy, whole, gradient, 0, x.length - whole);
      backwardPart(f, 0, LANES, tail, gradient, gradient);
      System.arraycopy(gradient, 0, dx, whole, x.length - whole);
    }
  }

  /** As {@link #forwardPart}, for the gradient. */
  private static boolean backwardPart(
      PointwiseFunction f, int first, int end, double[] x, double[] dy, double[] dx) {
    PointwiseLoop loop = f.loop();
    double a = Precision.toDouble(loop.a());
    double b = Precision.toDouble(loop.b());
    switch (loop.kind()) {
      case RELU -> reluBackward(first, end, x, dy, dx);
      case LEAKY -> leakyBackward(first, end, a, x, dy, dx);
      case CLIP -> clipBackward(first, end, a, b, x, dy, dx);
      case ELU -> eluBackward(first, end, a, b, x, dy, dx);
      case SIGMOID -> sigmoidBackward(first, end, x, dy, dx);
      case TANH -> tanhBackward(first, end, x, dy, dx);
      case SILU -> siluBackward(first, end, x, dy, dx);
      case HARD_SWISH -> hardSwishBackward(first, end, x, dy, dx);
      case SOFTPLUS -> softplusBackward(first, end, a, b, x, dy, dx);
      case LOG_SIGMOID -> softplusBackward(first, end, -1, Double.POSITIVE_INFINITY, x, dy, dx);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void reluBackward(int first, int end, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      d.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(dx, i);
    }
  }

  private static void leakyBackward(
      int first, int end, double slope, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      d.mul(slope).blend(d, v.compare(VectorOperators.GT, 0)).intoArray(dx, i);
    }
  }

  private static void clipBackward(
      int first, int end, double low, double high, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      var clipped = v.compare(VectorOperators.LE, low).or(v.compare(VectorOperators.GE, high));
      d.blend(0, clipped).intoArray(dx, i);
    }
  }

  private static void eluBackward(
      int first, int end, double scale, double alpha, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      DoubleVector slope = SquashVectorsDouble.exp(v.min(0)).mul(alpha);
      slope = slope.blend(1, v.compare(VectorOperators.GT, 0)).mul(scale);
      timesGate(d, slope).intoArray(dx, i);
    }
  }

  private static void sigmoidBackward(int first, int end, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      timesGate(d, sigmoidSlope(v)).intoArray(dx, i);
    }
  }

  private static void tanhBackward(int first, int end, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      timesGate(d, sigmoidSlope(v.add(v)).mul(4)).intoArray(dx, i);
    }
  }

  private static void siluBackward(int first, int end, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      DoubleVector slope = SquashVectorsDouble.sigmoid(v).add(timesGate(v, sigmoidSlope(v)));
      timesGate(d, slope).intoArray(dx, i);
    }
  }

  private static void hardSwishBackward(int first, int end, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      DoubleVector slope = v.div(3).add(Precision.toDouble(0.5));
      slope = slope.blend(1, v.compare(VectorOperators.LT, 3).not());
      slope = slope.blend(0, v.compare(VectorOperators.LT, -3));
      timesGate(d, slope).intoArray(dx, i);
    }
  }

  /** {@code dy · σ(beta · x)}, dy above the threshold. */
  private static void softplusBackward(
      int first, int end, double beta, double threshold, double[] x, double[] dy, double[] dx) {
    for (int i = first; i < end; i += LANES) {
      DoubleVector z = DoubleVector.fromArray(SPECIES, x, i).mul(beta);
      DoubleVector d = DoubleVector.fromArray(SPECIES, dy, i);
      timesGate(d, SquashVectorsDouble.sigmoid(z))
          .blend(d, z.compare(VectorOperators.GT, threshold))
          .intoArray(dx, i);
    }
  }

  /** {@code σ′(x) = e / (1 + e)²} with {@code e = e^−|x|}. */
  private static DoubleVector sigmoidSlope(DoubleVector x) {
    DoubleVector e = exponential(x);
    DoubleVector sum = e.add(1);
    return e.div(sum.mul(sum));
  }
}
