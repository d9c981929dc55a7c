// Derived from SquashVectorsDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.GateFunction;

/**
 * The logistic sigmoid and the hyperbolic tangent in float32, over runs of an array. Both are
 * within 3 ulp of the exact value; but a sigmoid that is hardly a normal number or smaller, below
 * 3.4e-308, is 0. NaN stays NaN, the tangent of ±0 is ±0, and the values at ±∞ are 0 and 1, and ±1.
 *
 * <p>A tail shorter than a vector goes through a buffer, so that each function is called from one
 * place, its loop: C2 leaves a large function that is called from a second, colder place as a call,
 * with a vector allocated for its argument and its result.
 */
final class SquashVectorsFloat {
  private static final VectorSpecies<Float> SPECIES = TileFloat.SPECIES;
  private static final int LANES = TileFloat.LANES;

  private SquashVectorsFloat() {}

  /** Whether {@link #apply} knows a function. */
  static boolean knows(GateFunction function) {
    return function == GateFunction.SIGMOID || function == GateFunction.TANH;
  }

  /** {@code y[to + i] = f(x[from + i])}; both runs may be one. */
  static void apply(GateFunction f, float[] x, int from, float[] y, int to, int count) {
    int whole = SPECIES.loopBound(count);
    applyToVectors(f, x, from, y, to, whole);
    if (whole < count) {
      float[] tail = new float[LANES];
      System.arraycopy(x, from + whole, tail, 0, count - whole);
      applyToVectors(f, tail, 0, tail, 0, LANES);
      System.arraycopy(tail, 0, y, to + whole, count - whole);
    }
  }

  /** For a number of elements that fill whole vectors. */
  private static void applyToVectors(
      GateFunction f, float[] x, int from, float[] y, int to, int count) {
    if (f == GateFunction.SIGMOID) {
      sigmoids(x, from, y, to, count);
    } else {
      tanhs(x, from, y, to, count);
    }
  }

  private static void sigmoids(float[] x, int from, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      sigmoid(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
    }
  }

  private static void tanhs(float[] x, int from, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      tanh(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
    }
  }

  /** {@code 1 / (1 + e⁻ˣ)}. */
  static FloatVector sigmoid(FloatVector x) {
    FloatVector z = x.neg();
    FloatVector highest = constant(Exponentials.FLOAT_HIGHEST);
    z = z.blend(constant(Exponentials.FLOAT_INFINITE), z.compare(VectorOperators.GT, highest));
    FloatVector lowest = constant(Exponentials.FLOAT_LOWEST);
    z = z.blend(lowest, z.compare(VectorOperators.LT, lowest));
    FloatVector rounded =
        z.fma(constant(Exponentials.FLOAT_LOG2_E), constant(Exponentials.FLOAT_ROUND));
    FloatVector one = constant(1);
    FloatVector rest = expm1OfRest(z, rounded).add(one);
    return one.div(rest.fma(powerOfTwo(rounded), one));
  }

  /**
   * {@code e / (e + 2)} with {@code e = expm1(2|x|)}, which loses nothing near 0; the sign of x.
   */
  static FloatVector tanh(FloatVector x) {
    FloatVector z = x.abs();
    FloatVector limit = constant(Exponentials.FLOAT_TANH_IS_ONE);
    z = z.blend(limit, z.compare(VectorOperators.GT, limit));
    z = z.add(z);
    FloatVector rounded =
        z.fma(constant(Exponentials.FLOAT_LOG2_E), constant(Exponentials.FLOAT_ROUND));
    FloatVector power = powerOfTwo(rounded);
    FloatVector e = expm1OfRest(z, rounded).fma(power, power.sub(constant(1)));
    var magnitude = e.div(e.add(constant(2))).viewAsIntegralLanes();
    var sign = x.viewAsIntegralLanes().lanewise(VectorOperators.AND, Exponentials.FLOAT_SIGN);
    return magnitude.lanewise(VectorOperators.OR, sign).viewAsFloatingLanes();
  }

  /**
   * {@code eˣ} for x up to 0 and a little more, within 2 ulp; 0 where that is hardly a normal
   * number or smaller.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector lowest = constant(Exponentials.FLOAT_LOWEST);
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, lowest);
    FloatVector z = x.blend(lowest, tiny);
    FloatVector rounded =
        z.fma(constant(Exponentials.FLOAT_LOG2_E), constant(Exponentials.FLOAT_ROUND));
    FloatVector power = powerOfTwo(rounded);
    return expm1OfRest(z, rounded).fma(power, power).blend(FloatVector.zero(SPECIES), tiny);
  }

  /** {@code eˣ − 1} for x up to 0 and a little more, which loses nothing near 0. */
  static FloatVector expm1(FloatVector x) {
    FloatVector lowest = constant(Exponentials.FLOAT_LOWEST);
    FloatVector z = x.blend(lowest, x.compare(VectorOperators.LT, lowest));
    FloatVector rounded =
        z.fma(constant(Exponentials.FLOAT_LOG2_E), constant(Exponentials.FLOAT_ROUND));
    FloatVector power = powerOfTwo(rounded);
    return expm1OfRest(z, rounded).fma(power, power.sub(constant(1)));
  }

  /** 2ⁿ for the n in the lowest bits; infinite for the first n that is too large. */
  private static FloatVector powerOfTwo(FloatVector rounded) {
    var exponent =
        rounded
            .viewAsIntegralLanes()
            .lanewise(VectorOperators.LSHL, Exponentials.FLOAT_SIGNIFICAND);
    return exponent.add(Exponentials.FLOAT_ONE).viewAsFloatingLanes();
  }

  /** {@code eʳ − 1} with {@code r = z − n·ln 2}. */
  private static FloatVector expm1OfRest(FloatVector z, FloatVector rounded) {
    FloatVector n = rounded.sub(constant(Exponentials.FLOAT_ROUND));
    FloatVector r = n.fma(constant(-Exponentials.FLOAT_LN2_HIGH), z);
    r = n.fma(constant(-Exponentials.FLOAT_LN2_LOW), r);
    FloatVector sum = constant(Exponentials.FLOAT_7);
    if (Exponentials.FLOAT_DEGREE > 7) {
      sum = highTerms(r);
    }
    sum = sum.fma(r, constant(Exponentials.FLOAT_6));
    sum = sum.fma(r, constant(Exponentials.FLOAT_5));
    sum = sum.fma(r, constant(Exponentials.FLOAT_4));
    sum = sum.fma(r, constant(Exponentials.FLOAT_3));
    sum = sum.fma(r, constant(Exponentials.FLOAT_2));
    return sum.mul(r).fma(r, r);
  }

  private static FloatVector highTerms(FloatVector r) {
    FloatVector sum = constant(Exponentials.FLOAT_13);
    sum = sum.fma(r, constant(Exponentials.FLOAT_12));
    sum = sum.fma(r, constant(Exponentials.FLOAT_11));
    sum = sum.fma(r, constant(Exponentials.FLOAT_10));
    sum = sum.fma(r, constant(Exponentials.FLOAT_9));
    sum = sum.fma(r, constant(Exponentials.FLOAT_8));
    return sum.fma(r, constant(Exponentials.FLOAT_7));
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }
}
