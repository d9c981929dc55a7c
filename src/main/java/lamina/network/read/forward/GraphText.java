package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.network.read.Scanner;
import lamina.network.read.forward.ForwardValue.Attribute;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * Reads the printed graph of torch.fx: {@code %add : [num_users=1] =
 * call_function[target=operator.add](args = (%relu, %x), kwargs = {})}, a line a node, and {@code
 * return}.
 */
final class GraphText {
  private final Scanner in;
  private final Trace trace;
  private final Functions functions;
  private final Map<String, Object> values = new HashMap<>();
  private boolean isReturn;

  GraphText(String text, String source, Trace trace) {
    this.in = new Scanner(text, source);
    this.trace = trace;
    this.functions = new Functions(trace);
  }

  /** What the graph returns. */
  Object run() {
    in.takeName();
    in.skipOne();
    in.expect(':');
    while (!in.atEnd()) {
      if (in.peek() == '%') {
        node();
        continue;
      }
      String place = in.place();
      String word = in.takeName();
      if (!"return".equals(word)) {
        throw new InputException(
            place + ": a graph has lines such as %x = ... and return, not '" + word + "'");
      }
      isReturn = true;
      Object result = value();
      List<Object> results = new ArrayList<>(List.of(orNone(result)));
      while (in.take(',')) {
        results.add(orNone(value()));
      }
      return results.size() == 1 ? result : results;
    }
    throw new InputException(in.place() + ": the graph ends without a return");
  }

  private static Object orNone(Object value) {
    return value == null ? "None" : value;
  }

  private void node() {
    String place = in.place();
    in.expect('%');
    String name = in.takeName();
    if (name == null) {
      throw in.unexpected("the name of a node");
    }
    in.expect(':');
    while (in.peek() != '=' && !in.atEnd()) {
      in.skipOne();
    }
    in.expect('=');
    String operation = in.takeName();
    in.expect('[');
    in.takeName();
    in.expect('=');
    String target = in.takeUntil(']');
    List<Object> arguments = new ArrayList<>();
    Map<String, Object> named = new LinkedHashMap<>();
    boolean isOptional = false;
    boolean open = in.take('(');
    while (open && !in.take(')')) {
      String part = in.takeName();
      in.expect('=');
      Object value = "args".equals(part) && target.endsWith("einsum") ? sum() : value();
      if ("args".equals(part) && value instanceof List<?> list) {
        arguments.addAll(list);
      } else if ("kwargs".equals(part) && value instanceof Map<?, ?> map) {
        map.forEach((key, entry) -> named.put(String.valueOf(key), entry));
      }
      isOptional |= "default".equals(part);
      in.take(',');
    }
    Object result =
        switch (operation == null ? "" : operation) {
          case "placeholder" -> isOptional ? null : trace.input(target);
          case "get_attr" -> new Attribute(target);
          case "call_module" -> functions.module(target, arguments, named, name, place);
          case "call_function", "call_method" ->
              functions.call(target, arguments, named, name, place);
          case "output" -> arguments.isEmpty() ? null : arguments.get(0);
          default -> throw unknownOperation(place, operation);
        };
    values.put(name, result);
  }

  private static InputException unknownOperation(String place, String operation) {
    return new InputException(
        place
            + ": '"
            + operation
            + "' is no operation of torch.fx; it has placeholder, get_attr, call_module,"
            + " call_function, call_method and output");
  }

  /** Numbers, words, tuples, lists, dictionaries, slices and names of nodes. */
  private Object value() {
    String place = in.place();
    char c = in.peek();
    if (c == '%') {
      return known(place);
    }
    if (c == '(' || c == '[') {
      return list(c);
    }
    if (c == '{') {
      return dictionary();
    }
    if (c == '\'' || c == '"') {
      return in.takeString();
    }
    if (in.take("-inf")) {
      return Double.NEGATIVE_INFINITY;
    }
    if (Scanner.isDigit(c) || c == '-' || c == '+') {
      return in.takeNumber();
    }
    if (c == '.') {
      in.take('.');
      in.take('.');
      in.expect('.');
      return new ForwardValue.Ellipsis();
    }
    String name = in.takeName();
    if (name == null) {
      throw in.unexpected("a value");
    }
    if (name.equals("slice") && in.peek() == '(') {
      List<Object> bounds = list('(');
      if (bounds.size() != 3) {
        throw new InputException(place + ": slice() has a start, a stop and a step");
      }
      return new ForwardValue.Range(bounds.get(0), bounds.get(1), bounds.get(2));
    }
    return switch (name) {
      case "None" -> null;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "True" -> true;
      case "False" -> false;
      case "Ellipsis" -> new ForwardValue.Ellipsis();
      // print(graph) shows strings without quotes, and the result without %.
      default -> isReturn ? values.getOrDefault(name, name) : name;
    };
  }

  /** What the node after a {@code %} gave. */
  private Object known(String place) {
    in.expect('%');
    String name = in.takeName();
    if (!values.containsKey(name)) {
      throw new InputException(
          place
              + ": no line before it gives %"
              + name
              + NearSpelling.hint(String.valueOf(name), new ArrayList<>(values.keySet())));
    }
    return values.get(name);
  }

  /** The arguments of einsum, of which the first is an equation without quotes. */
  private List<Object> sum() {
    in.expect('(');
    int start = in.position();
    StringBuilder equation = new StringBuilder();
    while (in.peek() != '%' && in.peek() != '[' && !in.atLineEnd()) {
      equation.append(in.peek());
      in.skipCharacter();
    }
    int comma = equation.lastIndexOf(",");
    if (comma < 0 || in.atLineEnd()) {
      in.goBack(start);
      throw in.unexpected("an equation and tensors");
    }
    List<Object> arguments = new ArrayList<>();
    arguments.add(equation.substring(0, comma).replace("'", ""));
    while (!in.take(')')) {
      arguments.add(value());
      if (!in.take(',') && in.peek() != ')') {
        throw in.unexpected("',' or ')'");
      }
    }
    return arguments;
  }

  private List<Object> list(char open) {
    in.enter(in.place());
    in.expect(open);
    char close = open == '(' ? ')' : ']';
    List<Object> list = new ArrayList<>();
    while (!in.take(close)) {
      list.add(value());
      if (!in.take(',') && in.peek() != close) {
        throw in.unexpected("',' or '" + close + "'");
      }
    }
    in.leave();
    return list;
  }

  private Map<String, Object> dictionary() {
    in.enter(in.place());
    in.expect('{');
    Map<String, Object> pairs = new LinkedHashMap<>();
    while (!in.take('}')) {
      Object key = value();
      in.expect(':');
      pairs.put(String.valueOf(key), value());
      if (!in.take(',') && in.peek() != '}') {
        throw in.unexpected("',' or '}'");
      }
    }
    in.leave();
    return pairs;
  }
}
