package lamina.report.html;

import static lamina.report.html.Html.escaped;
import static lamina.report.html.Html.figure;
import static lamina.report.html.Html.place;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.report.plot.Scale;

/** Curves over the epochs, with a legend and a table of some of their points. */
final class LineChart {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 260;
  private static final int LEFT = 54;
  private static final int RIGHT = 18;
  private static final int TOP = 10;
  private static final int BOTTOM = 36;

  /** More points than this along a curve are no more to be seen. */
  private static final int POINTS = 160;

  private static final int TABLE_ROWS = 25;

  /** How many curves differ in colour. */
  private static final int COLOURS = 8;

  private final String title;
  private final boolean isLogarithmic;
  private final List<Series> series = new ArrayList<>();

  /**
   * A curve.
   *
   * @param values of epoch 1, 2, ...; NaN where there is none
   * @param colour curves of one colour belong together
   * @param isDashed whether to draw it dashed
   */
  record Series(String name, double[] values, int colour, boolean isDashed) {}

  /** A chart without curves. */
  LineChart(String title, boolean isLogarithmic) {
    this.title = title;
    this.isLogarithmic = isLogarithmic;
  }

  LineChart add(String name, double[] values, int colour, boolean isDashed) {
    series.add(new Series(name, values, colour, isDashed));
    return this;
  }

  /** Whether there is nothing to draw. */
  boolean isEmpty() {
    return series.stream()
        .allMatch(s -> Arrays.stream(s.values()).allMatch(y -> Double.isNaN(height(y))));
  }

  /** The value in the unit of the vertical axis; NaN if it has no place there. */
  private double height(double value) {
    double height = isLogarithmic ? Math.log10(value) : value;
    return Double.isInfinite(height) ? Double.NaN : height;
  }

  String html() {
    int epochs = 1;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Series each : series) {
      epochs = Math.max(epochs, each.values().length);
      for (double value : each.values()) {
        double y = height(value);
        low = Double.isNaN(y) ? low : Math.min(low, y);
        high = Double.isNaN(y) ? high : Math.max(high, y);
      }
    }
    Scale vertical =
        isLogarithmic
            ? Scale.exactly(Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1), 6)
            // A share that stays 0 has no range of its own.
            : low == 0 && high == 0 ? Scale.exactly(0, 1, 5) : Scale.around(low, high, 5);
    Scale horizontal = Scale.exactly(1, Math.max(epochs, 2), 6);
    StringBuilder html = new StringBuilder("<figure class=\"chart\">\n<figcaption>");
    html.append(escaped(title)).append("</figcaption>\n");
    html.append("<svg viewBox=\"0 0 " + WIDTH + ' ' + HEIGHT + "\" role=\"img\" aria-label=\"");
    html.append(escaped(spoken(epochs))).append("\">\n");
    axes(html, horizontal, vertical);
    for (Series each : series) {
      curve(html, each, horizontal, vertical);
    }
    html.append("</svg>\n");
    legend(html);
    return html + DataTable.folded(title, rows(epochs)) + "</figure>\n";
  }

  /** What a screen reader says of the picture. */
  private String spoken(int epochs) {
    StringBuilder text = new StringBuilder(title + " over " + epochs + " epochs.");
    for (Series each : series) {
      double first = Double.NaN;
      double last = Double.NaN;
      for (double value : each.values()) {
        first = Double.isNaN(first) ? value : first;
        last = Double.isNaN(value) ? last : value;
      }
      text.append(' ').append(each.name()).append(": from ").append(figure(first));
      text.append(" to ").append(figure(last)).append('.');
    }
    return text.toString();
  }

  private static double x(Scale horizontal, double epoch) {
    return LEFT + horizontal.position(epoch) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Scale vertical, double height) {
    return HEIGHT - BOTTOM - vertical.position(height) * (HEIGHT - TOP - BOTTOM);
  }

  private void axes(StringBuilder html, Scale horizontal, Scale vertical) {
    for (double tick : vertical.ticks()) {
      if (isLogarithmic && tick != Math.rint(tick)) {
        continue;
      }
      String at = place(y(vertical, tick));
      html.append("<path class=\"grid\" d=\"M" + LEFT + ' ' + at + 'H' + (WIDTH - RIGHT) + "\"/>");
      html.append("<text x=\"" + (LEFT - 6) + "\" y=\"" + at + "\" dy=\"4\" class=\"end\">");
      html.append(isLogarithmic ? power(tick) : vertical.label(tick).replace('-', '−'));
      html.append("</text>\n");
    }
    for (double tick : horizontal.ticks()) {
      if (tick == Math.rint(tick)) {
        html.append("<text x=\"" + place(x(horizontal, tick)) + "\" y=\"" + (HEIGHT - BOTTOM + 16));
        html.append("\" class=\"mid\">" + Math.round(tick) + "</text>\n");
      }
    }
    html.append("<text x=\"" + (LEFT + WIDTH - RIGHT) / 2 + "\" y=\"" + (HEIGHT - 4));
    html.append("\" class=\"mid\">epoch</text>\n<path class=\"axis\" d=\"M" + LEFT + ' ' + TOP);
    html.append("V" + (HEIGHT - BOTTOM) + "H" + (WIDTH - RIGHT) + "\"/>\n");
  }

  private static String power(double exponent) {
    return "10<tspan dy=\"-4\" font-size=\"9\">"
        + (exponent < 0 ? "−" : "")
        + Math.round(Math.abs(exponent))
        + "</tspan>";
  }

  private void curve(StringBuilder html, Series each, Scale horizontal, Scale vertical) {
    StringBuilder path = new StringBuilder();
    int drawn = 0;
    boolean isPenDown = false;
    double lastX = 0;
    double lastY = 0;
    for (int epoch : thinned(each.values())) {
      double height = epoch < 0 ? Double.NaN : height(each.values()[epoch]);
      if (Double.isNaN(height)) {
        isPenDown = false;
        continue;
      }
      lastX = x(horizontal, epoch + 1);
      lastY = y(vertical, height);
      path.append(isPenDown ? 'L' : 'M').append(place(lastX)).append(' ').append(place(lastY));
      isPenDown = true;
      drawn++;
    }
    String look = "class=\"s" + each.colour() % COLOURS + (each.isDashed() ? " dashed\"" : "\"");
    if (drawn == 1) {
      html.append("<circle " + look + " cx=\"" + place(lastX) + "\" cy=\"" + place(lastY));
      html.append("\" r=\"3\"/>\n");
    } else {
      html.append("<path ").append(look).append(" d=\"").append(path).append("\"><title>");
      html.append(escaped(each.name())).append("</title></path>\n");
    }
  }

  /** The indices to draw: all, or of each stretch its least and its greatest value. */
  private int[] thinned(double[] values) {
    int stretch = Math.max(1, (2 * values.length + POINTS - 1) / POINTS);
    List<Integer> kept = new ArrayList<>();
    for (int from = 0; from < values.length; from += stretch) {
      int low = from;
      int high = from;
      for (int i = from; i < Math.min(from + stretch, values.length); i++) {
        low =
            height(values[i]) < height(values[low]) || Double.isNaN(height(values[low])) ? i : low;
        high =
            height(values[i]) > height(values[high]) || Double.isNaN(height(values[high]))
                ? i
                : high;
      }
      kept.add(Math.min(low, high));
      if (low != high) {
        kept.add(Math.max(low, high));
      }
    }
    if (values.length > 0 && kept.get(kept.size() - 1) != values.length - 1) {
      kept.add(values.length - 1);
    }
    return kept.stream().mapToInt(i -> i).toArray();
  }

  private void legend(StringBuilder html) {
    html.append("<ul class=\"legend\" aria-hidden=\"true\">");
    for (Series each : series) {
      html.append("<li><svg viewBox=\"0 0 26 10\"><path d=\"M0 5H26\" class=\"s");
      html.append(each.colour() % COLOURS).append(each.isDashed() ? " dashed" : "");
      html.append("\"/></svg>").append(escaped(each.name())).append("</li>");
    }
    html.append("</ul>\n");
  }

  private List<String[]> rows(int epochs) {
    List<String[]> rows = new ArrayList<>();
    String[] header = new String[series.size() + 1];
    header[0] = "epoch";
    for (int i = 0; i < series.size(); i++) {
      header[i + 1] = series.get(i).name();
    }
    rows.add(header);
    int step = Math.max(1, (epochs + TABLE_ROWS - 1) / TABLE_ROWS);
    for (int epoch = 1;
        epoch <= epochs;
        epoch = epoch == epochs ? epochs + 1 : Math.min(epoch + step, epochs)) {
      String[] row = new String[series.size() + 1];
      row[0] = Integer.toString(epoch);
      for (int i = 0; i < series.size(); i++) {
        double[] values = series.get(i).values();
        row[i + 1] = epoch <= values.length ? figure(values[epoch - 1]) : "";
      }
      rows.add(row);
    }
    return rows;
  }
}
