package lamina.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina rnn design}: names the topology that a task needs, and why. */
final class RnnDesign {
  private static final List<String> COUNTS = Arrays.asList("one", "many");
  private static final String[] OWN = {"--in", "--out", "--aligned", "--list"};

  private RnnDesign() {}

  /** Adds the options of {@code design}. */
  static void define(CommandSpec spec) {
    spec.addOption(
        CommonOptions.choice("COUNT", COUNTS, "design: one input or many steps", "--input")
            .build());
    spec.addOption(
        CommonOptions.flag("design: each step of the input has its own output", "--aligned")
            .build());
    spec.addOption(CommonOptions.flag("design: print all tasks", "--list").build());
  }

  /** Refuses the options of {@code design} on a run. */
  static void refuseOptions(Arguments arguments) {
    for (String option : OWN) {
      if (arguments.has(option)) {
        throw new UsageException(option + " goes with 'lamina rnn design'");
      }
    }
  }
}
