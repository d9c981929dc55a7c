package lamina.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * How the numbers of one tensor are shown to people: with one count of decimals for all, the fewest
 * that show what the asked precision would, or in scientific notation where decimals would show
 * nothing or too much. Differences within the noise of the arithmetic do not cost decimals: 1.6 and
 * 1.5999999999999999 are both {@code 1.6}.
 */
final class NumberStyle {
  private static final double[] POWERS = new double[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  /** From here on, numbers that are not whole get an exponent. */
  private static final double LARGE = 1e8;

  /** Whole numbers below this are shown with all their digits. */
  private static final double LARGEST_WHOLE = 1e15;

  private final boolean integers;
  private final boolean scientific;
  private final int decimals;

  private NumberStyle(boolean integers, boolean scientific, int decimals) {
    this.integers = integers;
    this.scientific = scientific;
    this.decimals = decimals;
  }

  /** The style for all elements of a tensor. */
  static NumberStyle of(Tensor tensor, int precision) {
    if (tensor.dtype() == DType.INT64) {
      return new NumberStyle(true, false, 0);
    }
    double largest = 0;
    boolean whole = true;
    for (int i = 0; i < tensor.size(); i++) {
      double size = Math.abs(tensor.get(i));
      if (size <= Double.MAX_VALUE) {
        largest = Math.max(largest, size);
        whole &= size == Math.rint(size);
      }
    }
    double noise = largest * (tensor.dtype() == DType.FLOAT32 ? 1e-6 : 1e-9);
    boolean tooLarge = largest >= (whole ? LARGEST_WHOLE : LARGE);
    if (!tooLarge) {
      int decimals = whole ? 0 : decimals(tensor, precision, noise);
      boolean vanishes =
          largest * POWERS[Math.min(precision, 18)] < 10 && !exact(largest, decimals, noise);
      if (!vanishes) {
        return new NumberStyle(false, false, decimals);
      }
    }
    int decimals = 0;
    for (int i = 0; i < tensor.size() && decimals < precision; i++) {
      double value = tensor.get(i);
      if (Double.isFinite(value) && value != 0) {
        decimals = Math.max(decimals, mantissaDecimals(value, precision));
      }
    }
    return new NumberStyle(false, true, decimals);
  }

  /** The style for one number. */
  static NumberStyle of(double value, int precision) {
    return of(Tensor.scalar(value), precision);
  }

  private static int decimals(Tensor tensor, int precision, double noise) {
    int decimals = 0;
    for (int i = 0; i < tensor.size(); i++) {
      double value = tensor.get(i);
      while (decimals < precision && Double.isFinite(value) && !exact(value, decimals, noise)) {
        decimals++;
      }
    }
    return decimals;
  }

  private static boolean exact(double value, int decimals, double noise) {
    if (decimals >= POWERS.length) {
      return true;
    }
    return Math.abs(value - Math.rint(value * POWERS[decimals]) / POWERS[decimals]) <= noise;
  }

  private static int mantissaDecimals(double value, int precision) {
    BigDecimal rounded = mantissa(value, precision).stripTrailingZeros();
    return Math.max(0, rounded.precision() - 1);
  }

  private static BigDecimal mantissa(double value, int precision) {
    return new BigDecimal(value).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
  }

  /** Appends the element at a flat index. */
  void append(Tensor tensor, int index, StringBuilder text) {
    if (integers) {
      text.append(tensor.longs()[index]);
    } else {
      append(tensor.get(index), text);
    }
  }

  /** Appends a number. */
  void append(double value, StringBuilder text) {
    if (Double.isNaN(value)) {
      text.append("nan");
    } else if (Double.isInfinite(value)) {
      text.append(value < 0 ? "-inf" : "inf");
    } else if (scientific) {
      scientific(value, text);
    } else {
      fixed(value, text);
    }
  }

  private void fixed(double value, StringBuilder text) {
    double scaled = decimals < POWERS.length ? Math.abs(value) * POWERS[decimals] : 1e300;
    double down = Math.floor(scaled);
    // Near a tie, or beyond 2^53, the product's own rounding could decide: ask the exact value.
    if (scaled >= 0x1p52 || Math.abs(scaled - down - 0.5) < 1e-3) {
      BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
      text.append(rounded.toPlainString());
      return;
    }
    long digits = (long) Math.rint(scaled);
    if (value < 0 && digits != 0) {
      text.append('-');
    }
    long unit = (long) POWERS[decimals];
    text.append(digits / unit);
    if (decimals > 0) {
      text.append('.');
      long rest = digits % unit;
      for (long place = unit / 10; place > 0; place /= 10) {
        text.append((char) ('0' + rest / place % 10));
      }
    }
  }

  private void scientific(double value, StringBuilder text) {
    BigDecimal rounded = mantissa(value, decimals);
    String digits = rounded.unscaledValue().abs().toString();
    int exponent = value == 0 ? 0 : digits.length() - 1 - rounded.scale();
    if (value < 0) {
      text.append('-');
    }
    text.append(digits.charAt(0));
    if (decimals > 0) {
      text.append('.');
      for (int i = 1; i <= decimals; i++) {
        text.append(i < digits.length() ? digits.charAt(i) : '0');
      }
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    if (Math.abs(exponent) < 10) {
      text.append('0');
    }
    text.append(Math.abs(exponent));
  }

  /** The width of the widest element. */
  int width(Tensor tensor) {
    StringBuilder text = new StringBuilder();
    int width = 0;
    for (int i = 0; i < tensor.size(); i++) {
      text.setLength(0);
      append(tensor, i, text);
      width = Math.max(width, text.length());
    }
    return width;
  }
}
