package lamina.cli.command;

import java.io.IOException;
import lamina.cli.option.Arguments;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import picocli.CommandLine.Model.CommandSpec;

/**
 * One command of the program: its options, and what it does. The options are defined once, without
 * reflection, and feed the parser, the help and the completions.
 */
public interface Command {
  /** Adds options, positional arguments, description and examples; the name is set already. */
  void define(CommandSpec spec);

  /** Sets the examples at the end of the help: a line of what it shows, then the line. */
  static void examples(CommandSpec spec, String... lines) {
    spec.usageMessage().footer(lines);
  }

  /**
   * Runs the command.
   *
   * @return the exit code: 0 done, 1 a check failed
   * @throws UsageException for options that make no sense together
   * @throws lamina.text.InputException for input that cannot be used
   * @throws IOException if reading or writing fails
   */
  int run(Arguments arguments, Io io) throws IOException;
}
