package lamina.cli.option;

/** Whether a command is a filter over JSON Lines. */
public final class EachOptions extends OptionGroup {
  private final FlagOption each =
      noAnswer(
          flag("apply to each line of JSON Lines (implied by a .jsonl input)", "--each"),
          "which gives an answer for each line");

  private final FlagOption keepGoing =
      flag("with --each: answer a bad line with {\"error\": ...} and go on", "--keep-going");

  /** Apply to each line of the input. */
  public FlagOption each() {
    return each;
  }

  /** Answer a bad line with an error, and go on. */
  public FlagOption keepGoing() {
    return keepGoing;
  }
}
