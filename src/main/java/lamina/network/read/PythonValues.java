package lamina.network.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.layer.Call;
import lamina.text.InputException;

/** Values in pasted Python: numbers and calculations with them, lists, words, layers by name. */
final class PythonValues {
  private final Scanner in;
  private final ExpressionParser expressions;
  private Scope scope = new Scope(null);

  PythonValues(Scanner in, ExpressionParser expressions) {
    this.in = in;
    this.expressions = expressions;
  }

  /** What names stand for where the text is being read. */
  Scope scope() {
    return scope;
  }

  void enterScope(Scope inner) {
    scope = inner;
  }

  /** A calculation with numbers or lists, or any other single value. */
  Object value() {
    Object sum = product();
    while (true) {
      boolean minus = in.peek() == '-' && !in.at("->");
      if (!minus && in.peek() != '+') {
        return sum;
      }
      String place = in.place();
      in.skipOne();
      sum = Arithmetic.combine(sum, minus ? "-" : "+", product(), place);
    }
  }

  private Object product() {
    Object product = signed();
    while (true) {
      String place = in.place();
      String operator = null;
      for (String candidate : List.of("//", "/", "%", "*")) {
        if (operator == null && !in.at("**") && in.take(candidate)) {
          operator = candidate;
        }
      }
      if (operator == null) {
        return product;
      }
      product = Arithmetic.combine(product, operator, signed(), place);
    }
  }

  private Object signed() {
    String place = in.place();
    if (in.peek() == '-' && !in.atNumber()) {
      in.skipOne();
      return Arithmetic.combine(0L, "-", signed(), place);
    }
    boolean isNegative = in.peek() == '-';
    Object base = single();
    if (!in.take("**")) {
      return base;
    }
    Object exponent = signed();
    // -2**2 is -(2**2).
    return isNegative
        ? Arithmetic.combine(
            0L,
            "-",
            Arithmetic.combine(Arithmetic.combine(0L, "-", base, place), "**", exponent, place),
            place)
        : Arithmetic.combine(base, "**", exponent, place);
  }

  private Object single() {
    char c = in.peek();
    if (c == '(' || c == '[') {
      return indexed(sequence(c));
    }
    if (c == '{') {
      return dictionary();
    }
    if (c == '\'' || c == '"') {
      return in.takeString();
    }
    if (Scanner.isDigit(c) || c == '-' || c == '+' || c == '.') {
      return in.takeNumber();
    }
    String place = in.place();
    int start = in.position();
    String name = in.takeName();
    if (name == null) {
      throw in.unexpected("a value");
    }
    if (scope.has(name)) {
      return indexed(scope.take(name));
    }
    int dot = name.lastIndexOf('.');
    boolean isOfModule = dot > 0 && scope.has(name.substring(0, dot)) && in.peek() == '(';
    if (isOfModule && PythonNames.isHarmlessMethod(name.substring(dot + 1))) {
      in.skipOne();
      return scope.take(name.substring(0, dot));
    }
    if (in.peek() == '(') {
      String function = PythonNames.lastPart(name);
      return switch (function) {
        case "Size", "tuple", "list" -> indexed(elements(start));
        case "int" -> Arithmetic.whole(argumentOf(), place);
        case "float" -> Arithmetic.combine(argumentOf(), "*", 1.0, place);
        default -> expressions.module(name, start, place);
      };
    }
    return switch (name) {
      case "True", "true" -> true;
      case "False", "false" -> false;
      case "None", "null" -> null;
      case "_" -> Call.INFER;
      case "inf" -> Double.POSITIVE_INFINITY;
      // print(model) shows words without quotes: mode=nearest.
      default -> name.equals("nearest") && in.take("-exact") ? "nearest-exact" : name;
    };
  }

  /** {@code torch.Size([2, 3])}. */
  private Object elements(int start) {
    Object value = argumentOf();
    if (!(value instanceof List<?>)) {
      throw in.unexpected("a list in " + in.shortText(start));
    }
    return value;
  }

  private Object argumentOf() {
    in.enter(in.place());
    in.expect('(');
    Object value = value();
    in.take(',');
    in.expect(')');
    in.leave();
    return value;
  }

  /** {@code sizes[1]}. */
  private Object indexed(Object value) {
    Object found = value;
    while (found instanceof List<?> list && in.atSubscript()) {
      String place = in.place();
      in.expect('[');
      Object index = value();
      in.expect(']');
      long at = index instanceof Long number ? number : Long.MIN_VALUE;
      at = at < 0 ? at + list.size() : at;
      if (at < 0 || at >= list.size()) {
        throw new InputException(
            place + ": " + Call.show(index) + " is no index of a list of " + list.size());
      }
      found = list.get((int) at);
    }
    return found;
  }

  private Object sequence(char open) {
    String place = in.place();
    in.enter(place);
    in.expect(open);
    char close = open == '(' ? ')' : ']';
    List<Object> elements = new ArrayList<>();
    boolean comma = false;
    while (!in.take(close)) {
      boolean isSpread = in.take('*');
      if (elements.isEmpty() && in.isComprehension(close)) {
        elements = comprehension();
        in.expect(close);
        in.leave();
        return elements;
      }
      Object element = value();
      if (isSpread && element instanceof List<?> list) {
        elements.addAll(list);
      } else {
        elements.add(element);
      }
      comma = in.take(',');
      if (!comma && in.peek() != close) {
        throw in.unexpected("',' or '" + close + "'");
      }
    }
    in.leave();
    // (3) is a number in parentheses, (3,) a tuple.
    return open == '(' && elements.size() == 1 && !comma ? elements.get(0) : elements;
  }

  /** {@code ReLU() for _ in range(3)}: the element once for each value. */
  private List<Object> comprehension() {
    int start = in.position();
    while (!in.takeWord("for")) {
      in.skipOne();
    }
    String place = in.place();
    String variable = in.takeName();
    if (variable == null || !in.takeWord("in")) {
      throw in.unexpected("a name and 'in' after 'for'");
    }
    List<?> values = in.takeWord("range") ? range(place) : list(value(), place);
    int after = in.position();
    Scope outer = scope;
    List<Object> elements = new ArrayList<>();
    for (Object value : values) {
      scope = new Scope(outer);
      // In a call, an underscore leaves a size to the input.
      if (!variable.equals("_")) {
        scope.put(variable, value);
      }
      in.goBack(start);
      elements.add(value());
    }
    scope = outer;
    in.goBack(after);
    return elements;
  }

  private List<?> range(String place) {
    Object given = in.peek() == '(' ? sequence('(') : null;
    List<?> bounds = given instanceof List<?> list ? list : Arrays.asList(given);
    for (Object bound : bounds) {
      if (!(bound instanceof Long)) {
        throw new InputException(place + ": range needs whole numbers");
      }
    }
    long first = bounds.size() > 1 ? (Long) bounds.get(0) : 0;
    long last = (Long) bounds.get(bounds.size() > 1 ? 1 : 0);
    long step = bounds.size() > 2 ? (Long) bounds.get(2) : 1;
    if (step < 1 || last - first > 10_000) {
      throw new InputException(place + ": range goes up, by 10000 at most, here");
    }
    List<Object> values = new ArrayList<>();
    for (long value = first; value < last; value += step) {
      values.add(value);
    }
    return values;
  }

  private static List<?> list(Object value, String place) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new InputException(place + ": " + Call.show(value) + " is no list");
  }

  /** As the list of pairs that OrderedDict takes. */
  private Object dictionary() {
    in.enter(in.place());
    in.expect('{');
    List<Object> pairs = new ArrayList<>();
    while (!in.take('}')) {
      Object key = value();
      in.expect(':');
      pairs.add(Arrays.asList(key, value()));
      if (!in.take(',') && in.peek() != '}') {
        throw in.unexpected("',' or '}'");
      }
    }
    in.leave();
    return pairs;
  }
}
