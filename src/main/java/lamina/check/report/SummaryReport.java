package lamina.check.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.check.CaseResult;
import lamina.check.Suite;
import lamina.check.SuiteResult;

/**
 * What a class got, as CSV: a row a submission with its points for each case, and last of all the
 * mistakes that were made in each case, the most common first.
 */
public final class SummaryReport {
  private static final String MISTAKES = "common mistakes";

  private SummaryReport() {}

  /** The summary of all submissions, in their order. */
  public static String of(Suite suite, List<SuiteResult> results) {
    StringBuilder csv = new StringBuilder();
    List<String> head = new ArrayList<>(List.of("submission", "points", "max_points", "passed"));
    suite.cases().forEach(each -> head.add(each.name()));
    line(head, csv);
    for (SuiteResult result : results) {
      List<String> row = new ArrayList<>();
      row.add(result.submission());
      row.add(result.points().toPlainString());
      row.add(suite.points().toPlainString());
      row.add(Long.toString(result.count(CaseResult.Status.PASSED)));
      result.cases().forEach(each -> row.add(each.points().toPlainString()));
      line(row, csv);
    }
    List<String> last = new ArrayList<>(List.of(MISTAKES, "", "", ""));
    for (int i = 0; i < suite.cases().size(); i++) {
      last.add(mistakes(i, results));
    }
    line(last, csv);
    return csv.toString();
  }

  /** The mistakes of a case with their numbers, the most common first. */
  private static String mistakes(int index, List<SuiteResult> results) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (SuiteResult result : results) {
      CaseResult each = result.cases().get(index);
      if (each.mistake() != null) {
        counts.merge(each.mistake().id(), 1, Integer::sum);
      }
    }
    List<Map.Entry<String, Integer>> sorted = new ArrayList<>(counts.entrySet());
    sorted.sort(Map.Entry.<String, Integer>comparingByValue().reversed());
    List<String> texts = new ArrayList<>();
    sorted.forEach(entry -> texts.add(entry.getKey() + " " + entry.getValue()));
    return String.join("; ", texts);
  }

  private static void line(List<String> fields, StringBuilder csv) {
    String separator = "";
    for (String field : fields) {
      boolean quoted = field.matches("(?s).*[\",;\r\n].*");
      csv.append(separator);
      csv.append(quoted ? "\"" + field.replace("\"", "\"\"") + "\"" : field);
      separator = ",";
    }
    csv.append('\n');
  }
}
