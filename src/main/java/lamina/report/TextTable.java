package lamina.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A list of documents whose members are scalars and strings, as a table: one row a document. */
final class TextTable {
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

  /** The header and the rows, aligned. */
  List<String> rows() {
    int[] widths = new int[rightAligned.size()];
    for (List<String> row : cells) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String pad = " ".repeat(widths[column] - row.get(column).length());
        boolean right = rightAligned.get(column);
        line.append(column == 0 ? "" : "  ").append(right ? pad : "").append(row.get(column));
        line.append(right ? "" : pad);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
