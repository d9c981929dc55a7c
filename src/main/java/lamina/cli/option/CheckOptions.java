package lamina.cli.option;

import java.util.List;
import lamina.check.report.Report;

/** What {@code lamina check} compares with, and how it reports. */
public final class CheckOptions extends OptionGroup {
  private final TextOption expect =
      text("TENSOR", "the right answer: a file or a literal", "--expect");

  private final TextOption command =
      text("LINE", "the command of lamina that gives the right answer, in quotes", "--command");

  private final ToleranceOptions tolerance = include(new ToleranceOptions());

  private final TextOption submissions =
      text(
          "DIR",
          "the folder of a submission, or of a class with a folder each; default: the suite's"
              + " folder",
          "--submissions");

  private final ChoiceOption report =
      choice("FORMAT", Report.labels(), "text", String.join(", ", Report.labels()), "--report");

  private final TextOption output =
      text(
          "FILE",
          "write the report to FILE; for a class FILE is a folder for the reports and"
              + " summary.csv, and without it the summary is printed",
          "-o",
          "--output");

  private final FlagOption hintOnly =
      flag("say what kind of mistake was made, and nothing of the right answer", "--hint-only");

  private final FlagOption exitZero = flag("end with 0 even if a case failed", "--exit-zero");

  private final FlagOption init =
      flag("write a suite to start from: to SUITE, or in JSON to standard output", "--init");

  private final FlagOption schema =
      flag("print the JSON schema of suites, for editors", "--schema");

  private final FlagOption quiet = flag("print nothing: the exit code tells", "-q", "--quiet");

  /** The right answer. */
  public TextOption expect() {
    return expect;
  }

  /** The command that gives the right answer. */
  public TextOption command() {
    return command;
  }

  /** How far a number may be from the right one. */
  public ToleranceOptions tolerance() {
    return tolerance;
  }

  /** The folder of a submission or a class, or null. */
  public String submissions() {
    return submissions.text();
  }

  /** The form of the report. */
  public ChoiceOption report() {
    return report;
  }

  /** The file or folder to write, or null. */
  public String output() {
    return output.text();
  }

  /** Whether nothing is said of the right answer. */
  public boolean isHintOnly() {
    return hintOnly.isGiven();
  }

  /** Whether a case that failed does not count. */
  public boolean isExitZero() {
    return exitZero.isGiven();
  }

  /** Whether a suite to start from is wanted. */
  public boolean isInit() {
    return init.isGiven();
  }

  /** Whether the schema of suites is wanted. */
  public boolean isSchema() {
    return schema.isGiven();
  }

  /** Whether nothing is printed. */
  public boolean isQuiet() {
    return quiet.isGiven();
  }

  /** Whether one answer is checked, rather than a suite. */
  public boolean isSingle() {
    return expect.isGiven() || command.isGiven();
  }

  /**
   * Refuses options of a suite beside one answer, and the other way round.
   *
   * @throws UsageException if there is such an option
   */
  public void refuseOthers() {
    List<Option> others =
        isSingle()
            ? List.of(submissions, report, output, exitZero)
            : List.of(tolerance.relativeOption(), tolerance.absoluteOption());
    for (Option option : others) {
      if (option.isGiven()) {
        throw new UsageException(
            option.name()
                + (isSingle()
                    ? " goes with a suite, not with --expect or --command"
                    : " goes with one answer and --expect or --command; a suite says it itself"));
      }
    }
  }
}
