package lamina.cli.option;

import java.util.Arrays;
import lamina.check.Comparison;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.tensor.Tensor;

/**
 * What {@code --expect} and {@code --expect-shape} ask of a result.
 *
 * @param tensor the result, or null
 * @param shape its shape, or null
 * @param rtol the relative tolerance
 * @param atol the absolute tolerance
 * @param quiet whether a difference is told by the exit code alone
 */
public record Expectation(Tensor tensor, int[] shape, double rtol, double atol, boolean quiet) {
  /** How the result differs; null if nothing was expected or it does not differ. */
  public Comparison compare(Tensor result) {
    if (tensor == null && shape == null) {
      return null;
    }
    if (result == null) {
      throw new UsageException("--expect and --expect-shape need a result that is a tensor");
    }
    if (shape != null && !Arrays.equals(result.shape(), shape)) {
      return Comparison.ofShapes(result.shape(), shape);
    }
    return tensor == null ? null : Comparison.of(result, tensor, rtol, atol);
  }

  /**
   * Tells a difference on stderr.
   *
   * @return the exit code
   */
  public int report(Comparison comparison, String where, Io io) {
    if (comparison == null || comparison.matches()) {
      return ExitCode.OK;
    }
    if (!quiet) {
      io.tell(where + ": " + comparison.description());
    }
    return ExitCode.CHECK_FAILED;
  }
}
