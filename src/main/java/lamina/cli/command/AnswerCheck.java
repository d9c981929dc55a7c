package lamina.cli.command;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import lamina.check.Answer;
import lamina.check.AnswerFile;
import lamina.check.CommandRunner;
import lamina.check.MemberCheck;
import lamina.check.Mistake;
import lamina.check.ShellWords;
import lamina.check.diagnosis.MistakeFinder;
import lamina.cli.option.Arguments;
import lamina.cli.option.CheckOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TensorOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.text.InputException;

/** {@code lamina check ANSWER}: one answer against a stored or a computed one. */
final class AnswerCheck {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final CheckOptions options;
  private final CommandRunner commands;
  private final Io io;

  /**
   * @param commands runs the command that gives the right answer
   */
  AnswerCheck(CheckOptions options, CommandRunner commands, Io io) {
    this.options = options;
    this.commands = commands;
    this.io = io;
  }

  /** Compares the answer that the first argument is or names; gives the exit code. */
  int run(Arguments arguments) throws IOException {
    if (options.expect().isGiven() && options.command().isGiven()) {
      throw new UsageException("either --expect TENSOR or --command LINE, not both");
    }
    double rtol = options.tolerance().relative();
    double atol = options.tolerance().absolute();
    Notes notes = new Notes(io, arguments.command(), options.isQuiet());
    TensorInputs inputs = new TensorInputs(TensorOptions.ofFloat64(), arguments, io, notes);
    String given = arguments.positional(0);
    if (given.equals("-")) {
      inputs.claimStandardInput("ANSWER");
    }
    List<String> words =
        options.command().isGiven() ? ShellWords.of(options.command().text()) : null;
    Answer expected = words == null ? stored(inputs) : computed(words);
    Answer answer = AnswerFile.ofArgument(given, inputs.options());
    expected = words == null ? expected : expected.askedBy(answer);
    List<MemberCheck> checks = MemberCheck.compare(answer, expected, rtol, atol);
    boolean right = checks.stream().allMatch(MemberCheck::matches);
    if (!options.isQuiet()) {
      String text = text(checks, options.isHintOnly());
      Mistake mistake =
          right
              ? null
              : new MistakeFinder(words, expected, commands, io.directory()).of(answer, rtol, atol);
      if (mistake != null) {
        text += (options.isHintOnly() ? mistake.hint() : mistake.text()) + "\n";
      }
      io.print(text);
    }
    return right ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private Answer stored(TensorInputs inputs) {
    String expect = options.expect().text();
    if (expect.equals("-")) {
      inputs.claimStandardInput("--expect");
    }
    return AnswerFile.ofArgument(expect, inputs.options());
  }

  private Answer computed(List<String> words) {
    if (words.isEmpty()) {
      throw new InputException("--command is empty");
    }
    String problem = commands.noAnswer(words);
    if (problem != null) {
      throw new UsageException("--command " + problem);
    }
    return commands.run(words, io.directory(), LIMIT).answer("--command");
  }

  /** What is right and what is not, a line a member. */
  private static String text(List<MemberCheck> checks, boolean hintOnly) {
    StringBuilder text = new StringBuilder();
    for (MemberCheck check : checks) {
      text.append(check.matches() ? "right" : "wrong");
      text.append(checks.size() == 1 ? "" : ": " + check.name());
      if (check.matches()) {
        boolean one = check.elements() == 1;
        text.append(one ? ": it equals" : ": all " + check.elements() + " elements equal");
        text.append(" the expected");
      } else if (!hintOnly) {
        text.append(": ").append(check.difference());
      }
      text.append('\n');
    }
    return text.toString();
  }
}
