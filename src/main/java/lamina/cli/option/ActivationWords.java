package lamina.cli.option;

import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of {@code lamina activate}: functions, then at most one input.
 *
 * @param functions at least one; several where they are drawn
 * @param input null for standard input
 */
public record ActivationWords(List<String> functions, String input) {
  /**
   * Tells the functions from the input.
   *
   * @throws UsageException if there is no function, or more than go with the options
   */
  public static ActivationWords of(Arguments arguments, ActivationOptions options) {
    List<String> given = arguments.positionals();
    if (given.isEmpty()) {
      throw new UsageException(
          "the function is missing, e.g. 'relu'; '" + arguments.command() + " --help' lists all");
    }
    // The first word is a function; the last one is the input unless it is a function too.
    int last = given.size() - 1;
    boolean hasInput = last > 0 && !ActivationArgument.isFunction(given.get(last));
    List<String> functions = given.subList(0, hasInput ? last : last + 1);
    if (functions.size() > 1 && !options.isPlot()) {
      String second = functions.get(1);
      if (!ActivationArgument.isFunction(second)) {
        throw new UsageException(
            "unexpected argument '" + given.get(2) + "' after the input '" + second + "'");
      }
      throw new UsageException(
          "several functions ('"
              + functions.get(0)
              + "', '"
              + second
              + "') go with --plot only; give one, or write ./"
              + second
              + " for a file of that name");
    }
    return new ActivationWords(functions, hasInput ? given.get(last) : null);
  }

  /** What the functions mean. */
  public List<ActivationArgument> parsed(ActivationOptions options) {
    boolean besideOthers = options.isPlot() && functions.size() + (input == null ? 0 : 1) > 1;
    List<ActivationArgument> parsed = new ArrayList<>();
    for (String function : functions) {
      parsed.add(ActivationArgument.parse(function, options, besideOthers));
    }
    return parsed;
  }
}
