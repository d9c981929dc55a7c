package lamina.cli.command;

import java.io.IOException;
import lamina.check.CommandRunner;
import lamina.check.report.Report;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.format.TensorArgument;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina check}: one answer, a suite of cases, or the start of a suite. */
public final class CheckCommand implements Command {
  private static final String[] OF_ANSWER = {"--expect", "--command", "--rtol", "--atol"};
  private static final String[] OF_SUITE = {"--submissions", "--report", "--output", "--exit-zero"};

  private final CommandRunner commands;

  /**
   * @param commands runs the commands that give right answers
   */
  public CheckCommand(CommandRunner commands) {
    this.commands = commands;
  }

  @Override
  public void define(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
            "ANSWER | SUITE",
            "0..1",
            "with --expect or --command an answer: a file of tensors or of words, a literal, or -"
                + " for standard input; else a suite, .json or .yaml"));
    spec.addOption(
        CommonOptions.value("TENSOR", "the right answer: a file or a literal", "--expect").build());
    spec.addOption(
        CommonOptions.value(
                "LINE", "the command of lamina that gives the right answer, in quotes", "--command")
            .build());
    spec.addOption(CommonOptions.value("R", "relative tolerance; default 1e-5", "--rtol").build());
    spec.addOption(CommonOptions.value("A", "absolute tolerance; default 1e-8", "--atol").build());
    spec.addOption(
        CommonOptions.value(
                "DIR",
                "the folder of a submission, or of a class with a folder each; default: the suite's"
                    + " folder",
                "--submissions")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "FORMAT", Report.labels(), String.join(", ", Report.labels()), "--report")
            .build());
    spec.addOption(
        CommonOptions.value(
                "FILE",
                "write the report to FILE; for a class FILE is a folder for the reports and"
                    + " summary.csv, and without it the summary is printed",
                "-o",
                "--output")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "say what kind of mistake was made, and nothing of the right answer", "--hint-only")
            .build());
    spec.addOption(CommonOptions.flag("end with 0 even if a case failed", "--exit-zero").build());
    spec.addOption(
        CommonOptions.flag(
                "write a suite to start from: to SUITE, or in JSON to standard output", "--init")
            .build());
    spec.addOption(
        CommonOptions.flag("print the JSON schema of suites, for editors", "--schema").build());
    spec.addOption(
        CommonOptions.flag("print nothing: the exit code tells", "-q", "--quiet").build());
    Command.examples(
        spec,
        "  One answer:",
        "    lamina check answer.json --expect want.npy",
        "    lamina check '[[1.6,2.59],[1.51,1.91]]' \\",
        "      --command 'conv image.csv -k kernel.json'",
        "  A suite, and one to start from:",
        "    lamina check suite.json --submissions alpha",
        "    lamina check suite.json --submissions class -o reports --report junit",
        "    lamina check suite.yaml --init");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    if (arguments.positionals().size() > 1) {
      throw new UsageException("unexpected argument '" + arguments.positional(1) + "'");
    }
    if (arguments.has("--init") || arguments.has("--schema")) {
      return SuiteStart.write(arguments, io);
    }
    if (arguments.positionals().isEmpty()) {
      throw new UsageException("ANSWER or SUITE is missing", arguments.usage());
    }
    String given = arguments.positional(0);
    boolean single = arguments.has("--expect") || arguments.has("--command");
    if (!single && (given.equals("-") || TensorArgument.parse(given).isLiteral())) {
      throw new UsageException("an answer needs --expect TENSOR or --command LINE");
    }
    for (String option : single ? OF_SUITE : OF_ANSWER) {
      if (arguments.has(option)) {
        throw new UsageException(
            option
                + (single
                    ? " goes with a suite, not with --expect or --command"
                    : " goes with one answer and --expect or --command; a suite says it itself"));
      }
    }
    return single
        ? AnswerCheck.run(arguments, commands, io)
        : SuiteCheck.run(arguments, commands, io);
  }
}
