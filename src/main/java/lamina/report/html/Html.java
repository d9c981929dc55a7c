package lamina.report.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import lamina.report.plot.SvgPlot;

/** Pieces of text as HTML has them. */
final class Html {
  private Html() {}

  /** A text in which nothing means markup, in attributes too. */
  static String escaped(String text) {
    return SvgPlot.escaped(text).replace("\"", "&quot;");
  }

  /** A coordinate, to a tenth. */
  static String place(double value) {
    return BigDecimal.valueOf(value)
        .setScale(1, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** A figure of three digits; nothing for NaN. */
  static String figure(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    double size = Math.abs(value);
    if (value == 0 || Double.isInfinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    if (size < 1e-3 || size >= 1e6) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    return new BigDecimal(value).round(new MathContext(3)).toPlainString();
  }

  static String percent(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }
}
