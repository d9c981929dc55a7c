package lamina.check;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/**
 * What became of a suite.
 *
 * @param submission the name of the folder that was graded, or null if there is but one
 */
public record SuiteResult(Suite suite, String submission, List<CaseResult> cases, Duration time) {
  /** The points of all cases: the sum of what is shown for each. */
  public BigDecimal points() {
    return cases.stream()
        .map(CaseResult::points)
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .stripTrailingZeros();
  }

  /** How many cases ended so. */
  public long count(CaseResult.Status status) {
    return cases.stream().filter(result -> result.status() == status).count();
  }

  /** Whether all cases passed. */
  public boolean passed() {
    return count(CaseResult.Status.PASSED) == cases.size();
  }
}
