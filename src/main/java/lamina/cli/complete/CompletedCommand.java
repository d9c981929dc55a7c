package lamina.cli.complete;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * One command of the program, as the completions need it.
 *
 * @param name its words without the program's: {@code conv}, {@code rnn design}
 * @param summary what it does, in one line
 * @param options its options
 * @param arguments its arguments that are no options
 */
record CompletedCommand(
    String name, String summary, List<Completable> options, List<Completable> arguments) {
  static CompletedCommand of(CommandSpec spec) {
    return new CompletedCommand(
        spec.name().substring("lamina ".length()),
        spec.usageMessage().description()[0],
        Completable.options(spec),
        Completable.arguments(spec));
  }

  /** The names of all commands of one word, separated by blanks. */
  static String names(List<CompletedCommand> commands) {
    StringBuilder names = new StringBuilder();
    for (CompletedCommand command : commands) {
      if (!command.isWithin()) {
        names.append(names.length() == 0 ? "" : " ").append(command.name);
      }
    }
    return names.toString();
  }

  /** Whether it is a command within another one, by a name of two words. */
  boolean isWithin() {
    return name.indexOf(' ') >= 0;
  }

  /** The first word of a name of two. */
  String outer() {
    return name.substring(0, name.indexOf(' '));
  }

  /** The second word of a name of two. */
  String inner() {
    return name.substring(name.indexOf(' ') + 1);
  }
}
