package lamina.cli;

import java.util.List;
import lamina.cli.command.Command;
import lamina.cli.option.Arguments;
import lamina.cli.option.GeneralOptions;
import lamina.cli.option.UsageException;
import picocli.CommandLine.Model.OptionSpec;

/** Whether a command line gives an answer that can be checked: one document on standard output. */
final class CheckedCommand {
  private static final String PRINTED = ", which changes what is printed and not the answer";
  private static final String COMPARES = ", which compares by itself";
  private static final String FILE = ", which writes a file";

  /** Options that draw, write or compare, and what is wrong with them here. */
  private static final List<String[]> OPTIONS =
      List.of(
          new String[] {"--plot", ", which draws and gives no answer"},
          new String[] {"--list-layers", ", which lists layers and gives no answer"},
          new String[] {"--each", ", which gives an answer for each line"},
          new String[] {"--expect", COMPARES},
          new String[] {"--expect-shape", COMPARES},
          new String[] {"--test-data", COMPARES},
          new String[] {"--save", FILE},
          new String[] {"--resume", FILE},
          new String[] {"--log", FILE},
          new String[] {"--report", FILE},
          new String[] {"--tensorboard", FILE});

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
      String option = option(Arguments.parse(Commands.spec(name, command, general), general, rest));
      return option == null ? null : "has " + option + "; leave it out";
    } catch (UsageException e) {
      return null;
    }
  }

  private static String option(Arguments arguments) {
    // By the short names, as 'rnn design --output' writes no file.
    String format = arguments.has("-f") ? arguments.text("-f") : "json";
    if (!format.equals("json")) {
      return "--format " + format + PRINTED;
    }
    if (arguments.has("-o")) {
      return "-o" + PRINTED;
    }
    if (arguments.has("-q")) {
      return "--quiet" + PRINTED;
    }
    for (String[] option : OPTIONS) {
      if (arguments.has(option[0])) {
        return option[0] + option[1];
      }
    }
    return null;
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
