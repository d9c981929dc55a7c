package lamina.check.report;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import lamina.check.CaseResult;
import lamina.check.CaseResult.Status;
import lamina.check.SuiteResult;

/**
 * A report in the XML of JUnit's Ant task, which CI servers read. It is valid by both schemas that
 * are in use: that of Ant's format by Windy Road, which wants more, and Jenkins's junit-10.
 */
final class JUnitReport {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

  private JUnitReport() {}

  static String of(SuiteResult result, boolean hintOnly) {
    String title = result.suite().title().isBlank() ? "lamina check" : result.suite().title();
    String name =
        CaseText.line(result.submission() == null ? title : title + ": " + result.submission());
    LocalDateTime start =
        LocalDateTime.ofInstant(Instant.now().minus(result.time()), ZoneOffset.UTC);
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites>\n  <testsuite");
    attribute("name", name, xml);
    attribute("package", "", xml);
    attribute("id", "0", xml);
    attribute("timestamp", SECOND.format(start), xml);
    // The name of the machine is nobody's business.
    attribute("hostname", "localhost", xml);
    attribute("tests", result.cases().size(), xml);
    attribute("failures", result.count(Status.FAILED), xml);
    attribute("errors", result.count(Status.ERROR), xml);
    attribute("skipped", result.count(Status.SKIPPED), xml);
    attribute("time", CaseText.seconds(result.time()), xml);
    xml.append(">\n    <properties>\n");
    property("points", result.points().toPlainString(), xml);
    property("max_points", result.suite().points().toPlainString(), xml);
    xml.append("    </properties>\n");
    for (CaseResult each : result.cases()) {
      xml.append("    <testcase");
      attribute("name", CaseText.line(each.suiteCase().name()), xml);
      attribute("classname", name, xml);
      attribute("time", CaseText.seconds(each.time()), xml);
      String content = content(each, hintOnly);
      xml.append(content.isEmpty() ? "/>\n" : ">\n" + content + "    </testcase>\n");
    }
    xml.append("    <system-out/>\n    <system-err/>\n");
    return xml.append("  </testsuite>\n</testsuites>\n").toString();
  }

  private static void property(String name, String value, StringBuilder xml) {
    xml.append("      <property");
    attribute("name", name, xml);
    attribute("value", value, xml);
    xml.append("/>\n");
  }

  private static void attribute(String name, Object value, StringBuilder xml) {
    xml.append(' ').append(name).append("=\"").append(escaped(value.toString())).append('"');
  }

  private static String content(CaseResult result, boolean hintOnly) {
    if (result.passed()) {
      return "";
    }
    StringBuilder xml = new StringBuilder("      <");
    String message = CaseText.lines(result, hintOnly).get(0);
    if (result.status() == Status.SKIPPED) {
      // Not as an attribute: some schemas have a plain text here, and servers read that.
      return xml.append("skipped>").append(escaped(message)).append("</skipped>\n").toString();
    }
    String element = result.status() == Status.FAILED ? "failure" : "error";
    xml.append(element);
    attribute("message", message, xml);
    attribute("type", result.mistake() == null ? element : result.mistake().id(), xml);
    String all = String.join("\n", CaseText.lines(result, hintOnly));
    return xml.append('>').append(escaped(all)).append("</" + element + ">\n").toString();
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
