package lamina.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A list of documents whose members are scalars and strings, as a table: one row a document. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> cells = new ArrayList<>();
  private final List<Boolean> rightAligned = new ArrayList<>();

  private TextTable() {}

  /** The table of a list, or null if the list is no such thing. */
  static TextTable of(List<?> list, int precision) {
    Set<String> names = new LinkedHashSet<>();
    for (Object element : list) {
      if (!(element instanceof Document document) || document.main() != null) {
        return null;
      }
      for (var member : document.members().entrySet()) {
        if (!TextDocument.isInline(member.getValue())) {
          return null;
        }
        names.add(member.getKey());
      }
    }
    TextTable table = new TextTable();
    table.cells.add(new ArrayList<>(names));
    for (int column = 0; column < names.size(); column++) {
      table.rightAligned.add(true);
    }
    for (Object element : list) {
      table.add((Document) element, names, precision);
    }
    return table;
  }

  private void add(Document document, Set<String> names, int precision) {
    List<String> row = new ArrayList<>();
    for (String name : names) {
      Object value = document.members().get(name);
      if (value != null && !(value instanceof Number)) {
        rightAligned.set(row.size(), false);
      }
      row.add(value == null ? "" : TextDocument.inline(value, precision).replace('\n', ' '));
    }
    cells.add(row);
  }

  /** The header and the rows, without cells' padding: for formats that align by themselves. */
  List<List<String>> cells() {
    return cells;
  }

  boolean isRightAligned(int column) {
    return rightAligned.get(column);
  }

  /**
   * The header and the rows, aligned; cells break between words, so that rows stay within a width.
   *
   * @param width the columns of a row; below 1, as many as it takes
   */
  List<String> rows(int width) {
    int[] widths = widths(width);
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      List<List<String>> wrapped = new ArrayList<>();
      int height = 1;
      for (int column = 0; column < widths.length; column++) {
        wrapped.add(TextWrap.lines(row.get(column), widths[column], 0));
        height = Math.max(height, wrapped.get(column).size());
      }
      for (int part = 0; part < height; part++) {
        lines.add(line(wrapped, part, widths));
      }
    }
    return lines;
  }

  private String line(List<List<String>> wrapped, int part, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      List<String> parts = wrapped.get(column);
      String cell = part < parts.size() ? parts.get(part) : "";
      String pad = " ".repeat(widths[column] - cell.length());
      boolean right = rightAligned.get(column);
      line.append(column == 0 ? "" : GAP).append(right ? pad : "").append(cell);
      line.append(right ? "" : pad);
    }
    return line.toString().stripTrailing();
  }

  /** What each column takes: its longest cell, or less where rows would be too long. */
  private int[] widths(int width) {
    int[] widths = new int[rightAligned.size()];
    int[] least = new int[widths.length];
    int whole = -GAP.length();
    for (int column = 0; column < widths.length; column++) {
      for (List<String> row : cells) {
        widths[column] = Math.max(widths[column], row.get(column).length());
        for (String word : TextWrap.lines(row.get(column), 1, 0)) {
          least[column] = Math.max(least[column], word.length());
        }
      }
      whole += GAP.length() + widths[column];
    }
    while (width > 0 && whole > width) {
      int widest = -1;
      for (int column = 0; column < widths.length; column++) {
        boolean shrinks = widths[column] > least[column];
        if (shrinks && (widest < 0 || widths[column] > widths[widest])) {
          widest = column;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      whole--;
    }
    return widths;
  }
}
