// Derived from LogarithmsDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import lamina.kernel.Precision;

/** Logarithms in float32 by their series. */
final class LogarithmsFloat {
  private LogarithmsFloat() {}

  /**
   * {@code log(1 + x)} for x from 0 to 1, within 3 ulp: {@code 2 artanh(s) = 2 Σ s²ᵏ⁺¹ / (2k + 1)}
   * with {@code s = x / (x + 2)}, at most 1/3, so that the rest of the series is below an ulp.
   */
  static FloatVector ofOnePlus(FloatVector x) {
    FloatVector s = x.div(x.add(2));
    FloatVector square = s.mul(s);
    FloatVector sum = reciprocal(15);
    if (Exponentials.FLOAT_DEGREE > 7) {
      sum = highTerms(square);
    }
    sum = sum.fma(square, reciprocal(13));
    sum = sum.fma(square, reciprocal(11));
    sum = sum.fma(square, reciprocal(9));
    sum = sum.fma(square, reciprocal(7));
    sum = sum.fma(square, reciprocal(5));
    sum = sum.fma(square, reciprocal(3));
    return sum.mul(square).fma(s, s).mul(2);
  }

  private static FloatVector highTerms(FloatVector square) {
    FloatVector sum = reciprocal(33);
    sum = sum.fma(square, reciprocal(31));
    sum = sum.fma(square, reciprocal(29));
    sum = sum.fma(square, reciprocal(27));
    sum = sum.fma(square, reciprocal(25));
    sum = sum.fma(square, reciprocal(23));
    sum = sum.fma(square, reciprocal(21));
    sum = sum.fma(square, reciprocal(19));
    sum = sum.fma(square, reciprocal(17));
    return sum.fma(square, reciprocal(15));
  }

  private static FloatVector reciprocal(int odd) {
    return FloatVector.broadcast(TileFloat.SPECIES, Precision.toFloat(1.0 / odd));
  }
}
