package lamina.cli.option;

/** Whether only errors and the exit code tell of what happened. */
public final class QuietOptions extends OptionGroup {
  private final FlagOption quiet =
      noAnswer(
          flag(
              "no result on stdout, no remarks and no difference on stderr: the exit code tells",
              "-q",
              "--quiet"),
          PRINTS);

  /** The option itself. */
  Option option() {
    return quiet;
  }

  /** Whether it was given. */
  public boolean isQuiet() {
    return quiet.isGiven();
  }
}
