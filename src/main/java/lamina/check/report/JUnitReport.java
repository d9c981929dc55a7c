package lamina.check.report;

import lamina.check.CaseResult;
import lamina.check.CaseResult.Status;
import lamina.check.SuiteResult;

/** A report in the XML of JUnit's Ant task, which CI servers read. */
final class JUnitReport {
  private JUnitReport() {}

  static String of(SuiteResult result, boolean hintOnly) {
    String suite = result.suite().title();
    String name = result.submission() == null ? suite : suite + ": " + result.submission();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    String counts =
        " name=\""
            + escaped(name)
            + "\" tests=\""
            + result.cases().size()
            + "\" failures=\""
            + result.count(Status.FAILED)
            + "\" errors=\""
            + result.count(Status.ERROR);
    String time = "\" time=\"" + CaseText.seconds(result.time());
    xml.append("<testsuites").append(counts).append(time).append("\">\n");
    xml.append("  <testsuite").append(counts).append("\" skipped=\"");
    xml.append(result.count(Status.SKIPPED)).append(time).append("\">\n");
    for (CaseResult each : result.cases()) {
      xml.append("    <testcase name=\"").append(escaped(each.suiteCase().name()));
      xml.append("\" classname=\"").append(escaped(name));
      xml.append("\" time=\"").append(CaseText.seconds(each.time())).append('"');
      String content = content(each, hintOnly);
      xml.append(content.isEmpty() ? "/>\n" : ">\n" + content + "    </testcase>\n");
    }
    return xml.append("  </testsuite>\n</testsuites>\n").toString();
  }

  private static String content(CaseResult result, boolean hintOnly) {
    if (result.passed()) {
      return "";
    }
    String message = escaped(CaseText.lines(result, hintOnly).get(0));
    if (result.status() == Status.SKIPPED) {
      return "      <skipped message=\"" + message + "\"/>\n";
    }
    String element = result.status() == Status.FAILED ? "failure" : "error";
    String type = result.mistake() == null ? element : result.mistake().id();
    String all = String.join("\n", CaseText.lines(result, hintOnly));
    return "      <"
        + element
        + " message=\""
        + message
        + "\" type=\""
        + type
        + "\">"
        + escaped(all)
        + "</"
        + element
        + ">\n";
  }

  /** A text in XML 1.0, without the characters that it cannot hold. */
  private static String escaped(String text) {
    StringBuilder xml = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                default -> {
                  boolean allowed =
                      c == '\n' || (c >= ' ' && c < 0xd800) || (c >= 0xe000 && c < 0xfffe);
                  xml.appendCodePoint(allowed || c >= 0x10000 ? c : 0xfffd);
                }
              }
            });
    return xml.toString();
  }
}
