package lamina.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * One command of the program: its options, and what it does. The options are defined once, without
 * reflection, and feed the parser, the help, the man page and the completions.
 */
interface Command {
  /** Options, positional arguments, description and examples. */
  CommandSpec spec();

  /**
   * Runs the command.
   *
   * @return the exit code: 0 done, 1 a check failed
   * @throws UsageException for options that make no sense together
   * @throws lamina.tensor.InputException for input that cannot be used
   * @throws java.io.IOException if reading or writing fails
   */
  int run(ParseResult arguments, Io io) throws java.io.IOException;
}
