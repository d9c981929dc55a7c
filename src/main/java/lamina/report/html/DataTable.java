package lamina.report.html;

import java.util.List;

/** A table, for those who do not see a picture or want its figures. */
final class DataTable {
  private DataTable() {}

  /**
   * A table whose first row and first column are headings.
   *
   * @param caption what it shows
   */
  static String of(String caption, List<String[]> rows) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"group\"");
    html.append(" aria-label=\"" + Html.escaped(caption) + "\"><table><caption>");
    html.append(Html.escaped(caption)).append("</caption>\n");
    for (int i = 0; i < rows.size(); i++) {
      html.append(i == 0 ? "<thead><tr>" : i == 1 ? "<tbody><tr>" : "<tr>");
      String[] row = rows.get(i);
      for (int j = 0; j < row.length; j++) {
        String cell = row[j] == null ? "" : Html.escaped(row[j]);
        if (i == 0) {
          html.append("<th scope=\"col\">").append(cell).append("</th>");
        } else if (j == 0) {
          html.append("<th scope=\"row\">").append(cell).append("</th>");
        } else {
          html.append("<td>").append(cell).append("</td>");
        }
      }
      html.append(i == 0 ? "</tr></thead>\n" : "</tr>\n");
    }
    return html.append(rows.size() > 1 ? "</tbody>" : "").append("</table></div>\n").toString();
  }

  /** The same, hidden until somebody unfolds it. */
  static String folded(String caption, List<String[]> rows) {
    return "<details><summary>As a table</summary>\n" + of(caption, rows) + "</details>\n";
  }
}
