package lamina.cli.complete;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What a shell needs to know to complete an option or argument, read off its definition.
 *
 * @param names an option's names; of an argument, none
 * @param label what stands for the value in the help
 * @param description one line
 * @param value whether a value follows
 * @param attachedOnly whether the value may be left out, and is attached by {@code =} if not
 * @param repeatable whether it may be given several times
 * @param words the values to choose from; none if they are not known
 * @param file whether the value may be the name of a file
 * @param network whether it may be layer expressions
 * @param layer whether it is the name of a layer of the network on the same line
 */
record Completable(
    List<String> names,
    String label,
    String description,
    boolean value,
    boolean attachedOnly,
    boolean repeatable,
    List<String> words,
    boolean file,
    boolean network,
    boolean layer) {
  /** The labels of values that may be names of files. */
  private static final List<String> FILES =
      Arrays.asList(
          "FILE", "TENSOR", "INPUT", "KERNEL", "BIAS", "DY", "NET", "IMAGE", "DIR", "WEIGHTS",
          "SUITE", "DATA", "T");

  /** The options of a command, in the order of the help. */
  static List<Completable> options(CommandSpec spec) {
    List<Completable> options = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        options.add(of(Arrays.asList(option.names()), option));
      }
    }
    return options;
  }

  /** The arguments of a command that are no options. */
  static List<Completable> arguments(CommandSpec spec) {
    List<Completable> arguments = new ArrayList<>();
    for (PositionalParamSpec argument : spec.positionalParameters()) {
      arguments.add(of(List.of(), argument));
    }
    return arguments;
  }

  private static Completable of(List<String> names, ArgSpec spec) {
    List<String> words = new ArrayList<>();
    if (spec.completionCandidates() != null) {
      spec.completionCandidates().forEach(words::add);
    }
    String[] description = spec.description();
    // Without the marks of help: [INPUT], FUNCTION...
    String label = spec.paramLabel().replace("[", "").replace("]", "").replace("...", "");
    List<String> labels = Arrays.asList(label.split(" "));
    return new Completable(
        names,
        label,
        description.length == 0 ? "" : description[0].replace('\n', ' '),
        spec.arity().max() > 0,
        spec.arity().max() > 0 && spec.arity().min() == 0 && spec.isOption(),
        spec.isMultiValue(),
        words,
        labels.stream().anyMatch(FILES::contains),
        labels.contains("NET"),
        label.equals("LAYER"));
  }
}
