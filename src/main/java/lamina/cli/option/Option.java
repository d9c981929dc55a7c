package lamina.cli.option;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One option of a command: how it is defined, and, once the command line is parsed, what was typed
 * for it.
 */
public abstract class Option {
  private final OptionSpec spec;

  /** Why a command gives no answer with this option: its name and a clause; null if it does. */
  private String noAnswer;

  Option(OptionSpec.Builder definition) {
    spec = definition.userObject(this).build();
  }

  /**
   * Why a command that was parsed gives no answer to be compared: the option of it that was given,
   * as typed, and a clause; null if none of its options stands against it.
   */
  public static String noAnswer(CommandSpec command) {
    for (OptionSpec each : command.options()) {
      String why = ((Option) each.userObject()).noAnswer();
      if (why != null) {
        return why;
      }
    }
    return null;
  }

  /** What {@link #noAnswer(CommandSpec)} says if this option stands against it; else null. */
  String noAnswer() {
    return isGiven() ? noAnswer : null;
  }

  void setNoAnswer(String why) {
    noAnswer = why;
  }

  /** The definition, as parser, help and completions read it. */
  OptionSpec spec() {
    return spec;
  }

  /** The longest name, as messages give it: {@code --kernel}. */
  public String name() {
    return spec.longestName();
  }

  /** Whether the option was typed. */
  public boolean isGiven() {
    return spec.getValue() != null;
  }

  /** What was typed as its value; null if the option was not given. */
  String typed() {
    String value = spec.getValue();
    return value == null ? null : Arguments.plain(value);
  }

  /** The option as it was typed: {@code --lr 0.1}. */
  public String asTyped() {
    return name() + " " + typed();
  }

  static OptionSpec.Builder withValue(String label, String description, String... names) {
    return OptionSpec.builder(names).type(String.class).paramLabel(label).description(description);
  }
}
