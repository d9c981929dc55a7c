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

  /** NumPy's limits: more elements are abbreviated, to so many at each end of an axis. */
  private static final int LONG = 1000;

  private static final int EDGE = 3;

  private final int precision;

  /** Whether the middle of long tensors is left out, and whether it was. */
  private final boolean abbreviated;

  private boolean leftOut;

  /** The columns within which sentences and tables stay, or 0. */
  private final int width;

  private final StringBuilder line = new StringBuilder();
  private final StringBuilder cell = new StringBuilder();
  private boolean empty = true;

  /** Whether rows were written last: what follows them stands apart. */
  private boolean afterRows;

  private TextDocument(Writer out, int precision, boolean abbreviated, int width) {
    this.out = out;
    this.width = width;
    this.precision = precision;
    this.abbreviated = abbreviated;
  }

  static void write(
      Document document, int precision, boolean abbreviated, int width, OutputStream out)
      throws IOException {
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 14);
    TextDocument text = new TextDocument(writer, precision, abbreviated, width);
    text.document(document, "");
    if (text.leftOut) {
      text.gap();
      text.line("", "(... stands for what is left out; -f text | less shows all)");
    }
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
      int room = width - indent.length() - 2;
      List<String> rows = table == null ? List.of() : table.rows(room);
      // Rows that are too long for a terminal even with broken cells become blocks.
      if (table != null && (width <= 0 || rows.stream().allMatch(row -> row.length() <= room))) {
        line(indent, name + ":");
        for (String row : rows) {
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
        String sentence = text.isEmpty() ? name + ":" : name + ": " + text;
        String margin = indent;
        for (String part : TextWrap.lines(sentence, width - indent.length(), 2)) {
          line(margin, part);
          margin = indent + "  ";
        }
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
    boolean brief = abbreviated && tensor.size() > LONG;
    for (int row = 0; row < rows; row++) {
      int hidden = brief ? hiddenRows(row, shape) : 0;
      if (hidden > 0) {
        if (rank > 2 && row % rowsPerSlice == 0) {
          gap();
        }
        line(indent, "...");
        leftOut = true;
        row += hidden - 1;
        continue;
      }
      if (rank > 2 && row % rowsPerSlice == 0) {
        if (row > 0) {
          gap();
        }
        line(indent, index(row / rowsPerSlice, shape));
      }
      row(tensor, row, indent, style, width, brief);
      out.append(line).append('\n');
      empty = false;
    }
    afterRows = true;
  }

  /** Writes a row of numbers, without the end of the line. */
  private void row(
      Tensor tensor, int row, String indent, NumberStyle style, int width, boolean brief)
      throws IOException {
    int columns = tensor.rank() == 0 ? 1 : tensor.dim(-1);
    line.setLength(0);
    line.append(indent);
    for (int column = 0; column < columns; column++) {
      if (brief && column == EDGE && columns > 2 * EDGE) {
        line.append(" ...");
        leftOut = true;
        column = columns - EDGE;
      }
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
  }

  /**
   * How many rows from one on are left out, since an axis of many but the last is in its middle.
   */
  private static int hiddenRows(int row, int[] shape) {
    int below = 1;
    for (int axis = 0; axis < shape.length - 1; axis++) {
      below *= shape[axis];
    }
    int rest = row;
    for (int axis = 0; axis < shape.length - 1; axis++) {
      below /= shape[axis];
      int index = rest / below;
      rest %= below;
      if (index == EDGE && rest == 0 && shape[axis] > 2 * EDGE) {
        return (shape[axis] - 2 * EDGE) * below;
      }
    }
    return 0;
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
