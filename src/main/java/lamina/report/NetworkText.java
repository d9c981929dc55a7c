package lamina.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lamina.layer.Layer.Parameter;
import lamina.network.LayerAnalysis;
import lamina.network.NetworkAnalysis;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** What a network makes of an input, for people to read: a table, totals, and what was assumed. */
public final class NetworkText {
  private static final String[] HEADER = {
    "layer", "type", "output", "params", "MACs", "memory", "field", "stride", "start"
  };

  /** The columns that a narrow terminal goes without, first what is of least use. */
  private static final int[] LEAST_USED = {8, 7, 5, 6, 4};

  private static final String GAP = "  ";

  private final int width;
  private final Layout layout;
  private final int bytes;
  private final String dtype;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param layout the order of axes that shapes are shown in; null for the order of the report
   * @param bytes how many bytes an element has
   * @param dtype what such an element is called
   * @param width the columns of a line, for which the table leaves out some of its own and
   *     sentences break between words; below 1, as many as it takes
   */
  public NetworkText(Layout layout, int bytes, String dtype, int width) {
    this.width = width;
    this.layout = layout;
    this.bytes = bytes;
    this.dtype = dtype;
  }

  /** The whole report, with a table or, if asked, an explanation of each layer. */
  public String of(NetworkAnalysis report, boolean explain) {
    if (explain) {
      text.append("input  ").append(shape(report.input(), layout)).append("\n\n");
      for (LayerAnalysis layer : report.layers()) {
        text.append(layer.name()).append("  ").append(layer.text()).append('\n');
        for (String line : explanation(layer, layout)) {
          text.append("  ").append(line).append('\n');
        }
        text.append('\n');
      }
    } else {
      table(report);
    }
    totals(report);
    return text.toString();
  }

  /** How a layer's sizes, weights and costs come about, a line each. */
  static List<String> explanation(LayerAnalysis layer, Layout layout) {
    List<String> lines = new ArrayList<>(layer.explanation());
    lines.add("output " + shape(layer.output(), layout));
    StringBuilder weights = new StringBuilder();
    for (Parameter weight : layer.weights()) {
      if (weight.trained()) {
        weights.append(weights.length() == 0 ? "" : ", ").append(weight.name()).append(' ');
        weights.append(shape(weight.shape(), null));
      }
    }
    if (weights.length() > 0) {
      lines.add("parameters " + weights + ": " + count(layer.params()));
    }
    if (layer.macs() != null && !layer.macs().is(0)) {
      lines.add("MACs " + count(layer.macs()) + ", FLOPs " + count(layer.flops()));
    }
    return lines;
  }

  private void table(NetworkAnalysis report) {
    List<String[]> rows = new ArrayList<>();
    rows.add(HEADER);
    rows.add(new String[] {"", "input", shape(report.input(), layout), "", "", "", "", "", ""});
    for (int i = 0; i < report.layers().size(); i++) {
      LayerAnalysis layer = report.layers().get(i);
      boolean isNext = layer.inputs().isEmpty() || layer.inputs().equals(List.of(i - 1));
      String inputs = isNext ? "" : " (" + String.join(", ", report.inputNames(layer)) + ")";
      rows.add(
          new String[] {
            layer.name() + inputs,
            layer.type(),
            shape(layer.output(), layout),
            count(layer.params()),
            count(layer.macs()),
            memory(layer.activations()),
            layer.field() == null ? "?" : axes(layer.field().size()),
            layer.field() == null ? "?" : axes(layer.field().stride()),
            layer.field() == null ? "?" : axes(layer.field().start())
          });
    }
    int[] widths = new int[HEADER.length];
    for (String[] row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row[column].length());
      }
    }
    List<String> leftOut = leaveOut(widths);
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        if (widths[column] > 0) {
          String blanks = " ".repeat(widths[column] - row[column].length());
          boolean right = column >= 3;
          line.append(column == 0 ? "" : GAP);
          line.append(right ? blanks + row[column] : row[column] + blanks);
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    if (!leftOut.isEmpty()) {
      sentence(
          "(left out for want of columns: "
              + String.join(", ", leftOut)
              + "; a pipe or -f json has all)",
          0);
    }
    text.append('\n');
  }

  /** Sets the widths of columns for which there is no room to 0, and names them. */
  private List<String> leaveOut(int[] widths) {
    int whole = -GAP.length();
    for (int columnWidth : widths) {
      whole += GAP.length() + columnWidth;
    }
    List<String> leftOut = new ArrayList<>();
    for (int i = 0; width > 0 && whole > width && i < LEAST_USED.length; i++) {
      int column = LEAST_USED[i];
      whole -= GAP.length() + widths[column];
      widths[column] = 0;
      leftOut.add(HEADER[column]);
    }
    return leftOut;
  }

  /** Writes a sentence; its further lines are indented. */
  private void sentence(String sentence, int indent) {
    String before = "";
    for (String line : TextWrap.lines(sentence, width, indent)) {
      text.append(before).append(line).append('\n');
      before = " ".repeat(indent);
    }
  }

  private void totals(NetworkAnalysis report) {
    boolean partial = report.isPartial();
    boolean paramsPartial = partial && !report.paramsComplete();
    line("output", shape(report.output(), layout));
    String per = report.isWholeInput() ? " for the whole input" : " per sample";
    String open = partial && !report.isAssumed() ? "at least " : "";
    line(
        "parameters",
        (paramsPartial ? "at least " : "")
            + total(report.params(), paramsPartial)
            + memoryNote(report.params()));
    line("MACs", open + total(report.macs(), partial) + per);
    line("FLOPs", open + total(report.flops(), partial) + per + " (2 MACs + bias additions)");
    line(
        "activations",
        open + total(report.activations(), partial) + per + memoryNote(report.activations()));
    if (report.peak() != null && !partial) {
      line(
          "peak",
          count(report.peak())
              + per
              + memoryNote(report.peak())
              + ", the most held at once without gradients");
    }
    if (partial) {
      text.append("\nThe totals are partial:\n");
      for (String gap : report.gaps()) {
        sentence("- " + gap, 2);
      }
    }
    if (!report.assumptions().isEmpty()) {
      text.append("\nAssumed:\n");
      for (String note : report.assumptions()) {
        sentence("- " + note, 2);
      }
    }
  }

  private void line(String name, String value) {
    sentence(name + " ".repeat(13 - name.length()) + value, 13);
  }

  private static String total(Dim count, boolean partial) {
    return count(count) + (partial ? " (partial)" : "");
  }

  private String memoryNote(Dim elements) {
    return elements.isNumber() ? " (" + memory(elements) + " in " + dtype + ")" : "";
  }

  /** A shape as text shows it, {@code 54 x 54 x 96}; {@code ?} if unknown. */
  public static String shape(Shape shape, Layout layout) {
    if (shape == null) {
      return "?";
    }
    if (shape.rank() == 0) {
      return "scalar";
    }
    StringBuilder line = new StringBuilder();
    for (Dim dim : NetworkDocument.inLayout(shape, layout).dims()) {
      String size = dim.toString();
      boolean sum = dim.isSum() && shape.rank() > 1;
      line.append(line.length() == 0 ? "" : " x ").append(sum ? "(" + size + ")" : size);
    }
    return line.toString();
  }

  /** A number with its thousands apart; {@code ?} if unknown. */
  private static String count(Dim count) {
    if (count == null) {
      return "?";
    }
    if (!count.isNumber()) {
      return count.toString();
    }
    String digits = Long.toString(count.value());
    StringBuilder grouped = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      boolean apart = i > 0 && (digits.length() - i) % 3 == 0;
      grouped.append(apart ? "," : "").append(digits.charAt(i));
    }
    return grouped.toString();
  }

  private String memory(Dim elements) {
    if (elements == null) {
      return "?";
    }
    if (!elements.isNumber()) {
      return elements.times(bytes) + " B";
    }
    double size = elements.times(bytes).value();
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    while (size >= 1024 && unit < units.length - 1) {
      size /= 1024;
      unit++;
    }
    return unit == 0
        ? (long) size + " B"
        : String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
  }

  /** A number an axis, or one for all; {@code all} for the size of the whole input. */
  private static String axes(double[] values) {
    if (values == null) {
      return "all";
    }
    StringBuilder line = new StringBuilder();
    boolean same = true;
    for (double value : values) {
      same &= value == values[0];
      line.append(line.length() == 0 ? "" : "x").append(number(value));
    }
    return same ? number(values[0]) : line.toString();
  }

  private static String number(double value) {
    if (value == Math.rint(value)) {
      return Long.toString((long) value);
    }
    String rounded = String.format(Locale.ROOT, "%.3f", value);
    int end = rounded.length();
    while (rounded.charAt(end - 1) == '0') {
      end--;
    }
    return rounded.substring(0, end);
  }
}
