package lamina.cli.option;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The options that commands share, and short ways to define the others. */
public final class CommonOptions {
  public static final List<String> DTYPES = Arrays.asList("float64", "float32");
  public static final List<String> FORMATS =
      Arrays.asList("text", "json", "jsonl", "csv", "tsv", "npy", "latex", "markdown");
  public static final List<String> COLORS = Arrays.asList("auto", "always", "never");
  static final List<String> BACKENDS = Arrays.asList("auto", "scalar", "vector");

  private CommonOptions() {}

  /** An option that takes a value. */
  public static OptionSpec.Builder value(String label, String description, String... names) {
    return OptionSpec.builder(names).type(String.class).paramLabel(label).description(description);
  }

  /** An option that takes one of some words; they are offered as completions. */
  public static OptionSpec.Builder choice(
      String label, List<String> choices, String description, String... names) {
    return value(label, description, names).completionCandidates(choices);
  }

  /** An option whose value may be left out, or attached: {@code --grad} or {@code --grad=DY}. */
  public static OptionSpec.Builder optionalValue(
      String label, String description, String... names) {
    return value(label, description, names).arity("0..1").fallbackValue("");
  }

  /** An option that may be given several times. */
  public static OptionSpec.Builder repeatable(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .type(String[].class)
        .paramLabel(label)
        .description(description);
  }

  /** An option without a value. */
  public static OptionSpec.Builder flag(String description, String... names) {
    return OptionSpec.builder(names).type(boolean.class).arity("0").description(description);
  }

  /**
   * The positional arguments, all in one list. A label of several words is shown as it is.
   *
   * @param arity such as {@code 0..1} or {@code 1..*}
   */
  public static PositionalParamSpec positionals(String label, String arity, String description) {
    String shown = label;
    if (label.indexOf(' ') < 0) {
      shown = arity.startsWith("0") ? "[" + label + "]" : label;
      shown += arity.endsWith("*") ? "..." : "";
    }
    return PositionalParamSpec.builder()
        .index("0..*")
        .arity(arity)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(shown)
        .hideParamSyntax(true)
        .description(description)
        .build();
  }

  /** Whether only errors and the exit code tell of what happened. */
  public static OptionSpec quiet() {
    return flag(
            "no result on stdout, no remarks and no difference on stderr: the exit code tells",
            "-q",
            "--quiet")
        .build();
  }
}
