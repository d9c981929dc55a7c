package lamina.cli.option;

import picocli.CommandLine.Model.OptionSpec;

/**
 * One option of a command: how it is defined, and, once the command line is parsed, what was typed
 * for it.
 */
public abstract class Option {
  private final OptionSpec spec;

  Option(OptionSpec.Builder definition) {
    spec = definition.build();
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

  static OptionSpec.Builder withValue(String label, String description, String... names) {
    return OptionSpec.builder(names).type(String.class).paramLabel(label).description(description);
  }
}
