package lamina.check.report;

import java.util.List;
import lamina.check.SuiteResult;

/** The formats of reports. */
public enum Report {
  TEXT("text"),
  TAP("tap"),
  JUNIT("junit"),
  GRADESCOPE("gradescope"),
  JSON("json");

  private final String label;

  Report(String label) {
    this.label = label;
  }

  /** The names on the command line. */
  public static List<String> labels() {
    return java.util.Arrays.stream(values()).map(report -> report.label).toList();
  }

  /** The report of a name. */
  public static Report of(String label) {
    for (Report report : values()) {
      if (report.label.equals(label)) {
        return report;
      }
    }
    throw new IllegalArgumentException(label);
  }

  /**
   * The report of a graded suite.
   *
   * @param hintOnly whether nothing may give a right answer away
   */
  public String write(SuiteResult result, boolean hintOnly) {
    return switch (this) {
      case TEXT -> TextReport.of(result, hintOnly);
      case TAP -> TapReport.of(result, hintOnly);
      case JUNIT -> JUnitReport.of(result, hintOnly);
      case GRADESCOPE -> GradescopeReport.of(result, hintOnly);
      case JSON -> JsonReport.of(result, hintOnly);
    };
  }
}
