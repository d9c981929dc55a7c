package lamina.cli.option;

import java.util.Arrays;
import java.util.List;
import lamina.kernel.Backends;
import lamina.kernel.Parallel;
import picocli.CommandLine.Model.CommandSpec;
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

  /** Adds the options of every command. */
  public static void addToEvery(CommandSpec spec) {
    spec.addOption(choice("WHEN", COLORS, "colours: auto, always or never", "--color").build());
    spec.addOption(flag("tell on stderr what ran, and why", "--verbose").build());
    spec.addOption(flag("show where an error arose", "--debug").build());
    spec.addOption(flag("show this help", "-h", "--help").build());
  }

  /** Adds where results go and in which format. */
  public static void addOutput(CommandSpec spec) {
    addOutput(
        spec,
        FORMATS,
        "text, json, jsonl, csv, tsv, npy, latex or markdown; default: text on a terminal, else"
            + " json (or LAMINA_FORMAT)");
  }

  /** The same, for a command that has formats of its own. */
  public static void addOutput(CommandSpec spec, List<String> formats, String description) {
    spec.addOption(choice("FORMAT", formats, description, "-f", "--format").build());
    spec.addOption(
        value("FILE", "write to FILE, in the format of its extension", "-o", "--output").build());
    spec.addOption(
        value("NAME", "write this member of the result alone, e.g. h_n or grad_input", "--member")
            .build());
    spec.addOption(
        value("N", "decimals in text, LaTeX and Markdown at most; default 4", "--precision")
            .build());
  }

  /** Adds how tensors are read and computed with. */
  public static void addTensors(CommandSpec spec) {
    addTensors(spec, "float64 (default) or float32");
  }

  /** The same, for a command that computes in float32 unless it is told otherwise. */
  public static void addTensorsOfFloat32(CommandSpec spec) {
    addTensors(spec, "float32 (default) or float64");
  }

  private static void addTensors(CommandSpec spec, String dtypes) {
    spec.addOption(choice("TYPE", DTYPES, dtypes, "--dtype").build());
    spec.addOption(
        value("SHAPE", "reshape the matrix of a CSV file, e.g. 3x4x5", "--csv-shape").build());
    spec.addOption(
        value(
                "N",
                "rows at the top of a CSV file that are a header; default: up to two without a"
                    + " number",
                "--csv-header")
            .build());
    spec.addOption(
        choice(
                "RANGE",
                Arrays.asList("0..1", "0..255"),
                "scale of an image's pixels: 0..1 (default) or 0..255",
                "--pixels")
            .build());
    spec.addOption(value("N", "seed of random generators; default 0", "--seed").build());
    spec.addOption(
        value("N", "threads to compute with; default: all processors", "--threads").build());
    spec.addOption(
        choice("NAME", BACKENDS, "kernels: auto (default), scalar or vector", "--backend").build());
  }

  /** Chooses the kernels and the number of threads as the options of {@link #addTensors} say. */
  public static void useKernels(Arguments arguments) {
    Backends.use(arguments.choice("--backend", "auto", BACKENDS));
    int processors = Runtime.getRuntime().availableProcessors();
    Parallel.use(arguments.integer("--threads", processors, 1));
  }

  /** Adds the comparison of a result with an expected one. */
  public static void addExpectations(CommandSpec spec) {
    spec.addOption(
        value("TENSOR", "exit with 1 unless the result equals TENSOR", "--expect").build());
    spec.addOption(value("R", "relative tolerance; default 1e-5", "--rtol").build());
    spec.addOption(value("A", "absolute tolerance; default 1e-8", "--atol").build());
    addExpectedShape(spec);
  }

  /** Whether only errors and the exit code tell of what happened. */
  public static OptionSpec quiet() {
    return flag(
            "no result on stdout, no remarks and no difference on stderr: the exit code tells",
            "-q",
            "--quiet")
        .build();
  }

  /** Adds the comparison of a result's shape. */
  public static void addExpectedShape(CommandSpec spec) {
    spec.addOption(
        value("SHAPE", "exit with 1 unless the result has this shape, e.g. 2x2", "--expect-shape")
            .build());
    spec.addOption(quiet());
  }

  /** Adds the filter over JSON Lines. */
  public static void addEach(CommandSpec spec) {
    spec.addOption(
        flag("apply to each line of JSON Lines (implied by a .jsonl input)", "--each").build());
    spec.addOption(
        flag("with --each: answer a bad line with {\"error\": ...} and go on", "--keep-going")
            .build());
  }
}
