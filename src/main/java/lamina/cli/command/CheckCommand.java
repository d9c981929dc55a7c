package lamina.cli.command;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import lamina.check.Answer;
import lamina.check.AnswerFile;
import lamina.check.MemberCheck;
import lamina.check.ShellWords;
import lamina.cli.Command;
import lamina.cli.Help;
import lamina.cli.InProcess;
import lamina.cli.Io;
import lamina.cli.Program;
import lamina.cli.UsageException;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.Expectation;
import lamina.cli.option.TensorInputs;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina check}: compares answers with what was to be answered. */
public final class CheckCommand implements Command {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public void define(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
            "ANSWER",
            "1",
            "the answer: a file of tensors or of words, a literal, or - for standard input"));
    spec.addOption(
        CommonOptions.value("TENSOR", "the right answer: a file or a literal", "--expect").build());
    spec.addOption(
        CommonOptions.value(
                "LINE", "the command of lamina that gives the right answer, in quotes", "--command")
            .build());
    spec.addOption(CommonOptions.value("R", "relative tolerance; default 1e-5", "--rtol").build());
    spec.addOption(CommonOptions.value("A", "absolute tolerance; default 1e-8", "--atol").build());
    spec.addOption(
        CommonOptions.flag("print nothing: the exit code tells", "-q", "--quiet").build());
    Help.examples(
        spec,
        "  lamina check answer.json --expect want.npy",
        "  lamina check '[[1.6,2.59],[1.51,1.91]]' \\",
        "    --command 'conv image.csv -k kernel.json'");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    if (arguments.positionals().size() != 1) {
      throw new UsageException("one ANSWER is needed", arguments.usage());
    }
    if (arguments.has("--expect") == arguments.has("--command")) {
      throw new UsageException("either --expect TENSOR or --command LINE is needed");
    }
    double rtol = Expectation.tolerance(arguments, "--rtol", 1e-5);
    double atol = Expectation.tolerance(arguments, "--atol", 1e-8);
    TensorInputs inputs = new TensorInputs(arguments, io);
    String given = arguments.positional(0);
    if (given.equals("-")) {
      inputs.claimStandardInput("ANSWER");
    }
    Answer expected = expected(arguments, inputs, io);
    Answer answer = AnswerFile.ofArgument(given, inputs.options());
    List<MemberCheck> checks = MemberCheck.compare(answer, expected, rtol, atol);
    boolean right = checks.stream().allMatch(MemberCheck::matches);
    if (!arguments.has("--quiet")) {
      Program.print(io, text(checks));
    }
    return right ? Program.OK : Program.CHECK_FAILED;
  }

  private static Answer expected(Arguments arguments, TensorInputs inputs, Io io) {
    String expect = arguments.text("--expect");
    if (expect != null) {
      if (expect.equals("-")) {
        inputs.claimStandardInput("--expect");
      }
      return AnswerFile.ofArgument(expect, inputs.options());
    }
    List<String> words = ShellWords.of(arguments.text("--command"));
    if (words.isEmpty()) {
      throw new InputException("--command is empty");
    }
    return new InProcess().run(words, io.directory(), LIMIT).answer("--command");
  }

  /** What is right and what is not, a line a member. */
  private static String text(List<MemberCheck> checks) {
    StringBuilder text = new StringBuilder();
    for (MemberCheck check : checks) {
      String name = checks.size() == 1 ? "" : check.name() + ": ";
      text.append(check.matches() ? "right" : "wrong").append(": ").append(name);
      if (check.matches()) {
        text.append(
            check.elements() == 1 ? "it equals" : "all " + check.elements() + " elements equal");
        text.append(" the expected");
      } else {
        text.append(check.difference());
      }
      text.append('\n');
    }
    return text.toString();
  }
}
