package lamina.report.html;

import static lamina.report.html.Html.escaped;
import static lamina.report.html.Html.figure;
import static lamina.report.html.Html.place;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.train.diagnosis.TrainingHistory.Snapshot;

/**
 * Histograms of many tensors, small ones side by side, with a slider that goes through the epochs.
 * Without a script, and on paper, they show the last one.
 */
final class HistogramChart {
  private static final int BINS = 25;
  private static final int WIDTH = 190;
  private static final int HEIGHT = 70;

  /** At most so many tensors are shown, spread evenly over all. */
  private static final int MOST = 24;

  private HistogramChart() {}

  /**
   * Charts of one kind of tensors.
   *
   * @param kind what they are, {@code gradient}
   * @param snapshots first to last epoch
   * @param values of each snapshot, some elements of each tensor by its name
   */
  static String html(
      String kind, String title, List<Snapshot> snapshots, List<Map<String, float[]>> values) {
    List<String> names = new ArrayList<>(values.get(values.size() - 1).keySet());
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < Math.min(MOST, names.size()); i++) {
      shown.add(names.get((int) ((long) i * names.size() / Math.min(MOST, names.size()))));
    }
    int last = snapshots.get(snapshots.size() - 1).epoch();
    StringBuilder html = new StringBuilder("<section class=\"histograms\"><h3>");
    html.append(escaped(title)).append("</h3>\n");
    if (shown.size() < names.size()) {
      html.append("<p>" + shown.size() + " of " + names.size() + " are shown.</p>\n");
    }
    html.append(
        "<p class=\"slider\"><label for=\"" + kind + "\">Epoch</label> <input id=\"" + kind);
    html.append("\" type=\"range\" min=\"0\" max=\"" + (snapshots.size() - 1) + "\" value=\"");
    html.append(
        (snapshots.size() - 1) + "\" aria-valuetext=\"epoch " + last + "\"> <output for=\"");
    html.append(kind + "\">" + last + "</output></p>\n<div class=\"grid\">\n");
    StringBuilder data = new StringBuilder("{\"epochs\":[");
    for (int i = 0; i < snapshots.size(); i++) {
      data.append(i == 0 ? "" : ",").append(snapshots.get(i).epoch());
    }
    data.append("],\"items\":[");
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"tensor", "least", "mean", "greatest", "share of 0"});
    for (String name : shown) {
      double[] range = range(name, values);
      Map<Integer, int[]> counts = new LinkedHashMap<>();
      for (int i = 0; i < values.size(); i++) {
        counts.put(i, counts(values.get(i).getOrDefault(name, new float[0]), range));
      }
      rows.add(row(name, values.get(values.size() - 1).get(name)));
      picture(html, name, counts.get(values.size() - 1), range);
      data.append(name.equals(shown.get(0)) ? "[" : ",[");
      counts.forEach(
          (i, bins) ->
              data.append(i == 0 ? "" : ",").append(Arrays.toString(bins).replace(" ", "")));
      data.append(']');
    }
    html.append("</div>\n<script type=\"application/json\">").append(data).append("]}</script>\n");
    html.append(DataTable.folded("Epoch " + last + ", of some elements of each tensor", rows));
    return html.append("</section>\n").toString();
  }

  /** The range of a tensor over all snapshots, so that its bars can be compared. */
  private static double[] range(String name, List<Map<String, float[]>> values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Map<String, float[]> each : values) {
      for (float value : each.getOrDefault(name, new float[0])) {
        if (Float.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (!(low < high)) {
      double middle = low == high ? low : 0;
      return new double[] {middle - 1, middle + 1};
    }
    return new double[] {low, high};
  }

  private static int[] counts(float[] values, double[] range) {
    int[] counts = new int[BINS];
    for (float value : values) {
      if (Float.isFinite(value)) {
        int bin = (int) ((value - range[0]) / (range[1] - range[0]) * BINS);
        counts[Math.max(0, Math.min(bin, BINS - 1))]++;
      }
    }
    return counts;
  }

  private static String[] row(String name, float[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double sum = 0;
    int zeros = 0;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
      zeros += value == 0 ? 1 : 0;
    }
    return new String[] {
      name,
      figure(low),
      figure(sum / values.length),
      figure(high),
      Html.percent((double) zeros / values.length)
    };
  }

  private static void picture(StringBuilder html, String name, int[] counts, double[] range) {
    int most = 1;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    html.append("<figure class=\"small\"><figcaption>").append(escaped(name));
    html.append(
        "</figcaption><svg viewBox=\"0 0 " + WIDTH + ' ' + (HEIGHT + 18) + "\" role=\"img\"");
    html.append(" aria-label=\"" + escaped("histogram of " + name + " from " + figure(range[0])));
    html.append(" to " + figure(range[1]) + "\">\n");
    double width = (double) WIDTH / BINS;
    for (int bin = 0; bin < BINS; bin++) {
      double height = (double) HEIGHT * counts[bin] / most;
      html.append("<rect x=\"" + place(bin * width) + "\" y=\"" + place(HEIGHT - height));
      html.append("\" width=\"" + place(width - 0.6) + "\" height=\"" + place(height) + "\"/>");
    }
    html.append("\n<path class=\"axis\" d=\"M0 " + HEIGHT + ".5H" + WIDTH + "\"/>");
    html.append("<text x=\"0\" y=\"" + (HEIGHT + 14) + "\">" + figure(range[0]) + "</text>");
    html.append("<text x=\"" + WIDTH + "\" y=\"" + (HEIGHT + 14) + "\" class=\"end\">");
    html.append(figure(range[1]) + "</text></svg></figure>\n");
  }
}
