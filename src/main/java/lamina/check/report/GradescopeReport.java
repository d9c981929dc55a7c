package lamina.check.report;

import java.util.List;
import lamina.check.CaseResult;
import lamina.check.SuiteResult;
import lamina.format.JsonOutput;

/**
 * Gradescope's results.json, as its documentation of autograders describes it under "Output
 * Format".
 */
final class GradescopeReport {
  private static final List<String> FORMATS =
      List.of("output_format", "test_output_format", "test_name_format");

  private GradescopeReport() {}

  static String of(SuiteResult result, boolean hintOnly) {
    return JsonOutput.text(
            json -> {
              json.startObject();
              json.name("score");
              json.number(result.points().doubleValue());
              json.name("execution_time");
              json.number(CaseText.seconds(result.time()));
              json.name("output");
              json.string(CaseText.passed(result));
              // Names and messages may hold what students wrote: none of it is markup.
              for (String format : FORMATS) {
                json.name(format);
                json.string("text");
              }
              json.name("tests");
              json.startArray();
              int number = 0;
              for (CaseResult each : result.cases()) {
                json.startObject();
                json.name("name");
                json.string(CaseText.line(each.suiteCase().name()));
                json.name("number");
                json.string(Integer.toString(++number));
                json.name("score");
                json.number(each.points().doubleValue());
                json.name("max_score");
                json.number(each.suiteCase().points().doubleValue());
                json.name("status");
                json.string(each.passed() ? "passed" : "failed");
                json.name("output");
                json.string(String.join("\n", CaseText.lines(each, hintOnly)));
                if (each.mistake() != null) {
                  json.name("tags");
                  json.startArray();
                  json.string(each.mistake().id());
                  json.endArray();
                }
                json.endObject();
              }
              json.endArray();
              json.endObject();
            })
        + "\n";
  }
}
