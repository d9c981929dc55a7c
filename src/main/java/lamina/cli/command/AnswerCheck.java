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
import lamina.cli.option.Expectation;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.text.InputException;

/** {@code lamina check ANSWER}: one answer against a stored or a computed one. */
final class AnswerCheck {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private AnswerCheck() {}

  static int run(Arguments arguments, CommandRunner commands, Io io) throws IOException {
    if (arguments.has("--expect") && arguments.has("--command")) {
      throw new UsageException("either --expect TENSOR or --command LINE, not both");
    }
    double rtol = Expectation.tolerance(arguments, "--rtol", 1e-5);
    double atol = Expectation.tolerance(arguments, "--atol", 1e-8);
    TensorInputs inputs = new TensorInputs(arguments, io);
    String given = arguments.positional(0);
    if (given.equals("-")) {
      inputs.claimStandardInput("ANSWER");
    }
    Answer expected = expected(arguments, inputs, commands, io);
    Answer answer = AnswerFile.ofArgument(given, inputs.options());
    expected = arguments.has("--command") ? expected.askedBy(answer) : expected;
    List<MemberCheck> checks = MemberCheck.compare(answer, expected, rtol, atol);
    boolean right = checks.stream().allMatch(MemberCheck::matches);
    if (!arguments.has("--quiet")) {
      boolean hintOnly = arguments.has("--hint-only");
      String text = text(checks, hintOnly);
      Mistake mistake =
          right ? null : diagnosis(arguments, expected, commands, io).of(answer, rtol, atol);
      if (mistake != null) {
        text += (hintOnly ? mistake.hint() : mistake.text()) + "\n";
      }
      io.print(text);
    }
    return right ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private static MistakeFinder diagnosis(
      Arguments arguments, Answer right, CommandRunner commands, Io io) {
    String line = arguments.text("--command");
    List<String> words = line == null ? null : ShellWords.of(line);
    return new MistakeFinder(words, right, commands, io.directory());
  }

  private static Answer expected(
      Arguments arguments, TensorInputs inputs, CommandRunner commands, Io io) {
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
