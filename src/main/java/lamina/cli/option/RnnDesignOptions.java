package lamina.cli.option;

import java.util.Arrays;
import java.util.List;

/** Which topology {@code lamina rnn design} is asked for, if not by the name of a task. */
public final class RnnDesignOptions extends OptionGroup {
  private static final List<String> COUNTS = Arrays.asList("one", "many");

  private final ChoiceOption input =
      choice("COUNT", COUNTS, null, "without a TASK: one input, or many steps", "--input");

  private final ChoiceOption output =
      choice("COUNT", COUNTS, null, "without a TASK: one output, or many steps", "--output");

  private final FlagOption aligned = flag("each step of the input has its own output", "--aligned");

  private final FlagOption list = flag("print all tasks", "--list");

  /** One input or many: {@code one}, {@code many}, or null. */
  public String input() {
    return input.word();
  }

  /** One output or many: {@code one}, {@code many}, or null. */
  public String output() {
    return output.word();
  }

  /** Whether each step of the input has its own output. */
  public boolean isAligned() {
    return aligned.isGiven();
  }

  /** Whether all tasks are to be printed. */
  public boolean isList() {
    return list.isGiven();
  }
}
