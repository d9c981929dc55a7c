package lamina.cli.option;

import java.util.Arrays;
import lamina.check.Comparison;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.tensor.Tensor;

/** What {@code --expect} and {@code --expect-shape} ask of a result. */
public final class Expectation {
  private final Tensor tensor;
  private final int[] shape;
  private final double rtol;
  private final double atol;
  private final boolean quiet;

  public Expectation(Arguments arguments, TensorInputs inputs) {
    String expected = arguments.text("--expect");
    this.tensor = expected == null ? null : inputs.read("--expect", expected);
    String expectedShape = arguments.text("--expect-shape");
    this.shape = expectedShape == null ? null : Sizes.parse("--expect-shape", expectedShape);
    this.rtol = tolerance(arguments, "--rtol", 1e-5);
    this.atol = tolerance(arguments, "--atol", 1e-8);
    this.quiet = arguments.has("--quiet");
  }

  /** A tolerance, from 0 on. */
  public static double tolerance(Arguments arguments, String option, double otherwise) {
    double value = arguments.number(option, otherwise);
    if (value < 0) {
      throw new UsageException(option + " takes a number from 0 on, not '" + value + "'");
    }
    return value;
  }

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
   * Tells a difference on stderr, unless --quiet was given.
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
