package lamina.cli;

import java.util.List;
import lamina.cli.command.Command;
import lamina.cli.option.Arguments;
import lamina.cli.option.GeneralOptions;
import lamina.cli.option.Option;
import lamina.cli.option.UsageException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Whether a command line gives an answer that can be checked: one document on standard output. */
final class CheckedCommand {
  private static final String PRINTED = ", which changes what is printed and not the answer";

  private CheckedCommand() {}

  /**
   * Why a command line gives no answer, as {@code has --quiet, which ...}; null if it gives one, or
   * if running it will tell more.
   */
  static String problem(List<String> words) {
    String name = name(words);
    Command command = Commands.create(name);
    if (command == null) {
      boolean help = List.of("help", "-h", "--help", "-V", "--version").contains(name);
      return help ? "has " + name + PRINTED + "; leave it out" : null;
    }
    if (name.equals("check")) {
      return null;
    }
    if (name.equals("bench")) {
      return "is 'bench', which measures times; those have no right answer";
    }
    if (name.equals("completion")) {
      return "is 'completion', which gives no answer";
    }
    int first = name.split(" ").length;
    if (Program.asksForHelp(words.subList(first - 1, words.size()).toArray(new String[0]))) {
      return "has --help" + PRINTED + "; leave it out";
    }
    try {
      String[] rest = words.subList(first, words.size()).toArray(new String[0]);
      GeneralOptions general = new GeneralOptions();
      CommandSpec spec = Commands.spec(name, command, general);
      Arguments.parse(spec, general, rest);
      String option = Option.noAnswer(spec);
      return option == null ? null : "has " + option + "; leave it out";
    } catch (UsageException e) {
      return null;
    }
  }

  /** The name of a command, of one word or of two. */
  private static String name(List<String> words) {
    String name = words.get(0);
    String longer = words.size() > 1 ? name + " " + words.get(1) : name;
    return Commands.create(longer) == null ? name : longer;
  }

  /** Whether a word is an option of the command that takes no value, or only an attached one. */
  static boolean isFlag(List<String> words, String option) {
    String name = name(words);
    if (Commands.create(name) == null) {
      return false;
    }
    OptionSpec found = Commands.spec(name, Commands.create(name)).findOption(option);
    return found != null && found.arity().min() == 0;
  }
}
