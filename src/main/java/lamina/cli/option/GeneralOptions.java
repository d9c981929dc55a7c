package lamina.cli.option;

import java.util.Arrays;
import java.util.List;

/** The options that every command has. */
public final class GeneralOptions extends OptionGroup {
  private static final List<String> COLORS = Arrays.asList("auto", "always", "never");

  private final ChoiceOption color =
      choice("WHEN", COLORS, "auto", "colours: auto, always or never", "--color");

  private final FlagOption verbose = flag("tell on stderr what ran, and why", "--verbose");

  public GeneralOptions() {
    // These two are looked for before anything is parsed, so that a mistake cannot hide them.
    flag("show where an error arose", "--debug");
    flag("show this help", "-h", "--help");
  }

  /** When to colour: auto, always or never. */
  public String color() {
    return color.word();
  }

  /** Whether to tell what ran, and why. */
  public boolean isVerbose() {
    return verbose.isGiven();
  }
}
