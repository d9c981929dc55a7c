package lamina.kernel;

/**
 * Functions that the JDK lacks or that lose digits when written down plainly. All are computed in
 * double precision; float32 kernels round their results once.
 */
public final class SpecialFunctions {
  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double INVERSE_SQRT_2_PI = 1 / Math.sqrt(2 * Math.PI);

  /**
   * {@code erf(x) / x} as a polynomial in x², fitted on [0, 1] at Chebyshev points with 60 digits;
   * the fit's own error is below 8e-18.
   */
  private static final double[] ERF = {
    1.1283791670955126,
    -0.37612638903183543,
    0.11283791670945006,
    -0.02686617064323777,
    0.0052239776071164225,
    -0.0008548325975389692,
    0.00012055294904839707,
    -1.492473690741966e-05,
    1.6447424703317362e-06,
    -1.6208483801871705e-07,
    1.3720064546777686e-08,
    -7.795898827002142e-10,
  };

  /**
   * {@code (1 + 2x) exp(x²) erfc(x)} on [1, 28] as a polynomial in s = 11/9 − (20/3) / (x + 2),
   * which maps the interval to [−1, 1]; a Chebyshev expansion computed with 60 digits. The form is
   * that of M. M. Shepherd and J. G. Laframboise, Chebyshev approximation of (1 + 2x) exp(x²)
   * erfc(x) in 0 ≤ x < ∞, Math. Comp. 36 (1981); the coefficients are our own.
   */
  private static final double[] SCALED_ERFC = {
    1.2432638591923084,
    -0.09033540950629654,
    -0.02115541471071557,
    0.02244584465052936,
    -0.007174240132898199,
    0.00047262557620716316,
    0.0003628599761435731,
    -6.45384633161331e-05,
    -2.505424289591141e-05,
    5.293285223402553e-06,
    2.467104046079468e-06,
    -3.2576213459114094e-07,
    -2.8629537622916394e-07,
    -2.945666288450859e-09,
    3.196514307100601e-08,
    6.022621581076205e-09,
    -2.74318293436466e-09,
    -1.2288386190264557e-09,
    9.158268884607999e-11,
    1.1806706171245574e-10,
    9.66245633334105e-12,
  };

  private SpecialFunctions() {}

  /** The error function; relative error below 1e-15. */
  public static double erf(double x) {
    double magnitude = Math.abs(x);
    if (magnitude <= 1) {
      return x * polynomial(ERF, x * x);
    }
    return Math.copySign(1 - tailOfErfc(magnitude), x);
  }

  /** 1 − erf(x); relative error below 1e-15, while the result is not subnormal. */
  public static double erfc(double x) {
    if (Math.abs(x) <= 0.5) {
      return 1 - x * polynomial(ERF, x * x);
    }
    if (x < 0) {
      return 2 - erfc(-x);
    }
    // Between 1/2 and 1 the difference cancels at most two bits.
    return x <= 1 ? 1 - x * polynomial(ERF, x * x) : tailOfErfc(x);
  }

  /** erfc(x) for x > 1. */
  private static double tailOfErfc(double x) {
    if (x >= 28) {
      return 0;
    }
    if (Double.isNaN(x)) {
      return x;
    }
    double scaled = polynomial(SCALED_ERFC, 11.0 / 9 - 20.0 / 3 / (x + 2));
    // x² rounds, and exp would magnify that; the high half's square is exact.
    double high = (float) x;
    return Math.exp(-high * high) * Math.exp(-(x - high) * (x + high)) * (scaled / (1 + 2 * x));
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum * x + coefficients[i];
    }
    return sum;
  }

  /** The normal distribution function Φ(x), accurate in both tails. */
  public static double normalCdf(double x) {
    return 0.5 * erfc(-x * SQRT_HALF);
  }

  /** The normal density φ(x). */
  public static double normalDensity(double x) {
    return INVERSE_SQRT_2_PI * Math.exp(-0.5 * x * x);
  }

  /** 1 / (1 + exp(−x)), accurate in both tails. */
  public static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  /** σ′(x) = σ(x) σ(−x), without the cancellation of 1 − σ. */
  public static double sigmoidDerivative(double x) {
    double e = Math.exp(-Math.abs(x));
    return e / ((1 + e) * (1 + e));
  }

  /** log(1 + exp(x)) without overflow. */
  public static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** tanh′(x) = 1 − tanh²(x), without its cancellation. */
  public static double tanhDerivative(double x) {
    return 4 * sigmoidDerivative(2 * x);
  }

  /**
   * x − tanh(x). Near zero as (x cosh x − sinh x) / cosh x with the numerator's series, Σ 2k
   * x^(2k+1) / (2k+1)!, all of one sign, where the difference would cancel.
   */
  public static double tanhShrink(double x) {
    if (Math.abs(x) >= 1) {
      return x - Math.tanh(x);
    }
    double term = x; // x^(2k+1) / (2k+1)!
    double sum = 0;
    for (int k = 1; k <= 9; k++) {
      term *= x * x / (2 * k * (2 * k + 1));
      sum += 2 * k * term;
    }
    return sum / Math.cosh(x);
  }

  /** x · gate, and its limit 0 where x is infinite and the gate closed. */
  public static double timesGate(double x, double gate) {
    return gate == 0 ? 0 : x * gate;
  }
}
