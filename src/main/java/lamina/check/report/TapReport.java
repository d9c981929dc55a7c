package lamina.check.report;

import java.util.List;
import lamina.check.CaseResult;
import lamina.check.CaseResult.Status;
import lamina.check.SuiteResult;
import lamina.format.JsonOutput;

/** A report in TAP 14, the Test Anything Protocol (testanything.org). */
final class TapReport {
  private TapReport() {}

  static String of(SuiteResult result, boolean hintOnly) {
    StringBuilder text = new StringBuilder("TAP version 14\n1..");
    text.append(result.cases().size()).append('\n');
    int number = 0;
    for (CaseResult each : result.cases()) {
      boolean ok = each.passed() || each.status() == Status.SKIPPED;
      text.append(ok ? "ok " : "not ok ").append(++number);
      text.append(" - ").append(escaped(CaseText.line(each.suiteCase().name())));
      List<String> lines = CaseText.lines(each, hintOnly);
      if (each.status() == Status.SKIPPED) {
        text.append(" # SKIP ").append(escaped(CaseText.line(each.message()))).append('\n');
        continue;
      }
      text.append("\n  ---\n");
      text.append("  points: ").append(each.points().toPlainString()).append('\n');
      text.append("  max_points: ").append(each.suiteCase().points().toPlainString()).append('\n');
      text.append("  duration_ms: ").append(each.time().toNanos() / 1_000_000.0).append('\n');
      if (!lines.isEmpty()) {
        // A string of JSON is one of YAML too.
        text.append("  message: ")
            .append(JsonOutput.text(json -> json.string(String.join("\n", lines))))
            .append('\n');
      }
      text.append("  ...\n");
    }
    return text.toString();
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("#", "\\#");
  }
}
