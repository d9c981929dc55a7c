package lamina.cli.option;

/** Which shape a result is to have, and whether the exit code alone tells of it. */
public final class ExpectedShapeOptions extends OptionGroup {
  private final TextOption shape =
      noAnswer(
          text("SHAPE", "exit with 1 unless the result has this shape, e.g. 2x2", "--expect-shape"),
          COMPARES);

  private final QuietOptions quiet = include(new QuietOptions());

  /** The shape that the result is to have. */
  public TextOption shape() {
    return shape;
  }

  /** The option that silences. */
  public Option quiet() {
    return quiet.option();
  }

  /** Whether only errors and the exit code tell of what happened. */
  public boolean isQuiet() {
    return quiet.isQuiet();
  }
}
