package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.GateFunction;

/**
 * The logistic sigmoid and the hyperbolic tangent in float64, over runs of an array. Both are
 * within 3 ulp of the exact value; but a sigmoid that is hardly a normal number or smaller, below
 * 3.4e-308, is 0. NaN stays NaN, the tangent of ±0 is ±0, and the values at ±∞ are 0 and 1, and ±1.
 *
 * <p>A tail shorter than a vector goes through a buffer, so that each function is called from one
 * place, its loop: C2 leaves a large function that is called from a second, colder place as a call,
 * with a vector allocated for its argument and its result. For the same reason scripts/lamina tells
 * the JVM to inline neither {@link #sigmoids} nor {@link #tanhs}: both loops in one method would be
 * more than C2 inlines.
 */
final class SquashVectorsDouble {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;

  private SquashVectorsDouble() {}

  /** Whether {@link #apply} knows a function. */
  static boolean knows(GateFunction function) {
    return function == GateFunction.SIGMOID || function == GateFunction.TANH;
  }

  /** {@code y[to + i] = f(x[from + i])}; both runs may be one. */
  static void apply(GateFunction f, double[] x, int from, double[] y, int to, int count) {
    int whole = SPECIES.loopBound(count);
    applyToVectors(f, x, from, y, to, whole);
    if (whole < count) {
      double[] tail = new double[LANES];
      System.arraycopy(x, from + whole, tail, 0, count - whole);
      applyToVectors(f, tail, 0, tail, 0, LANES);
      System.arraycopy(tail, 0, y, to + whole, count - whole);
    }
  }

  /** Does {@link #apply} for a number of elements that fill whole vectors. */
  private static void applyToVectors(
      GateFunction f, double[] x, int from, double[] y, int to, int count) {
    if (f == GateFunction.SIGMOID) {
      sigmoids(x, from, y, to, count);
    } else {
      tanhs(x, from, y, to, count);
    }
  }

  private static void sigmoids(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      sigmoid(DoubleVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
    }
  }

  private static void tanhs(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      tanh(DoubleVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
    }
  }

  /** {@code 1 / (1 + e⁻ˣ)}. */
  static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector z = x.neg();
    DoubleVector highest = constant(Exponentials.DOUBLE_HIGHEST);
    z = z.blend(constant(Exponentials.DOUBLE_INFINITE), z.compare(VectorOperators.GT, highest));
    DoubleVector lowest = constant(Exponentials.DOUBLE_LOWEST);
    z = z.blend(lowest, z.compare(VectorOperators.LT, lowest));
    DoubleVector rounded =
        z.fma(constant(Exponentials.DOUBLE_LOG2_E), constant(Exponentials.DOUBLE_ROUND));
    DoubleVector one = constant(1);
    DoubleVector rest = expm1OfRest(z, rounded).add(one);
    return one.div(rest.fma(powerOfTwo(rounded), one));
  }

  /**
   * {@code e / (e + 2)} with {@code e = expm1(2|x|)}, which loses nothing near 0; the sign of x.
   */
  static DoubleVector tanh(DoubleVector x) {
    DoubleVector z = x.abs();
    DoubleVector limit = constant(Exponentials.DOUBLE_TANH_IS_ONE);
    z = z.blend(limit, z.compare(VectorOperators.GT, limit));
    z = z.add(z);
    DoubleVector rounded =
        z.fma(constant(Exponentials.DOUBLE_LOG2_E), constant(Exponentials.DOUBLE_ROUND));
    DoubleVector power = powerOfTwo(rounded);
    DoubleVector e = expm1OfRest(z, rounded).fma(power, power.sub(constant(1)));
    var magnitude = e.div(e.add(constant(2))).viewAsIntegralLanes();
    var sign = x.viewAsIntegralLanes().lanewise(VectorOperators.AND, Exponentials.DOUBLE_SIGN);
    return magnitude.lanewise(VectorOperators.OR, sign).viewAsFloatingLanes();
  }

  /**
   * {@code eˣ} for x up to 0 and a little more, within 2 ulp; 0 where that is hardly a normal
   * number or smaller.
   */
  static DoubleVector exp(DoubleVector x) {
    DoubleVector lowest = constant(Exponentials.DOUBLE_LOWEST);
    VectorMask<Double> tiny = x.compare(VectorOperators.LT, lowest);
    DoubleVector z = x.blend(lowest, tiny);
    DoubleVector rounded =
        z.fma(constant(Exponentials.DOUBLE_LOG2_E), constant(Exponentials.DOUBLE_ROUND));
    DoubleVector power = powerOfTwo(rounded);
    return expm1OfRest(z, rounded).fma(power, power).blend(DoubleVector.zero(SPECIES), tiny);
  }

  /** {@code eˣ − 1} for x up to 0 and a little more, which loses nothing near 0. */
  static DoubleVector expm1(DoubleVector x) {
    DoubleVector lowest = constant(Exponentials.DOUBLE_LOWEST);
    DoubleVector z = x.blend(lowest, x.compare(VectorOperators.LT, lowest));
    DoubleVector rounded =
        z.fma(constant(Exponentials.DOUBLE_LOG2_E), constant(Exponentials.DOUBLE_ROUND));
    DoubleVector power = powerOfTwo(rounded);
    return expm1OfRest(z, rounded).fma(power, power.sub(constant(1)));
  }

  /** 2ⁿ for the n in the lowest bits; infinite for the first n that is too large. */
  private static DoubleVector powerOfTwo(DoubleVector rounded) {
    var exponent =
        rounded
            .viewAsIntegralLanes()
            .lanewise(VectorOperators.LSHL, Exponentials.DOUBLE_SIGNIFICAND);
    return exponent.add(Exponentials.DOUBLE_ONE).viewAsFloatingLanes();
  }

  /** {@code eʳ − 1} with {@code r = z − n·ln 2}. */
  private static DoubleVector expm1OfRest(DoubleVector z, DoubleVector rounded) {
    DoubleVector n = rounded.sub(constant(Exponentials.DOUBLE_ROUND));
    DoubleVector r = n.fma(constant(-Exponentials.DOUBLE_LN2_HIGH), z);
    r = n.fma(constant(-Exponentials.DOUBLE_LN2_LOW), r);
    DoubleVector sum = constant(Exponentials.DOUBLE_7);
    if (Exponentials.DOUBLE_DEGREE > 7) {
      sum = highTerms(r);
    }
    sum = sum.fma(r, constant(Exponentials.DOUBLE_6));
    sum = sum.fma(r, constant(Exponentials.DOUBLE_5));
    sum = sum.fma(r, constant(Exponentials.DOUBLE_4));
    sum = sum.fma(r, constant(Exponentials.DOUBLE_3));
    sum = sum.fma(r, constant(Exponentials.DOUBLE_2));
    return sum.mul(r).fma(r, r);
  }

  private static DoubleVector highTerms(DoubleVector r) {
    DoubleVector sum = constant(Exponentials.DOUBLE_13);
    sum = sum.fma(r, constant(Exponentials.DOUBLE_12));
    sum = sum.fma(r, constant(Exponentials.DOUBLE_11));
    sum = sum.fma(r, constant(Exponentials.DOUBLE_10));
    sum = sum.fma(r, constant(Exponentials.DOUBLE_9));
    sum = sum.fma(r, constant(Exponentials.DOUBLE_8));
    return sum.fma(r, constant(Exponentials.DOUBLE_7));
  }

  private static DoubleVector constant(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }
}
