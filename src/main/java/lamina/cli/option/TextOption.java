package lamina.cli.option;

import picocli.CommandLine.Model.OptionSpec;

/** An option whose value is a text: a tensor, a file's name, or what its command makes of it. */
public final class TextOption extends Option {
  TextOption(OptionSpec.Builder definition) {
    super(definition);
  }

  /** What was typed; null if the option was not given, empty if its value was left out. */
  public String text() {
    return typed();
  }

  /** What was typed, or another text. */
  public String text(String otherwise) {
    String typed = typed();
    return typed == null ? otherwise : typed;
  }
}
