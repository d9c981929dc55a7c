package lamina.report.plot;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Draws a plot as SVG: panels side by side with grid, figures, title and one legend. Colours are
 * two of Okabe and Ito's, which people with any colour vision can tell apart, and the derivative is
 * dashed.
 */
public final class SvgPlot {
  private static final int WIDTH = 360;
  private static final int HEIGHT = 300;
  private static final int LEFT = 52;
  private static final int GAP = 44;
  private static final int RIGHT = 20;
  private static final int TOP = 44;
  private static final int BOTTOM = 76;
  private static final int PANELS_A_ROW = 3;

  private static final String FUNCTION = "#0072b2";
  private static final String DERIVATIVE = "#d55e00";

  private final Plot plot;
  private final Scale horizontal;
  private final Scale vertical;
  private final StringBuilder svg = new StringBuilder();

  private SvgPlot(Plot plot) {
    this.plot = plot;
    this.horizontal = plot.horizontal(8);
    this.vertical = plot.vertical(7);
  }

  /** Writes the plot as a document of its own. */
  public static void write(Plot plot, OutputStream out) throws IOException {
    SvgPlot drawing = new SvgPlot(plot);
    drawing.draw();
    out.write(drawing.svg.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void draw() {
    List<Plot.Panel> panels = plot.panels();
    int columns = Math.min(PANELS_A_ROW, panels.size());
    int rows = (panels.size() + PANELS_A_ROW - 1) / PANELS_A_ROW;
    int width = LEFT + columns * WIDTH + (columns - 1) * GAP + RIGHT;
    int rowHeight = TOP + HEIGHT + 34;
    int height = rows * rowHeight + BOTTOM - 34;
    StringBuilder names = new StringBuilder();
    for (Plot.Panel panel : panels) {
      names.append(names.length() == 0 ? "" : ", ").append(panel.title());
    }
    svg.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"")
        .append(height + "\" viewBox=\"0 0 " + width + ' ' + height + "\" role=\"img\"")
        .append(" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">\n")
        .append("<title>" + escaped(names.toString()) + ": function and derivative</title>\n")
        .append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    for (int i = 0; i < panels.size(); i++) {
      int x = LEFT + i % PANELS_A_ROW * (WIDTH + GAP);
      int y = i / PANELS_A_ROW * rowHeight + TOP;
      panel(panels.get(i), i, x, y);
    }
    legend(width / 2, height - 20);
    svg.append("</svg>\n");
  }

  private void panel(Plot.Panel panel, int index, int left, int top) {
    svg.append("<g transform=\"translate(" + left + ' ' + top + ")\">\n");
    svg.append("<clipPath id=\"panel" + index + "\"><rect width=\"" + WIDTH + "\" height=\"")
        .append(HEIGHT + "\"/></clipPath>\n");
    text(WIDTH / 2.0, -16, "middle", 16, "font-weight=\"bold\" fill=\"#222222\"", panel.title());
    for (double tick : horizontal.ticks()) {
      double x = horizontal.position(tick) * WIDTH;
      line(x, 0, x, HEIGHT, isZero(tick, horizontal));
      text(x, HEIGHT + 18, "middle", 12, "fill=\"#444444\"", figure(horizontal, tick));
    }
    for (double tick : vertical.ticks()) {
      double y = (1 - vertical.position(tick)) * HEIGHT;
      line(0, y, WIDTH, y, isZero(tick, vertical));
      text(-8, y + 4, "end", 12, "fill=\"#444444\"", figure(vertical, tick));
    }
    text(WIDTH / 2.0, HEIGHT + 34, "middle", 12, "font-style=\"italic\" fill=\"#444444\"", "x");
    svg.append("<rect width=\"" + WIDTH + "\" height=\"" + HEIGHT)
        .append("\" fill=\"none\" stroke=\"#888888\"/>\n");
    svg.append("<g clip-path=\"url(#panel" + index + ")\" fill=\"none\" stroke-width=\"2.5\"")
        .append(" stroke-linejoin=\"round\">\n");
    path(plot.curve(panel, panel.function()), "stroke=\"" + FUNCTION + "\"");
    path(
        plot.curve(panel, panel.derivative()),
        "stroke=\"" + DERIVATIVE + "\" stroke-dasharray=\"7 5\"");
    svg.append("</g>\n</g>\n");
  }

  private static boolean isZero(double tick, Scale scale) {
    return Math.abs(tick) < scale.step() / 2;
  }

  private static String figure(Scale scale, double tick) {
    return scale.label(tick).replace('-', '−');
  }

  private void line(double x1, double y1, double x2, double y2, boolean strong) {
    svg.append("<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2))
        .append("\" y2=\"" + number(y2) + "\" stroke=\"")
        .append(strong ? "#888888" : "#e4e4e4")
        .append("\"/>\n");
  }

  private void text(double x, double y, String anchor, int size, String style, String content) {
    svg.append("<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor)
        .append("\" font-size=\"" + size + "\" " + style + ">" + escaped(content) + "</text>\n");
  }

  /** Curves as one path; points on the line between their neighbours are left out. */
  private void path(List<double[]> stretches, String style) {
    svg.append("<path " + style + " d=\"");
    for (double[] points : stretches) {
      double lastX = 0;
      double lastY = 0;
      for (int i = 0; i < points.length; i += 2) {
        double x = horizontal.position(points[i]) * WIDTH;
        double y = (1 - vertical.position(points[i + 1])) * HEIGHT;
        boolean end = i == 0 || i + 2 == points.length;
        if (!end) {
          double nextX = horizontal.position(points[i + 2]) * WIDTH;
          double nextY = (1 - vertical.position(points[i + 3])) * HEIGHT;
          double between = lastY + (nextY - lastY) * (x - lastX) / (nextX - lastX);
          // Far below a pixel, because the deviations of points in a row add up.
          if (Math.abs(between - y) < 1e-4) {
            continue;
          }
        }
        svg.append(i == 0 ? 'M' : 'L').append(number(x)).append(' ').append(number(y));
        lastX = x;
        lastY = y;
      }
    }
    svg.append("\"/>\n");
  }

  private void legend(int center, int y) {
    int left = center - 95;
    svg.append("<g stroke-width=\"2.5\" fill=\"none\">\n")
        .append("<path stroke=\"" + FUNCTION + "\" d=\"M" + left + ' ' + (y - 4) + "h36\"/>\n")
        .append("<path stroke=\"" + DERIVATIVE + "\" stroke-dasharray=\"7 5\" d=\"M")
        .append((left + 110) + " " + (y - 4) + "h36\"/>\n</g>\n");
    text(left + 44, y, "start", 13, "fill=\"#222222\"", "f(x)");
    text(left + 154, y, "start", 13, "fill=\"#222222\"", "f′(x)");
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value)
        .setScale(2, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** A text in which nothing means markup. */
  public static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        default -> escaped.append(c < ' ' ? ' ' : c);
      }
    }
    return escaped.toString();
  }
}
