package lamina.cli.command;

import java.io.IOException;
import lamina.check.CommandRunner;
import lamina.cli.option.Arguments;
import lamina.cli.option.CheckOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.format.TensorArgument;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina check}: one answer, a suite of cases, or the start of a suite. */
public final class CheckCommand implements Command {
  private final CheckOptions options = new CheckOptions();
  private final CommandRunner commands;

  /**
   * @param commands runs the commands that give right answers
   */
  public CheckCommand(CommandRunner commands) {
    this.commands = commands;
  }

  @Override
  public void define(CommandSpec spec) {
    Arguments.define(
        spec,
        "ANSWER | SUITE",
        "0..1",
        "with --expect or --command an answer: a file of tensors or of words, a literal, or -"
            + " for standard input; else a suite, .json or .yaml");
    options.addTo(spec);
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
    if (options.isInit() || options.isSchema()) {
      return SuiteStart.write(options, arguments.positional(0), io);
    }
    if (arguments.positionals().isEmpty()) {
      throw new UsageException("ANSWER or SUITE is missing", arguments.usage());
    }
    String given = arguments.positional(0);
    if (!options.isSingle() && (given.equals("-") || TensorArgument.parse(given).isLiteral())) {
      throw new UsageException("an answer needs --expect TENSOR or --command LINE");
    }
    options.refuseOthers();
    return options.isSingle()
        ? new AnswerCheck(options, commands, io).run(arguments)
        : new SuiteCheck(options, commands, io).run(given);
  }
}
