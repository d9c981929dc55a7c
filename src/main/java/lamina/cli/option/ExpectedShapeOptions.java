package lamina.cli.option;

/** Which shape a result is to have, and whether the exit code alone tells of it. */
public final class ExpectedShapeOptions extends OptionGroup {
  private final TextOption shape =
      text("SHAPE", "exit with 1 unless the result has this shape, e.g. 2x2", "--expect-shape");

  private final FlagOption quiet = keep(newQuiet());

  /** That only errors and the exit code tell of what happened. */
  static FlagOption newQuiet() {
    return new FlagOption(
        "no result on stdout, no remarks and no difference on stderr: the exit code tells",
        "-q",
        "--quiet");
  }

  /** The shape that the result is to have. */
  public TextOption shape() {
    return shape;
  }

  /** The option that silences. */
  public Option quiet() {
    return quiet;
  }

  /** Whether only errors and the exit code tell of what happened. */
  public boolean isQuiet() {
    return quiet.isGiven();
  }
}
