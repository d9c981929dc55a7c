package lamina.report.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An axis of a plot: its range and its ticks at round figures (1, 2 or 5 times a power of ten).
 *
 * @param low the least value
 * @param high the greatest value, above low
 * @param step the distance of two ticks
 */
public record Scale(double low, double high, double step) {
  /** An axis from {@code low} to {@code high} with about so many ticks. */
  public static Scale exactly(double low, double high, int ticks) {
    return new Scale(low, high, roundStep((high - low) / Math.max(1, ticks)));
  }

  /** An axis a little larger than a range, with zero in it if it is near. */
  public static Scale around(double low, double high, int ticks) {
    if (!(low <= high)) {
      return exactly(-1, 1, ticks);
    }
    double from = low;
    double to = high;
    double span = high - low;
    if (from > 0 && from <= 2 * span) {
      from = 0;
    }
    if (to < 0 && -to <= 2 * span) {
      to = 0;
    }
    if (to - from <= 1e-9 * Math.max(Math.abs(from), Math.abs(to)) || to == from) {
      double room = from == 0 ? 1 : Math.abs(from) / 2;
      from -= room;
      to += room;
    }
    double margin = 0.05 * (to - from);
    return exactly(from - margin, to + margin, ticks);
  }

  private static double roundStep(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    double mantissa = step / power;
    if (mantissa <= 1.0000001) {
      return power;
    }
    return (mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10) * power;
  }

  /** The ticks within the range, ascending. */
  public double[] ticks() {
    long first = (long) Math.ceil(low / step - 1e-9);
    long last = (long) Math.floor(high / step + 1e-9);
    double[] ticks = new double[(int) (last - first + 1)];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = (first + i) * step;
    }
    return ticks;
  }

  /** Where a value lies: 0 at the low end, 1 at the high one. */
  public double position(double value) {
    return (value - low) / (high - low);
  }

  /** A tick's figure, with as many decimals as the step needs: {@code -0.5}, {@code 2e+6}. */
  public String label(double tick) {
    if (Math.abs(tick) < step / 2) {
      return "0";
    }
    int exponent = (int) Math.floor(Math.log10(step) + 1e-9);
    double magnitude = Math.max(Math.abs(low), Math.abs(high));
    if (magnitude >= 1e6 || exponent < -4) {
      int top = (int) Math.floor(Math.log10(Math.abs(tick)) + 1e-9);
      BigDecimal mantissa =
          BigDecimal.valueOf(tick)
              .scaleByPowerOfTen(-top)
              .setScale(Math.max(0, top - exponent), RoundingMode.HALF_EVEN);
      return mantissa.toPlainString() + "e" + top;
    }
    return BigDecimal.valueOf(tick)
        .setScale(Math.max(0, -exponent), RoundingMode.HALF_EVEN)
        .toPlainString();
  }
}
