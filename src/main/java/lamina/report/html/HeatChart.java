package lamina.report.html;

import static lamina.report.html.Html.escaped;
import static lamina.report.html.Html.figure;

import java.util.ArrayList;
import java.util.List;

/**
 * Figures of many layers over the epochs: a row a layer, a column an epoch, the figure a colour.
 */
final class HeatChart {
  private static final int WIDTH = 420;
  private static final int LEFT = 110;
  private static final int RIGHT = 12;
  private static final int TOP = 8;
  private static final int ROW = 14;
  private static final int LEGEND = 48;

  /** More columns than this are no more to be seen. */
  private static final int COLUMNS = 250;

  /** So many rows can have their name beside them. */
  private static final int NAMES = 20;

  private static final int MOST_HEIGHT = 420;
  private static final int TABLE_COLUMNS = 8;

  private HeatChart() {}

  /**
   * A chart on a logarithmic scale of colours.
   *
   * @param values of each row over the epochs
   */
  static String html(String title, List<String> names, List<double[]> values) {
    int epochs = values.get(0).length;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] row : values) {
      for (double value : row) {
        if (value > 0 && value < Double.POSITIVE_INFINITY) {
          low = Math.min(low, Math.log10(value));
          high = Math.max(high, Math.log10(value));
        }
      }
    }
    double range = high > low ? high - low : 1;
    int columns = Math.min(epochs, COLUMNS);
    int[] colours = new int[columns * values.size()];
    for (int row = 0; row < values.size(); row++) {
      for (int column = 0; column < columns; column++) {
        double value = values.get(row)[(int) ((long) column * epochs / columns)];
        colours[row * columns + column] =
            Pixels.warmth(value > 0 ? (Math.log10(value) - low) / range : Double.NaN);
      }
    }
    int body = Math.min(MOST_HEIGHT, ROW * values.size());
    int height = TOP + body + LEGEND;
    StringBuilder html = new StringBuilder("<figure class=\"chart\">\n<figcaption>");
    html.append(escaped(title)).append("</figcaption>\n");
    html.append("<svg viewBox=\"0 0 " + WIDTH + ' ' + height + "\" role=\"img\" aria-label=\"");
    html.append(escaped(title + " of " + names.size() + " layers over " + epochs + " epochs,"));
    html.append(" from " + figure(Math.pow(10, low)) + " to " + figure(Math.pow(10, high)));
    html.append(
        "\">\n<image x=\"" + LEFT + "\" y=\"" + TOP + "\" width=\"" + (WIDTH - LEFT - RIGHT));
    html.append("\" height=\"" + body + "\" preserveAspectRatio=\"none\" class=\"pixels\" href=\"");
    html.append(Png.address(columns, values.size(), colours)).append("\"/>\n");
    int every = (names.size() + NAMES - 1) / NAMES;
    for (int row = 0; row < names.size(); row += every) {
      double y = TOP + (row + 0.5) * body / names.size();
      html.append(
          "<text class=\"end\" x=\"" + (LEFT - 6) + "\" y=\"" + Html.place(y) + "\" dy=\"4\">");
      html.append(escaped(shortened(names.get(row)))).append("</text>\n");
    }
    legend(html, TOP + body, epochs, Math.pow(10, low), Math.pow(10, high));
    return html + "</svg>\n" + DataTable.folded(title, rows(names, values, epochs)) + "</figure>\n";
  }

  private static String shortened(String name) {
    return name.length() > 16 ? "…" + name.substring(name.length() - 15) : name;
  }

  private static void legend(StringBuilder html, int body, int epochs, double low, double high) {
    int right = WIDTH - RIGHT;
    html.append("<text class=\"mid\" x=\"" + LEFT + "\" y=\"" + (body + 14) + "\">1</text>");
    html.append("<text class=\"end\" x=\"" + right + "\" y=\"" + (body + 14) + "\">");
    html.append("epoch " + epochs + "</text>\n");
    int[] colours = new int[64];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = Pixels.warmth(i / 63.0);
    }
    html.append("<image x=\"" + (LEFT + 60) + "\" y=\"" + (body + 28) + "\" width=\"");
    html.append((right - LEFT - 120) + "\" height=\"10\" preserveAspectRatio=\"none\" href=\"");
    html.append(Png.address(colours.length, 1, colours)).append("\"/>\n<text class=\"end\" x=\"");
    html.append((LEFT + 54) + "\" y=\"" + (body + 38) + "\">" + figure(low) + "</text><text x=\"");
    html.append((right - 54) + "\" y=\"" + (body + 38) + "\">" + figure(high) + "</text>");
    html.append("<text x=\"0\" y=\"" + (body + 38) + "\">grey: 0</text>\n");
  }

  private static List<String[]> rows(List<String> names, List<double[]> values, int epochs) {
    List<String[]> rows = new ArrayList<>();
    int columns = Math.min(epochs, TABLE_COLUMNS);
    for (int row = -1; row < names.size(); row++) {
      String[] cells = new String[columns + 1];
      cells[0] = row < 0 ? "layer" : names.get(row);
      for (int column = 0; column < columns; column++) {
        int epoch = columns == 1 ? 0 : (int) ((long) column * (epochs - 1) / (columns - 1));
        cells[column + 1] = row < 0 ? "epoch " + (epoch + 1) : figure(values.get(row)[epoch]);
      }
      rows.add(cells);
    }
    return rows;
  }
}
