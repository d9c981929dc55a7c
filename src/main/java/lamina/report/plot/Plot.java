package lamina.report.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Panels side by side, one a function, each with the function's curve and that of its derivative,
 * over one range and on one scale, so that they can be compared.
 *
 * @param from the least x
 * @param to the greatest x
 * @param panels at least one
 */
public record Plot(double from, double to, List<Panel> panels) {
  /**
   * One function.
   *
   * @param title its name
   * @param function f
   * @param derivative f′
   * @param breaks where f or f′ may jump: curves are not drawn across
   */
  public record Panel(
      String title, DoubleUnaryOperator function, DoubleUnaryOperator derivative, double[] breaks) {
    public Panel {
      breaks = breaks.clone();
    }
  }

  /** How many points of a curve are computed, per stretch between two breaks. */
  private static final int SAMPLES = 600;

  public Plot {
    panels = List.copyOf(panels);
  }

  /**
   * A function's curve: stretches without a jump, each as x and y in turn; what is not finite is
   * left out.
   */
  List<double[]> curve(Panel panel, DoubleUnaryOperator function) {
    List<Double> ends = new ArrayList<>();
    ends.add(from);
    for (double at : panel.breaks()) {
      if (at > from && at < to) {
        ends.add(at);
      }
    }
    ends.add(to);
    // A stretch ends a little before the break: at it, the function has the other side's value.
    double gap = (to - from) * 1e-9;
    List<double[]> stretches = new ArrayList<>();
    for (int i = 0; i + 1 < ends.size(); i++) {
      double start = i == 0 ? from : ends.get(i) + gap;
      double end = i + 2 == ends.size() ? to : ends.get(i + 1) - gap;
      addStretches(function, start, end, stretches);
    }
    return stretches;
  }

  private static void addStretches(
      DoubleUnaryOperator function, double start, double end, List<double[]> stretches) {
    double[] points = new double[2 * (SAMPLES + 1)];
    int length = 0;
    for (int i = 0; i <= SAMPLES; i++) {
      double x = i == SAMPLES ? end : start + (end - start) * i / SAMPLES;
      double y = function.applyAsDouble(x);
      boolean finite = !Double.isNaN(y) && !Double.isInfinite(y);
      if (finite) {
        points[length++] = x;
        points[length++] = y;
      }
      if (length > 0 && (!finite || i == SAMPLES)) {
        stretches.add(Arrays.copyOf(points, length));
        length = 0;
      }
    }
  }

  /** The scale of x. */
  Scale horizontal(int ticks) {
    return Scale.exactly(from, to, ticks);
  }

  /** The scale of y, which holds all curves of all panels, and zero if it is not far. */
  Scale vertical(int ticks) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Panel panel : panels) {
      for (DoubleUnaryOperator function : List.of(panel.function(), panel.derivative())) {
        for (double[] stretch : curve(panel, function)) {
          for (int i = 1; i < stretch.length; i += 2) {
            low = Math.min(low, stretch[i]);
            high = Math.max(high, stretch[i]);
          }
        }
      }
    }
    return Scale.around(low, high, ticks);
  }
}
