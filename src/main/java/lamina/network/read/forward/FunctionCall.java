package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Layer;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The arguments of a function that {@code forward()} calls.
 *
 * @param trace where the layers go that it makes
 * @param function its name
 * @param positional the arguments without names; of a method, first what it belongs to
 * @param named the others
 * @param output what its output is called
 * @param place where it is called
 * @param asked the arguments that were asked for, by position or name
 */
record FunctionCall(
    Trace trace,
    String function,
    List<Object> positional,
    Map<String, Object> named,
    String output,
    String place,
    Set<Object> asked) {
  /** Arguments that change no element here. */
  private static final List<String> HARMLESS =
      List.of(
          "device",
          "dtype",
          "layout",
          "memory_format",
          "non_blocking",
          "copy",
          "pin_memory",
          "requires_grad",
          "sorted");

  FunctionCall(
      Trace trace,
      String function,
      List<Object> positional,
      Map<String, Object> named,
      String output,
      String place) {
    this(trace, function, positional, named, output, place, new HashSet<>(HARMLESS));
  }

  /** Refuses arguments that the function did not ask for: they would have changed something. */
  void requireAllAsked() {
    for (int i = 1; i < count(); i++) {
      if (!asked.contains(i) && positional.get(i) != null) {
        throw error("takes " + shown(positional.get(i)) + " as argument " + (i + 1));
      }
    }
    for (String name : named.keySet()) {
      if (!asked.contains(name) && named.get(name) != null) {
        throw error("is not known with " + name + "=" + shown(named.get(name)));
      }
    }
  }

  /** An argument that has a name only; null if it is not given. */
  Object option(String name) {
    asked.add(name);
    return named.get(name);
  }

  /** All arguments that have names. */
  Map<String, Object> options() {
    asked.addAll(named.keySet());
    return named;
  }

  /** All arguments from a position on. */
  List<Object> from(int position) {
    for (int i = position; i < count(); i++) {
      asked.add(i);
    }
    return positional.subList(Math.min(position, count()), count());
  }

  int count() {
    return positional.size();
  }

  /** The same call, whose output is called otherwise. */
  FunctionCall named(String name) {
    String own = trace.free(output + "_" + name);
    return new FunctionCall(trace, function, positional, named, own, place);
  }

  /** An argument by its position or its name; null if it is not given. */
  Object get(int position, String name) {
    asked.add(position);
    asked.add(name);
    return position < positional.size() ? positional.get(position) : named.get(name);
  }

  /** An argument by its position or its name. */
  Object get(int position, String name, Object otherwise) {
    asked.add(position);
    asked.add(name);
    return position < positional.size()
        ? positional.get(position)
        : named.getOrDefault(name, otherwise);
  }

  InputException error(String message) {
    return new InputException(place + ": " + function + "() " + message);
  }

  /** The tensor that the function takes first. */
  Ref input() {
    return tensor(0, "input");
  }

  /** A tensor. */
  Ref tensor(int position, String name) {
    Object value = get(position, name);
    if (value == null && position == 0) {
      value = option("x");
    }
    return asTensor(value);
  }

  Ref asTensor(Object value) {
    if (value instanceof Ref ref) {
      return ref;
    }
    if (value instanceof ForwardValue.States states) {
      return states.tensor(this);
    }
    if (value instanceof ForwardValue.Attribute attribute) {
      return trace.parameter(attribute.path(), place);
    }
    throw error("takes " + shown(value) + " where a tensor is needed");
  }

  /** A value in words. */
  static String shown(Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof ForwardValue.States) {
      return "the states of a recurrent layer";
    }
    if (value instanceof ForwardValue.Several || value instanceof ForwardValue.ShapeOf) {
      return "a tuple";
    }
    if (value instanceof ForwardValue.Size || value instanceof ForwardValue.ShapePart) {
      return "a size";
    }
    if (value instanceof ForwardValue.Attribute attribute) {
      return "'" + attribute.path() + "'";
    }
    if (value instanceof ForwardValue.Function function) {
      return function.name();
    }
    return value instanceof Ref ? "a tensor" : String.valueOf(value);
  }

  /** Makes the layer that gives the output, by its constructor's arguments. */
  Ref emit(String type, Map<String, Object> values, Ref... from) {
    return trace.add(output, type, values, place, from);
  }

  /** Makes the layer that gives the output. */
  Ref emit(Layer layer, String arguments, Ref... from) {
    return trace.add(output, layer, layer.type() + "(" + arguments + ")", from);
  }

  /** Makes a layer whose output no text names, by its constructor's arguments. */
  Ref between(String name, String type, Map<String, Object> values, Ref... from) {
    return trace.add(trace.free(output + "_" + name), type, values, place, from);
  }

  /** Makes a layer whose output no text names. */
  Ref between(String name, Layer layer, Ref... from) {
    return trace.add(trace.free(output + "_" + name), layer, layer.type() + "()", from);
  }

  /**
   * What a function that works in place returns: the tensor that it took, as it is now.
   *
   * @param result what the function gives that does not work in place
   * @param what what it is called
   */
  Object changed(Object result, String what) {
    Object first = get(0, "input");
    if (first instanceof List<?> || !isTensor(first)) {
      return result;
    }
    Ref tensor = asTensor(first);
    if (List.of("unsqueeze", "squeeze", "t", "transpose", "swapaxes", "swapdims")
        .contains(function)) {
      Memory.become(tensor, (Ref) result);
    } else {
      trace.memory().change(tensor, (Ref) result, what + "()", place);
    }
    return tensor;
  }

  /** Whether an argument is a tensor, a parameter among them. */
  boolean isTensor(Object value) {
    return value instanceof Ref || value instanceof ForwardValue.Attribute;
  }

  /** A number. */
  double number(int position, String name, double otherwise) {
    Object value = get(position, name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw error("needs a number for " + name + ", not " + shown(value));
  }

  /** Whether a function is told to change its input. */
  boolean isInPlace(List<String> parameters) {
    int position = parameters.indexOf("inplace");
    return position >= 0 && flag(position + 1, "inplace", false);
  }

  /** Whether something is so. */
  boolean flag(int position, String name, boolean otherwise) {
    Object value = get(position, name);
    if (value == null || value instanceof Boolean) {
      return value == null ? otherwise : (Boolean) value;
    }
    throw error("needs True or False for " + name + ", not " + shown(value));
  }

  /** One axis or several; null if none is named. */
  int[] axes(int position, String name) {
    Object value = get(position, name, option("axis"));
    if (value == null) {
      return null;
    }
    List<?> list = value instanceof List<?> several ? several : List.of(value);
    int[] axes = new int[list.size()];
    for (int i = 0; i < axes.length; i++) {
      if (!(list.get(i) instanceof Long axis) || axis.intValue() != axis) {
        throw error("needs whole numbers for " + name + ", not " + shown(list.get(i)));
      }
      axes[i] = axis.intValue();
    }
    return axes;
  }

  /** A whole number. */
  int integer(int position, String name, int otherwise) {
    Object value = get(position, name, (long) otherwise);
    if (value instanceof Long number && number.intValue() == number) {
      return number.intValue();
    }
    throw error("needs a whole number for " + name + ", not " + shown(value));
  }

  /** Numbers or sizes, as a list or as all arguments from a position on. */
  List<Dim> sizes(int position, String name) {
    Object given = get(position, name, option("size"));
    List<?> list =
        given instanceof List<?> values
            ? values
            : given == null ? List.of() : position < count() ? from(position) : List.of(given);
    List<Dim> sizes = new ArrayList<>();
    for (Object value : list) {
      if (value instanceof Long number) {
        sizes.add(Dim.of(number));
      } else if (value instanceof ForwardValue.Size size) {
        sizes.add(size.dim());
      } else if (value instanceof Double number && number == Math.rint(number)) {
        sizes.add(Dim.of(number.longValue()));
      } else {
        throw error("needs sizes, not " + shown(value));
      }
    }
    return sizes;
  }

  /**
   * The arguments of a module that does the same.
   *
   * @param parameters the names of the function's parameters after its input
   * @param left those that the module has not; they may be given with these values only
   */
  Map<String, Object> forModule(List<String> parameters, Map<String, List<Object>> left) {
    Map<String, Object> values = new LinkedHashMap<>();
    from(0);
    asked.addAll(named.keySet());
    for (int i = 0; i < parameters.size() && i + 1 < count(); i++) {
      values.put(parameters.get(i), positional.get(i + 1));
    }
    if (count() > parameters.size() + 1) {
      Object more = positional.get(parameters.size() + 1);
      throw error("takes " + shown(more) + " as argument " + (parameters.size() + 2));
    }
    named.forEach(
        (name, value) -> {
          if (!name.equals("input") && !name.equals("x")) {
            values.put(name, value);
          }
        });
    for (String name : new ArrayList<>(values.keySet())) {
      if (!parameters.contains(name)) {
        throw error("has no argument '" + name + "'; it takes " + String.join(", ", parameters));
      }
      List<Object> allowed = left.get(name);
      if (allowed != null) {
        Object value = values.remove(name);
        value = value instanceof ForwardValue.Function function ? function.name() : value;
        if (!allowed.isEmpty() && !allowed.contains(value)) {
          throw error("is not known with " + name + "=" + shown(value));
        }
      }
    }
    return values;
  }
}
