package lamina.cli;

import java.util.Arrays;
import lamina.cli.command.Command;
import lamina.cli.option.Arguments;
import lamina.cli.option.GeneralOptions;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command line taken apart: which command, and the words for it.
 *
 * @param name the command's, of one word or of two; or what was typed for it
 * @param command null if there is none of this name
 * @param spec the definition of its options, or null
 * @param general the options that it shares with all commands
 * @param words those after the name
 */
record CalledCommand(
    String name, Command command, CommandSpec spec, GeneralOptions general, String[] words) {
  /** Takes a command line apart that has at least one word. */
  static CalledCommand of(String[] args) {
    String name = args.length > 1 ? args[0] + " " + args[1] : args[0];
    Command command = Commands.create(name);
    int first = command == null || args.length == 1 ? 1 : 2;
    if (command == null) {
      name = args[0];
      command = Commands.create(name);
    }
    GeneralOptions general = new GeneralOptions();
    CommandSpec spec = command == null ? null : Commands.spec(name, command, general);
    return new CalledCommand(
        name, command, spec, general, Arrays.copyOfRange(args, first, args.length));
  }

  /** How messages begin: the program, and the command if there is one. */
  String prefix() {
    return command == null ? "lamina" : "lamina " + name;
  }

  /** Whether help is asked for, which needs no word to make sense. */
  boolean asksForHelp() {
    for (String word : words) {
      if (word.equals("--")) {
        return false;
      }
      if (word.equals("--help") || word.equals("-h")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Parses the words: from now on the command's options give what was typed.
   *
   * @return the words that are no options
   * @throws lamina.cli.option.UsageException if they make no sense
   */
  Arguments parse() {
    return Arguments.parse(spec, general, words);
  }
}
