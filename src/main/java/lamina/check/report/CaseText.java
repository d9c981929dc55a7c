package lamina.check.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lamina.check.CaseResult;
import lamina.check.CaseResult.Status;
import lamina.check.SuiteResult;

/** What reports say of a case, line by line. */
final class CaseText {
  private static final int LONG_LINE = 500;
  private static final int STDERR_LINES = 10;

  private CaseText() {}

  /**
   * What is wrong, which mistake explains it, and the suite's hint.
   *
   * @param hintOnly whether nothing may give the right answer away
   */
  static List<String> lines(CaseResult result, boolean hintOnly) {
    List<String> lines = new ArrayList<>();
    boolean failed = result.status() == Status.FAILED;
    if (result.message() != null && !(hintOnly && failed)) {
      lines.add(line(result.message()));
    }
    if (hintOnly && failed) {
      lines.add("the answer is wrong");
    }
    if (result.mistake() != null) {
      lines.add(hintOnly ? result.mistake().hint() : result.mistake().text());
    }
    if (result.suiteCase().hint() != null
        && !result.passed()
        && result.status() != Status.SKIPPED) {
      lines.add("hint: " + line(result.suiteCase().hint()));
    }
    if (result.stderr() != null && !result.stderr().isBlank() && !result.passed()) {
      List<String> said = result.stderr().strip().lines().toList();
      for (String text : said.subList(Math.max(0, said.size() - STDERR_LINES), said.size())) {
        lines.add("stderr: " + line(text));
      }
    }
    return lines;
  }

  /** One line without control characters, however long and whatever a program printed. */
  static String line(String text) {
    String shown = text.length() > LONG_LINE ? text.substring(0, LONG_LINE) + "..." : text;
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      plain.append(Character.isWhitespace(c) ? ' ' : Character.isISOControl(c) ? '\ufffd' : c);
    }
    return plain.toString();
  }

  /** How many cases passed, {@code 9 of 11 cases passed}. */
  static String passed(SuiteResult result) {
    return result.count(Status.PASSED) + " of " + result.cases().size() + " cases passed";
  }

  /** Seconds to the millisecond. */
  static double seconds(Duration time) {
    return Math.round(time.toNanos() / 1e6) / 1e3;
  }
}
