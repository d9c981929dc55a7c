package lamina.cli;

import lamina.cli.option.Arguments;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The texts of {@code --help}. */
final class Help {
  /** Narrower, picocli leaves hardly a column to the descriptions. */
  private static final int NARROWEST = 60;

  /** Longer lines are hard to follow. */
  private static final int WIDEST = 100;

  private Help() {}

  /** The help of the program: its commands. */
  static String overview() {
    StringBuilder text = new StringBuilder();
    text.append("Usage: lamina COMMAND [ARGUMENTS] [OPTIONS]\n\n");
    text.append("Shapes, feature maps and gradients of convolutional and recurrent networks.\n\n");
    text.append("Commands:\n");
    for (String name : Commands.NAMES) {
      text.append("  ").append(name).append(" ".repeat(12 - name.length()));
      text.append(Commands.summary(name)).append('\n');
    }
    text.append("\n'lamina COMMAND --help' tells more, with examples.\n");
    text.append(
        "Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3 bad input, 4 internal error.\n");
    return text.toString();
  }

  /**
   * The whole help of a command, with its examples.
   *
   * @param width columns that a line may fill; examples are never broken
   */
  static String of(CommandSpec spec, int width) {
    String[] examples = spec.usageMessage().footer();
    spec.usageMessage()
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .descriptionHeading("%n")
        .parameterListHeading("%n")
        .optionListHeading("%n")
        .footer(new String[0])
        .width(Math.max(NARROWEST, Math.min(width, WIDEST)));
    StringBuilder text = new StringBuilder(Arguments.parser(spec).getUsageMessage(Ansi.OFF));
    // Not as picocli's footer: that would break lines that people copy.
    if (examples.length > 0) {
      text.append("\nExamples:\n");
    }
    for (String line : examples) {
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
