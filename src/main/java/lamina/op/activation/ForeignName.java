package lamina.op.activation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A function's name in another framework, and where its parameters are found there.
 *
 * @param name {@code LeakyReLU}
 * @param parameters for alpha, then beta; of a function with an axis, for the axis
 */
public record ForeignName(String name, List<Parameter> parameters) {
  /**
   * A parameter.
   *
   * @param names what it may be called; none if it is fixed
   * @param otherwise its value if it is not given
   */
  public record Parameter(List<String> names, double otherwise) {
    /** The value among those given, which answer null for others. */
    double value(Function<String, Number> given) {
      for (String name : names) {
        if (given.apply(name) != null) {
          return given.apply(name).doubleValue();
        }
      }
      return otherwise;
    }
  }

  /** Reads {@code tanh}, {@code leaky_relu(0.2)} or {@code LeakyReLU(negative_slope|alpha=0.3)}. */
  static ForeignName of(String text) {
    int open = text.indexOf('(');
    if (open < 0) {
      return new ForeignName(text, List.of());
    }
    List<Parameter> parameters = new ArrayList<>();
    for (String part : text.substring(open + 1, text.length() - 1).split(", ", -1)) {
      int equals = part.indexOf('=');
      List<String> names =
          equals < 0 ? List.of() : List.of(part.substring(0, equals).split("\\|", -1));
      parameters.add(new Parameter(names, Double.parseDouble(part.substring(equals + 1))));
    }
    return new ForeignName(text.substring(0, open), parameters);
  }

  /** The value of the parameter at an index; {@code otherwise} if the framework has none. */
  public double value(int index, double otherwise, Function<String, Number> given) {
    return index < parameters.size() ? parameters.get(index).value(given) : otherwise;
  }
}
