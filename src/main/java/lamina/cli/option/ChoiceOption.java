package lamina.cli.option;

import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** An option that takes one of some words, which are offered as completions. */
public class ChoiceOption extends Option {
  private final List<String> words;
  private final String otherwise;

  /**
   * @param otherwise the word without the option; null for none
   */
  ChoiceOption(
      String label, List<String> words, String otherwise, String description, String... names) {
    this(withValue(label, description, names).completionCandidates(words), words, otherwise);
  }

  /** The same by a definition that may offer fewer words. */
  ChoiceOption(OptionSpec.Builder definition, List<String> words, String otherwise) {
    super(definition);
    this.words = words;
    this.otherwise = otherwise;
  }

  /**
   * The word that was typed, or the one without the option.
   *
   * @throws UsageException if it is none of those to choose from
   */
  public final String word() {
    String typed = typed();
    if (typed == null) {
      return otherwise;
    }
    if (!words.contains(typed)) {
      throw new UsageException(
          name() + " takes one of " + String.join(", ", words) + ", not '" + typed + "'",
          Suggestions.didYouMean(typed, words, null));
    }
    return typed;
  }

  /** Whether this word holds. */
  public final boolean is(String word) {
    return word.equals(word());
  }
}
