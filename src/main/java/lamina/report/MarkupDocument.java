package lamina.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import lamina.tensor.Tensor;

/** Documents to paste into a paper (LaTeX, matrices as {@code bmatrix}) or a README (Markdown). */
final class MarkupDocument {
  private final Writer out;
  private final boolean latex;
  private final int precision;
  private boolean empty = true;

  private MarkupDocument(Writer out, boolean latex, int precision) {
    this.out = out;
    this.latex = latex;
    this.precision = precision;
  }

  static void write(Document document, boolean latex, int precision, OutputStream out)
      throws IOException {
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 14);
    new MarkupDocument(writer, latex, precision).document("", document);
    writer.flush();
  }

  private void document(String prefix, Document document) throws IOException {
    if (document.main() != null) {
      tensor(prefix, document.main());
    }
    for (Map.Entry<String, Object> member : document.members().entrySet()) {
      String name = prefix.isEmpty() ? member.getKey() : prefix + "." + member.getKey();
      value(name, member.getValue());
    }
  }

  private void value(String name, Object value) throws IOException {
    if (value instanceof Tensor tensor) {
      tensor(name, tensor);
    } else if (value instanceof Document document) {
      document(name, document);
    } else if (TextDocument.isInline(value)) {
      heading(name, escaped(TextDocument.inline(value, precision)));
    } else {
      List<?> list = (List<?>) value;
      TextTable table = TextTable.of(list, precision);
      if (table != null) {
        heading(name, "");
        table(table);
        return;
      }
      for (int i = 0; i < list.size(); i++) {
        value(name + "[" + i + "]", list.get(i));
      }
    }
  }

  /** A paragraph that names what follows, or holds it. */
  private void heading(String name, String text) throws IOException {
    out.write(empty ? "" : "\n");
    empty = false;
    String shown = latex ? "\\texttt{" + escaped(name) + "}" : "`" + name + "`";
    out.write(shown + (text.isEmpty() ? ":\n" : ": " + text + "\n"));
    if (text.isEmpty() && !latex) {
      out.write("\n");
    }
  }

  private void tensor(String name, Tensor tensor) throws IOException {
    NumberStyle style = NumberStyle.of(tensor, precision);
    int columns = tensor.rank() == 0 ? 1 : tensor.dim(-1);
    int rows = tensor.rank() < 2 ? 1 : tensor.dim(-2);
    int slices = tensor.size() == 0 ? 0 : tensor.size() / columns / rows;
    if ((slices != 1 && !name.isEmpty()) || slices == 0) {
      heading(name.isEmpty() ? "result" : name, TextDocument.shape(tensor));
    }
    for (int slice = 0; slice < slices; slice++) {
      String index = tensor.rank() > 2 ? TextDocument.index(slice, tensor.shape()) : "";
      if (!(name + index).isEmpty()) {
        heading(name + index, "");
      }
      if (latex) {
        matrix(tensor, slice * rows * columns, rows, columns, style);
      } else {
        table(tensor, slice * rows * columns, rows, columns, style);
      }
      empty = false;
    }
  }

  private void matrix(Tensor tensor, int from, int rows, int columns, NumberStyle style)
      throws IOException {
    out.write("\\[\n");
    if (columns > 10) {
      // amsmath's matrices have at most 10 columns unless told otherwise.
      out.write("\\setcounter{MaxMatrixCols}{" + columns + "}\n");
    }
    out.write("\\begin{bmatrix}\n");
    StringBuilder cell = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        cell.setLength(0);
        style.append(tensor, from + row * columns + column, cell);
        out.write(column == 0 ? "  " : " & ");
        out.write(mathematical(cell.toString()));
      }
      out.write(row == rows - 1 ? "\n" : " \\\\\n");
    }
    out.write("\\end{bmatrix}\n\\]\n");
  }

  private static String mathematical(String number) {
    int exponent = number.indexOf('e');
    if (exponent >= 0) {
      return number.substring(0, exponent)
          + " \\times 10^{"
          + Integer.parseInt(number.substring(exponent + 1))
          + "}";
    }
    return number.replace("inf", "\\infty").replace("nan", "\\mathrm{NaN}");
  }

  private void table(Tensor tensor, int from, int rows, int columns, NumberStyle style)
      throws IOException {
    // A table needs a header; a matrix has none to give but the columns' numbers.
    StringBuilder rule = new StringBuilder("|");
    out.write('|');
    for (int column = 0; column < columns; column++) {
      out.write(" " + column + " |");
      rule.append("---:|");
    }
    out.write("\n" + rule + "\n");
    StringBuilder cell = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      out.write('|');
      for (int column = 0; column < columns; column++) {
        cell.setLength(0);
        style.append(tensor, from + row * columns + column, cell);
        out.write(" " + cell + " |");
      }
      out.write('\n');
    }
  }

  private void table(TextTable table) throws IOException {
    List<List<String>> rows = table.cells();
    int columns = rows.get(0).size();
    if (latex) {
      StringBuilder alignment = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        alignment.append(table.isRightAligned(column) ? 'r' : 'l');
      }
      out.write("\n\\begin{tabular}{" + alignment + "}\n");
    }
    for (int row = 0; row < rows.size(); row++) {
      StringBuilder line = new StringBuilder(latex ? "  " : "|");
      for (int column = 0; column < columns; column++) {
        String cell = escaped(rows.get(row).get(column));
        line.append(latex ? (column == 0 ? "" : " & ") + cell : " " + cell + " |");
      }
      out.write(line + (latex ? " \\\\\n" : "\n"));
      if (row == 0) {
        out.write(rule(table, columns));
      }
    }
    if (latex) {
      out.write("\\end{tabular}\n");
    }
  }

  private String rule(TextTable table, int columns) {
    if (latex) {
      return "  \\hline\n";
    }
    StringBuilder rule = new StringBuilder("|");
    for (int column = 0; column < columns; column++) {
      rule.append(table.isRightAligned(column) ? "---:|" : "---|");
    }
    return rule.append('\n').toString();
  }

  /** Text in which the markup's own characters stand for themselves. */
  private String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (latex && c == '\\') {
        safe.append("\\textbackslash{}");
      } else if (latex && (c == '~' || c == '^')) {
        safe.append('\\').append(c).append("{}");
      } else if (latex ? "#$%&_{}".indexOf(c) >= 0 : "|\\`*_<".indexOf(c) >= 0) {
        safe.append('\\').append(c);
      } else if (c == '\n') {
        safe.append(latex ? "\\\\ " : "<br>");
      } else {
        safe.append(c);
      }
    }
    return safe.toString();
  }
}
