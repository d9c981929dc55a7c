package lamina.check.report;

import java.util.ArrayList;
import java.util.List;
import lamina.check.CaseResult;
import lamina.check.SuiteResult;

/** A report for people: a line a case, what is wrong below it, the sums at the end. */
final class TextReport {
  private TextReport() {}

  static String of(SuiteResult result, boolean hintOnly) {
    String title = result.suite().title();
    String name = result.submission() == null ? title : title + ": " + result.submission();
    StringBuilder text = new StringBuilder(CaseText.line(name)).append("\n\n");
    List<String> points = new ArrayList<>();
    int width = 0;
    for (CaseResult each : result.cases()) {
      String of = each.points().toPlainString() + "/" + each.suiteCase().points().toPlainString();
      points.add(of);
      width = Math.max(width, of.length());
    }
    for (int i = 0; i < points.size(); i++) {
      CaseResult each = result.cases().get(i);
      String label = each.status().label();
      text.append(label).append(" ".repeat(9 - label.length()));
      text.append(" ".repeat(width - points.get(i).length())).append(points.get(i));
      text.append("  ").append(CaseText.line(each.suiteCase().name())).append('\n');
      for (String line : CaseText.lines(each, hintOnly)) {
        text.append(" ".repeat(11 + width)).append(line).append('\n');
      }
    }
    text.append('\n')
        .append(CaseText.passed(result))
        .append(", ")
        .append(result.points().toPlainString())
        .append(" of ");
    text.append(result.suite().points().toPlainString()).append(" points\n");
    return text.toString();
  }
}
