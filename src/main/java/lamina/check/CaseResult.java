package lamina.check;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/**
 * What became of a case.
 *
 * @param points those that the answer gets
 * @param checks how its members fit; empty if it came to no comparison
 * @param message one line that says what is wrong, null if nothing is
 * @param mistake the well-known mistake that explains a wrong answer, or null
 * @param stderr what the program said on standard error, or null
 */
public record CaseResult(
    SuiteCase suiteCase,
    Status status,
    BigDecimal points,
    List<MemberCheck> checks,
    String message,
    Mistake mistake,
    Duration time,
    String stderr) {
  /** How a case ended. */
  public enum Status {
    PASSED,
    FAILED,
    /** A case that it needs was not passed. */
    SKIPPED,
    /** There was no answer to compare. */
    ERROR;

    /** The word in reports. */
    public String label() {
      return switch (this) {
        case PASSED -> "passed";
        case FAILED -> "failed";
        case SKIPPED -> "skipped";
        case ERROR -> "error";
      };
    }
  }

  /** A case that came to no comparison. */
  static CaseResult without(
      SuiteCase of, Status status, String message, Duration time, String stderr) {
    return new CaseResult(of, status, BigDecimal.ZERO, List.of(), message, null, time, stderr);
  }

  /** Whether the answer is right. */
  public boolean passed() {
    return status == Status.PASSED;
  }
}
