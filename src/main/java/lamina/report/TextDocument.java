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

/** Documents for people to read: shapes, aligned rows, and further members headed by their name. */
final class TextDocument {
  private final Writer out;
  private final int precision;
  private final StringBuilder line = new StringBuilder();
  private boolean empty = true;

  /** Whether rows were written last: what follows them stands apart. */
  private boolean afterRows;

  private TextDocument(Writer out, int precision) {
    this.out = out;
    this.precision = precision;
  }

  static void write(Document document, int precision, OutputStream out) throws IOException {
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 14);
    new TextDocument(writer, precision).document(document, "");
    writer.flush();
  }

  private void document(Document document, String indent) throws IOException {
    if (document.main() != null) {
      Tensor main = document.main();
      if (main.rank() > 0) {
        line(indent, shape(main));
      }
      rows(main, indent);
    }
    for (Map.Entry<String, Object> member : document.members().entrySet()) {
      member(member.getKey(), member.getValue(), indent);
    }
  }

  private void member(String name, Object value, String indent) throws IOException {
    if (value instanceof Tensor tensor && tensor.rank() > 0) {
      gap();
      line(indent, name + ": " + shape(tensor));
      rows(tensor, indent);
    } else if (value instanceof Document document) {
      gap();
      line(indent, name + ":");
      afterRows = false;
      document(document, indent + "  ");
      afterRows = true;
    } else if (value instanceof List<?> list && !isFlat(list)) {
      TextTable table = TextTable.of(list, precision);
      gap();
      if (table != null) {
        line(indent, name + ":");
        for (String row : table.rows()) {
          line(indent + "  ", row);
        }
        afterRows = true;
        return;
      }
      for (int i = 0; i < list.size(); i++) {
        member(name + "[" + i + "]", list.get(i), indent);
      }
    } else {
      if (afterRows) {
        gap();
      }
      String text = inline(value, precision);
      if (text.indexOf('\n') < 0) {
        line(indent, text.isEmpty() ? name + ":" : name + ": " + text);
        return;
      }
      line(indent, name + ":");
      for (String part : text.split("\n", -1)) {
        line(indent + "  ", part);
      }
    }
  }

  private static boolean isFlat(List<?> list) {
    for (Object element : list) {
      if (!isInline(element)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a value can be shown within a line. */
  static boolean isInline(Object value) {
    if (value instanceof List<?> list) {
      return isFlat(list);
    }
    return !(value instanceof Document) && !(value instanceof Tensor tensor && tensor.rank() > 0);
  }

  /** A scalar, a string or a list of those, within a line. */
  static String inline(Object value, int precision) {
    if (value instanceof List<?> list) {
      StringBuilder text = new StringBuilder();
      for (Object element : list) {
        text.append(text.length() == 0 ? "" : ", ").append(inline(element, precision));
      }
      return text.toString();
    }
    StringBuilder text = new StringBuilder();
    if (value instanceof Double number) {
      NumberStyle.of(number, precision).append(number, text);
    } else if (value instanceof Tensor tensor) {
      NumberStyle.of(tensor, precision).append(tensor, 0, text);
    } else {
      text.append(value == null ? "none" : value.toString());
    }
    return text.toString();
  }

  /** The rows of a tensor; slices of higher ranks are headed by their index. */
  private void rows(Tensor tensor, String indent) throws IOException {
    if (tensor.size() == 0) {
      return;
    }
    NumberStyle style = NumberStyle.of(tensor, precision);
    int width = style.width(tensor);
    int rank = tensor.rank();
    int columns = rank == 0 ? 1 : tensor.dim(-1);
    int rowsPerSlice = rank < 2 ? 1 : tensor.dim(-2);
    int[] shape = tensor.shape();
    int rows = tensor.size() / columns;
    StringBuilder cell = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      if (rank > 2 && row % rowsPerSlice == 0) {
        if (row > 0) {
          gap();
        }
        line(indent, index(row / rowsPerSlice, shape));
      }
      line.setLength(0);
      line.append(indent);
      for (int column = 0; column < columns; column++) {
        cell.setLength(0);
        style.append(tensor, row * columns + column, cell);
        if (column > 0) {
          line.append(' ');
        }
        for (int pad = cell.length(); pad < width; pad++) {
          line.append(' ');
        }
        line.append(cell);
        // Long rows go out in pieces.
        if (line.length() > 1 << 13) {
          out.append(line);
          line.setLength(0);
        }
      }
      out.append(line).append('\n');
      empty = false;
    }
    afterRows = true;
  }

  /** The index of a slice over the leading axes: {@code [0, 2]}. */
  static String index(int slice, int[] shape) {
    String text = "";
    int rest = slice;
    for (int axis = shape.length - 3; axis >= 0; axis--) {
      text = rest % shape[axis] + (text.isEmpty() ? "" : ", ") + text;
      rest /= shape[axis];
    }
    return "[" + text + "]";
  }

  /** A shape as text shows it: {@code 2 x 2}. */
  static String shape(Tensor tensor) {
    StringBuilder text = new StringBuilder();
    for (int size : tensor.shape()) {
      text.append(text.length() == 0 ? "" : " x ").append(size);
    }
    return text.toString();
  }

  private void gap() throws IOException {
    if (!empty) {
      out.append('\n');
    }
    afterRows = false;
  }

  private void line(String indent, String text) throws IOException {
    out.append(text.isEmpty() ? "" : indent).append(text).append('\n');
    empty = false;
  }
}
