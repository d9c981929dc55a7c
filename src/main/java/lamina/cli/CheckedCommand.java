package lamina.cli;

import java.util.List;
import lamina.cli.option.Option;
import lamina.cli.option.UsageException;
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
    CalledCommand call = CalledCommand.of(words.toArray(new String[0]));
    String name = call.name();
    if (call.command() == null) {
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
    if (call.asksForHelp()) {
      return "has --help" + PRINTED + "; leave it out";
    }
    try {
      call.parse();
    } catch (UsageException e) {
      return null;
    }
    String option = Option.noAnswer(call.spec());
    return option == null ? null : "has " + option + "; leave it out";
  }

  /** Whether a word is an option of the command that takes no value, or only an attached one. */
  static boolean isFlag(List<String> words, String option) {
    CalledCommand call = CalledCommand.of(words.toArray(new String[0]));
    OptionSpec found = call.command() == null ? null : call.spec().findOption(option);
    return found != null && found.arity().min() == 0;
  }
}
