package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import lamina.kernel.Precision;

/** Logarithms in float64 by their series. */
final class LogarithmsDouble {
  private LogarithmsDouble() {}

  /**
   * {@code log(1 + x)} for x from 0 to 1, within 3 ulp: {@code 2 artanh(s) = 2 Σ s²ᵏ⁺¹ / (2k + 1)}
   * with {@code s = x / (x + 2)}, at most 1/3, so that the rest of the series is below an ulp.
   */
  static DoubleVector ofOnePlus(DoubleVector x) {
    DoubleVector s = x.div(x.add(2));
    DoubleVector square = s.mul(s);
    DoubleVector sum = reciprocal(15);
    if (Exponentials.DOUBLE_DEGREE > 7) {
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

  private static DoubleVector highTerms(DoubleVector square) {
    DoubleVector sum = reciprocal(33);
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

  private static DoubleVector reciprocal(int odd) {
    return DoubleVector.broadcast(TileDouble.SPECIES, Precision.toDouble(1.0 / odd));
  }
}
