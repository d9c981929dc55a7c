package lamina.report.plot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws a plot in a terminal: curves in braille dots (2 x 4 a character), axes with figures, a
 * legend. The function's curve is solid, the derivative's dashed, so that colours only help.
 */
public final class TextPlot {
  private static final int MIN_PANEL = 36;
  private static final int ROWS = 16;
  private static final char BRAILLE = '\u2800';

  /** The bit of each dot of a braille character, by row and column. */
  private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

  private static final String FUNCTION_COLOR = "\u001b[34m";
  private static final String DERIVATIVE_COLOR = "\u001b[33m";
  private static final String AXIS_COLOR = "\u001b[2m";
  private static final String RESET = "\u001b[0m";

  private final Plot plot;
  private final boolean color;
  private final int panelWidth;
  private final int columns;
  private final Scale vertical;
  private final int labelWidth;
  private final Scale horizontal;

  private TextPlot(Plot plot, int width, boolean color) {
    this.plot = plot;
    this.color = color;
    int fitting = Math.max(1, (width + 2) / (MIN_PANEL + 2));
    this.columns = Math.min(plot.panels().size(), fitting);
    this.panelWidth = Math.max(24, (width - 2 * (columns - 1)) / columns);
    this.vertical = plot.vertical(6);
    int widest = 0;
    for (double tick : vertical.ticks()) {
      widest = Math.max(widest, vertical.label(tick).length());
    }
    this.labelWidth = widest;
    this.horizontal = plot.horizontal(Math.max(2, cells() / 6));
  }

  /**
   * Writes the plot.
   *
   * @param width the terminal's columns
   * @param color whether to colour the curves
   */
  public static void write(Plot plot, int width, boolean color, OutputStream out)
      throws IOException {
    StringBuilder text = new StringBuilder();
    new TextPlot(plot, width, color).draw(text);
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** How many characters wide a panel's curves are. */
  private int cells() {
    return panelWidth - labelWidth - 2;
  }

  private void draw(StringBuilder text) {
    List<Plot.Panel> panels = plot.panels();
    for (int first = 0; first < panels.size(); first += columns) {
      int last = Math.min(first + columns, panels.size());
      List<List<String>> drawn = new ArrayList<>();
      for (Plot.Panel panel : panels.subList(first, last)) {
        drawn.add(lines(panel));
      }
      for (int row = 0; row < drawn.get(0).size(); row++) {
        StringBuilder line = new StringBuilder();
        for (List<String> lines : drawn) {
          line.append(line.length() == 0 ? "" : "  ").append(lines.get(row));
        }
        text.append(line.toString().stripTrailing()).append('\n');
      }
    }
    text.append(" ".repeat(labelWidth + 2));
    text.append(colored("⠤⠤⠤⠤⠤⠤", FUNCTION_COLOR)).append(" f(x)   ");
    text.append(colored("⠤⠤ ⠤⠤", DERIVATIVE_COLOR)).append(" f′(x)\n");
  }

  private String colored(String text, String code) {
    return color ? code + text + RESET : text;
  }

  /** The lines of one panel, all of the same width on the screen. */
  private List<String> lines(Plot.Panel panel) {
    Canvas canvas = new Canvas(cells(), ROWS);
    // The function last: where both pass through a character it takes the function's colour.
    canvas.draw(plot.curve(panel, panel.derivative()), 2);
    canvas.draw(plot.curve(panel, panel.function()), 1);
    List<String> lines = new ArrayList<>();
    lines.add(centered(panel.title(), panelWidth));
    String[] labels = new String[ROWS];
    for (double tick : vertical.ticks()) {
      labels[canvas.row(tick) / 4] = vertical.label(tick);
    }
    for (int row = 0; row < ROWS; row++) {
      String label = labels[row] == null ? "" : labels[row];
      lines.add(
          " ".repeat(labelWidth - label.length())
              + label
              + (label.isEmpty() ? " │" : " ┤")
              + canvas.line(row));
    }
    StringBuilder axis = new StringBuilder(" ".repeat(labelWidth + 1)).append('└');
    axis.append("─".repeat(cells()));
    StringBuilder figures = new StringBuilder(" ".repeat(panelWidth));
    int free = 0;
    for (double tick : horizontal.ticks()) {
      int column = labelWidth + 2 + canvas.column(tick) / 2;
      axis.setCharAt(column, '┬');
      String label = horizontal.label(tick);
      int sign = label.startsWith("-") ? 1 : 0;
      int start = column - sign - (label.length() - sign - 1) / 2;
      start = Math.min(start, panelWidth - label.length());
      if (start >= free) {
        figures.replace(start, start + label.length(), label);
        free = start + label.length() + 1;
      }
    }
    lines.add(axis.toString());
    lines.add(figures.toString());
    return lines;
  }

  private static String centered(String title, int width) {
    String shown = title.length() > width ? title.substring(0, width - 1) + "…" : title;
    int before = (width - shown.length()) / 2;
    return " ".repeat(before) + shown + " ".repeat(width - shown.length() - before);
  }

  /** Dots, and which curve they belong to: 1 the function, 2 the derivative. */
  private final class Canvas {
    private final int width;
    private final int height;
    private final int[][] dots;
    private final int[][] owner;

    Canvas(int cells, int rows) {
      width = 2 * cells;
      height = 4 * rows;
      dots = new int[rows][cells];
      owner = new int[rows][cells];
    }

    int column(double x) {
      return (int) Math.round(horizontal.position(x) * (width - 1));
    }

    int row(double y) {
      return (int) Math.round((1 - vertical.position(y)) * (height - 1));
    }

    void draw(List<double[]> stretches, int curve) {
      int pen = 0;
      for (double[] points : stretches) {
        int column = column(points[0]);
        int row = row(points[1]);
        dot(column, row, curve, pen);
        for (int i = 2; i < points.length; i += 2) {
          int nextColumn = column(points[i]);
          int nextRow = row(points[i + 1]);
          int steps = Math.max(Math.abs(nextColumn - column), Math.abs(nextRow - row));
          for (int step = 1; step <= steps; step++) {
            pen++;
            dot(
                column + Math.round((float) (nextColumn - column) * step / steps),
                row + Math.round((float) (nextRow - row) * step / steps),
                curve,
                pen);
          }
          column = nextColumn;
          row = nextRow;
        }
      }
    }

    private void dot(int column, int row, int curve, int pen) {
      boolean gap = curve == 2 && pen % 6 >= 4;
      if (gap || column < 0 || column >= width || row < 0 || row >= height) {
        return;
      }
      dots[row / 4][column / 2] |= DOTS[row % 4][column % 2];
      owner[row / 4][column / 2] = curve;
    }

    /** One line of characters; behind the curves, the lines x = 0 and y = 0. */
    String line(int row) {
      int zeroRow = row(0) / 4;
      int zeroColumn = column(0) / 2;
      StringBuilder line = new StringBuilder();
      for (int cell = 0; cell < width / 2; cell++) {
        if (dots[row][cell] != 0) {
          String code = owner[row][cell] == 1 ? FUNCTION_COLOR : DERIVATIVE_COLOR;
          line.append(colored(String.valueOf((char) (BRAILLE + dots[row][cell])), code));
          continue;
        }
        boolean onX = row == zeroRow;
        boolean onY = cell == zeroColumn;
        if (onX || onY) {
          line.append(colored(onX && onY ? "┼" : onX ? "─" : "│", AXIS_COLOR));
        } else {
          line.append(' ');
        }
      }
      return line.toString();
    }
  }
}
