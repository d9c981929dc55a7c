package lamina.report.plot;

import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The range of x that a plot shows.
 *
 * @param from its lower end
 * @param to its upper end
 */
public record PlotRange(double from, double to) {
  private static final double USUAL_REACH = 5;
  private static final double LARGEST = 1e100;

  /** Around 0, as far as it takes to show all kinks, and at least to 5. */
  public static PlotRange around(double[] kinks) {
    double reach = USUAL_REACH;
    for (double kink : kinks) {
      reach = Math.max(reach, Math.ceil(Math.abs(kink) + 1));
    }
    return new PlotRange(-reach, reach);
  }

  /**
   * From the least to the greatest number of a tensor.
   *
   * @throws InputException if that cannot be drawn over
   */
  public static PlotRange of(Tensor x) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.size(); i++) {
      low = Math.min(low, x.get(i));
      high = Math.max(high, x.get(i));
    }
    PlotRange range = new PlotRange(low, high);
    if (!range.isDrawable()) {
      throw new InputException(
          "the input (from "
              + low
              + " to "
              + high
              + ") gives no range to draw over; choose one with --range");
    }
    return range;
  }

  /** Whether its ends are apart, and not so far that nothing between them shows. */
  public boolean isDrawable() {
    double magnitude = Math.max(Math.abs(from), Math.abs(to));
    return from < to && magnitude <= LARGEST && to - from > 1e-9 * magnitude;
  }
}
