package lamina.check.report;

import java.io.IOException;
import lamina.check.CaseResult;
import lamina.check.CaseResult.Status;
import lamina.check.MemberCheck;
import lamina.check.SuiteResult;
import lamina.format.JsonOutput;

/** A report with everything that is known, as JSON. */
final class JsonReport {
  private JsonReport() {}

  static String of(SuiteResult result, boolean hintOnly) {
    return JsonOutput.text(
            json -> {
              json.startObject();
              text("title", result.suite().title(), json);
              text("submission", result.submission(), json);
              for (Status status : Status.values()) {
                json.name(status == Status.ERROR ? "errors" : status.label());
                json.number(result.count(status));
              }
              json.name("points");
              json.number(result.points().doubleValue());
              json.name("max_points");
              json.number(result.suite().points().doubleValue());
              json.name("seconds");
              json.number(CaseText.seconds(result.time()));
              json.name("cases");
              json.startArray();
              for (CaseResult each : result.cases()) {
                write(each, hintOnly, json);
              }
              json.endArray();
              json.endObject();
            })
        + "\n";
  }

  private static void write(CaseResult result, boolean hintOnly, JsonOutput json)
      throws IOException {
    boolean hidden = hintOnly && result.status() == Status.FAILED;
    json.startObject();
    text("name", result.suiteCase().name(), json);
    text("status", result.status().label(), json);
    json.name("points");
    json.number(result.points().doubleValue());
    json.name("max_points");
    json.number(result.suiteCase().points().doubleValue());
    json.name("seconds");
    json.number(CaseText.seconds(result.time()));
    text("message", hidden ? null : result.message(), json);
    if (result.mistake() != null) {
      json.name("mistake");
      json.startObject();
      text("id", result.mistake().id(), json);
      text("text", hintOnly ? null : result.mistake().text(), json);
      text("hint", result.mistake().hint(), json);
      json.endObject();
    }
    text("hint", result.passed() ? null : result.suiteCase().hint(), json);
    text("stderr", result.stderr(), json);
    json.name("members");
    json.startArray();
    for (MemberCheck check : result.checks()) {
      json.startObject();
      text("name", check.name(), json);
      json.name("right");
      json.number(check.right());
      json.name("elements");
      json.number(check.elements());
      text("difference", hidden ? null : check.difference(), json);
      json.endObject();
    }
    json.endArray();
    json.endObject();
  }

  /** A member that is left out if there is no text. */
  private static void text(String name, String value, JsonOutput json) throws IOException {
    if (value != null && !value.isEmpty()) {
      json.name(name);
      json.string(value);
    }
  }
}
