package lamina.check.report;

import lamina.check.CaseResult;
import lamina.check.SuiteResult;
import lamina.format.JsonOutput;

/**
 * Gradescope's results.json, as its documentation of autograders describes it under "Output
 * Format".
 */
final class GradescopeReport {
  private GradescopeReport() {}

  static String of(SuiteResult result, boolean hintOnly) {
    return JsonOutput.text(
            json -> {
              json.startObject();
              json.name("score");
              json.number(result.points().doubleValue());
              json.name("execution_time");
              json.number(CaseText.seconds(result.time()));
              json.name("output_format");
              json.string("text");
              json.name("test_output_format");
              json.string("text");
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
                json.endObject();
              }
              json.endArray();
              json.endObject();
            })
        + "\n";
  }
}
