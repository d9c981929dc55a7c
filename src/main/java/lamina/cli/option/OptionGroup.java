package lamina.cli.option;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Options that belong together. A group has a field for each, which defines the option and, once
 * the command line is parsed, gives what was typed; its methods read several of them into what they
 * mean.
 */
public abstract class OptionGroup {
  /** Why options that write a file give no answer, see {@link #noAnswer}. */
  static final String WRITES_A_FILE = "which writes a file";

  /** Why options that compare the result give no answer, see {@link #noAnswer}. */
  static final String COMPARES = "which compares by itself";

  /** Why options of printing give no answer, see {@link #noAnswer}. */
  static final String PRINTS = "which changes what is printed and not the answer";

  private final List<Option> options = new ArrayList<>();

  /** Adds the options to a command, in the order of their definition. */
  public final void addTo(CommandSpec spec) {
    for (Option option : options) {
      spec.addOption(option.spec());
    }
  }

  /** An option whose value is a text. */
  protected final TextOption text(String label, String description, String... names) {
    return keep(new TextOption(Option.withValue(label, description, names)));
  }

  /** An option whose value may be left out, or attached: {@code --grad} or {@code --grad=DY}. */
  protected final TextOption optionalText(String label, String description, String... names) {
    return keep(
        new TextOption(
            Option.withValue(label, description, names).arity("0..1").fallbackValue("")));
  }

  /** An option whose value is a text; some words for it are offered as completions. */
  protected final TextOption textOrWord(
      String label, List<String> words, String description, String... names) {
    return keep(
        new TextOption(Option.withValue(label, description, names).completionCandidates(words)));
  }

  /** An option that may be given several times. */
  protected final RepeatedOption repeated(String label, String description, String... names) {
    return keep(new RepeatedOption(label, description, names));
  }

  /** An option without a value. */
  protected final FlagOption flag(String description, String... names) {
    return keep(new FlagOption(description, names));
  }

  /**
   * An option that takes one of some words.
   *
   * @param otherwise the word without the option; null for none
   */
  protected final ChoiceOption choice(
      String label, List<String> words, String otherwise, String description, String... names) {
    return keep(new ChoiceOption(label, words, otherwise, description, names));
  }

  /**
   * An option that takes a whole number.
   *
   * @param otherwise the number without the option
   * @param least the smallest that can be given
   */
  protected final IntegerOption integer(
      String label, int otherwise, int least, String description, String... names) {
    return keep(new IntegerOption(label, otherwise, least, Integer.MAX_VALUE, description, names));
  }

  /** An option that takes any whole number of 64 bits. */
  protected final IntegerOption longInteger(
      String label, long otherwise, String description, String... names) {
    return keep(
        new IntegerOption(label, otherwise, Long.MIN_VALUE, Long.MAX_VALUE, description, names));
  }

  /** An option that takes a finite number. */
  protected final NumberOption number(String label, String description, String... names) {
    return keep(new NumberOption(label, description, names));
  }

  /**
   * An option that takes sizes.
   *
   * @param least the smallest size that can be given
   */
  protected final SizesOption sizes(String label, int least, String description, String... names) {
    return keep(new SizesOption(label, least, description, names));
  }

  /**
   * Marks an option with which a command gives no answer that {@code lamina check} can compare.
   *
   * @param why a clause that follows the option
   */
  protected final <T extends Option> T noAnswer(T option, String why) {
    option.setNoAnswer(option.name() + ", " + why);
    return option;
  }

  /** Takes in the options of another group. */
  protected final <T extends OptionGroup> T include(T group) {
    options.addAll(((OptionGroup) group).options);
    return group;
  }

  /** Takes in an option that another class defines. */
  protected final <T extends Option> T keep(T option) {
    options.add(option);
    return option;
  }
}
