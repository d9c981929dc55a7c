package lamina.cli.option;

import java.util.List;
import lamina.tensor.Tensor;

/** What a result is compared with. */
public final class ExpectationOptions extends OptionGroup {
  private final TextOption tensor =
      noAnswer(text("TENSOR", "exit with 1 unless the result equals TENSOR", "--expect"), COMPARES);

  private final ToleranceOptions tolerance = include(new ToleranceOptions());
  private final ExpectedShapeOptions shape = include(new ExpectedShapeOptions());

  /** The options of what is expected and of quiet, without those of tolerance. */
  public List<Option> all() {
    return List.of(tensor, shape.shape(), shape.quiet());
  }

  /** How far a number may be from the expected one. */
  public ToleranceOptions tolerance() {
    return tolerance;
  }

  /** Whether only errors and the exit code tell of what happened. */
  public boolean isQuiet() {
    return shape.isQuiet();
  }

  /** Reads what is expected. */
  public Expectation read(TensorInputs inputs) {
    Tensor expected = inputs.read(tensor);
    int[] expectedShape =
        shape.shape().isGiven() ? Sizes.parse(shape.shape().name(), shape.shape().text()) : null;
    return new Expectation(
        expected, expectedShape, tolerance.relative(), tolerance.absolute(), isQuiet());
  }
}
