package lamina.check;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;

/**
 * Questions with their right answers and points.
 *
 * @param directory what the paths of commands are relative to
 */
public record Suite(String title, Path directory, List<SuiteCase> cases) {
  /** The most points that can be had. */
  public BigDecimal points() {
    return cases.stream()
        .map(SuiteCase::points)
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .stripTrailingZeros();
  }
}
