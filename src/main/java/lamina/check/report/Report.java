package lamina.check.report;

import java.util.Arrays;
import java.util.List;
import lamina.check.SuiteResult;

/** The formats of reports. */
public enum Report {
  TEXT("text", ".txt"),
  TAP("tap", ".tap"),
  JUNIT("junit", ".xml"),
  GRADESCOPE("gradescope", ".json"),
  JSON("json", ".json");

  private final String label;
  private final String extension;

  Report(String label, String extension) {
    this.label = label;
    this.extension = extension;
  }

  /** The end of the names of its files, {@code .xml}. */
  public String extension() {
    return extension;
  }

  /** The names on the command line. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(report -> report.label).toList();
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
