package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * The arguments of a {@link Call} by name, with defaults, and with the types that layers ask for.
 */
public final class LayerArguments {
  private static final Object REQUIRED = new Object();

  private final Call call;
  private final Compatibility compatibility;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, String> places = new LinkedHashMap<>();

  /**
   * @param parameters as {@link LayerType#arguments} lists them
   */
  LayerArguments(Call call, List<String> parameters, Compatibility compatibility) {
    this.call = call;
    this.compatibility = compatibility;
    // Every module takes these two, and neither changes a shape.
    List<String> all = new ArrayList<>(parameters);
    all.add("device=None");
    all.add("dtype=None");
    // The last may take anything, as torch.nn.Identity does.
    if (all.stream().anyMatch(parameter -> parameter.startsWith("**"))) {
      return;
    }
    boolean takesMany = false;
    for (String parameter : all) {
      int equals = parameter.indexOf('=');
      if (parameter.startsWith("*")) {
        values.put(parameter.substring(1), List.of());
        takesMany = true;
      } else if (equals < 0) {
        values.put(parameter, REQUIRED);
      } else {
        values.put(parameter.substring(0, equals), literal(parameter.substring(equals + 1)));
      }
    }
    List<String> names = new ArrayList<>(values.keySet());
    take(takesMany ? together(call.arguments()) : call.arguments(), names);
    for (String name : names) {
      if (values.get(name) == REQUIRED) {
        throw error(call.place(), "needs the argument '" + name + "'" + usage(parameters));
      }
    }
  }

  /** Takes the values that the call gives. */
  private void take(List<Call.Argument> arguments, List<String> names) {
    int position = 0;
    for (Call.Argument argument : arguments) {
      String name = argument.name();
      if (name == null) {
        // print(model) shows a lazy module's unknown input as 0.
        if (call.isLazy() && places.isEmpty() && Long.valueOf(0).equals(argument.value())) {
          continue;
        }
        if (position == names.size() - 2) {
          throw error(
              argument.place(),
              "takes at most " + position + (position == 1 ? " argument" : " arguments"));
        }
        name = names.get(position++);
      } else if (call.isLazy() && (name.startsWith("in_") || name.equals("num_features"))) {
        continue;
      } else if (!values.containsKey(name)) {
        throw error(
            argument.place(),
            "has no argument '" + name + "'" + hint(name, names.subList(0, names.size() - 2)));
      }
      if (places.containsKey(name)) {
        throw error(argument.place(), "is given '" + name + "' twice");
      }
      values.put(name, argument.value());
      places.put(name, argument.place());
    }
  }

  /** Numbers one after another as one list; a list stays as it is. */
  private static List<Call.Argument> together(List<Call.Argument> arguments) {
    List<Object> values = new ArrayList<>();
    for (Call.Argument argument : arguments) {
      if (argument.name() != null || argument.value() instanceof List) {
        return arguments;
      }
      values.add(argument.value());
    }
    return values.isEmpty()
        ? arguments
        : List.of(new Call.Argument(null, values, arguments.get(0).place()));
  }

  private String usage(List<String> parameters) {
    return "; write " + call.type() + "(" + String.join(", ", parameters) + ")";
  }

  private static String hint(String name, List<String> names) {
    String hint = NearSpelling.hint(name, names);
    if (!hint.isEmpty()) {
      return hint;
    }
    return names.isEmpty() ? "; it takes none" : "; it takes " + String.join(", ", names);
  }

  private static Object literal(String text) {
    return switch (text) {
      case "None" -> null;
      case "True" -> true;
      case "False" -> false;
      default -> {
        char first = text.charAt(0);
        if (first == '\'') {
          yield text.substring(1, text.length() - 1);
        }
        yield text.indexOf('.') >= 0 || text.indexOf('e') >= 0
            ? (Object) Double.valueOf(text)
            : (Object) Long.valueOf(text);
      }
    };
  }

  /** Checks arguments by a rule whose error is about this call. */
  void check(Runnable rule) {
    try {
      rule.run();
    } catch (InputException e) {
      throw new InputException(error(e.getMessage()).getMessage(), e);
    }
  }

  /** An error about this call. */
  public InputException error(String message) {
    return error(call.place(), message);
  }

  /** An error about one argument of this call. */
  public InputException error(String name, String message, Object value) {
    return error(
        places.getOrDefault(name, call.place()),
        name + " " + message + ", not " + Call.show(value));
  }

  private InputException error(String place, String message) {
    return new InputException((place.isEmpty() ? "" : place + ": ") + call.type() + " " + message);
  }

  /** The name of the layer that was called. */
  public String type() {
    return call.type();
  }

  /** The number of spatial axes that this name ends with: 2 for {@code Conv2d}. */
  int spatial() {
    return call.type().charAt(call.type().length() - 2) - '0';
  }

  /** Whether the number of inputs is left to the input: {@code LazyConv2d}. */
  boolean isLazy() {
    return call.isLazy();
  }

  /** Whose rules the layer is to follow. */
  Compatibility compatibility() {
    return compatibility;
  }

  /** Whether the argument is None or was left out with that default. */
  boolean isNone(String name) {
    return values.get(name) == null;
  }

  /** All arguments by name, with their defaults. */
  Map<String, Object> all() {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.remove("device");
    all.remove("dtype");
    return all;
  }

  Object value(String name) {
    return values.get(name);
  }

  public boolean flag(String name) {
    if (values.get(name) instanceof Boolean flag) {
      return flag;
    }
    throw error(name, "must be True or False", values.get(name));
  }

  /** A number, whole or not. */
  public double number(String name) {
    if (values.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw error(name, "must be a number", values.get(name));
  }

  /** A number in a range. */
  public double number(String name, double least, double most) {
    double number = number(name);
    if (!(number >= least && number <= most)) {
      throw error(name, "must be from " + plain(least) + " to " + plain(most), values.get(name));
    }
    return number;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** One of the words given. */
  public String word(String name, String... allowed) {
    if (values.get(name) instanceof String word && Arrays.asList(allowed).contains(word)) {
      return word;
    }
    throw error(name, "must be one of '" + String.join("', '", allowed) + "'", values.get(name));
  }

  /** A whole number of at least {@code least}; a default stands in {@link LayerType#signature}. */
  public int integer(String name, int least) {
    return integer(name, values.get(name), least);
  }

  private int integer(String name, Object value, int least) {
    Long number = whole(value);
    if (number == null) {
      throw error(name, "must be a whole number", value);
    }
    if (number < least) {
      throw error(name, "must be at least " + least, value);
    }
    if (number > Integer.MAX_VALUE) {
      throw error(name, "must be at most " + Integer.MAX_VALUE, value);
    }
    return number.intValue();
  }

  /** 2.0 counts as whole, as JSON writers may put it. */
  private static Long whole(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.valueOf(number.longValue())
        : null;
  }

  /** A number of inputs of at least 1, or null for {@code _} and None: the input decides. */
  public Dim inferable(String name) {
    Object value = values.get(name);
    return value == null || value == Call.INFER ? null : Dim.of(integer(name, value, 1));
  }

  /** A size of at least 1, or 0 for {@code _} and None: the data to be learned decides. */
  int sizeOfData(String name) {
    Object value = values.get(name);
    return value == null || value == Call.INFER ? 0 : integer(name, value, 1);
  }

  /** One number an axis, or one for all. */
  int[] integers(String name, int axes, int least) {
    Object value = values.get(name);
    int[] result = new int[axes];
    if (value instanceof List<?> list) {
      if (list.size() != axes && list.size() != 1) {
        throw error(name, "must have one number or " + axes, value);
      }
      for (int axis = 0; axis < axes; axis++) {
        result[axis] = integer(name, list.get(list.size() == 1 ? 0 : axis), least);
      }
    } else {
      Arrays.fill(result, integer(name, value, least));
    }
    return result;
  }

  /** A list of whole numbers of any length, a lone number being a list of one. */
  int[] list(String name, int least) {
    Object value = values.get(name);
    List<?> list = value instanceof List<?> several ? several : Arrays.asList(value);
    int[] result = new int[list.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = integer(name, list.get(i), least);
    }
    return result;
  }

  /** One size an axis, or one for all; -1 where it is None, which keeps the input's size. */
  int[] optionalSizes(String name, int axes) {
    Object value = values.get(name);
    List<?> list = value instanceof List<?> several ? several : Arrays.asList(value);
    if (list.size() != axes && list.size() != 1) {
      throw error(name, "must have one number or " + axes, value);
    }
    int[] result = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      Object size = list.get(list.size() == 1 ? 0 : axis);
      result[axis] = size == null ? -1 : integer(name, size, 1);
    }
    return result;
  }
}
