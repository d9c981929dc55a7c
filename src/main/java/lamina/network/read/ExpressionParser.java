package lamina.network.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.layer.Call;
import lamina.layer.Call.Argument;
import lamina.layer.Call.Child;
import lamina.layer.LayerRegistry;
import lamina.text.InputException;

/**
 * Parses layers as Python code and as the text of {@code print(model)}: constructor calls one after
 * another, {@code (0): Conv2d(...)} and {@code (0-3): 4 x Block(...)} lines within a container, and
 * {@code name = Call(...)}. Separators between calls are optional, {@code #} starts a comment.
 */
public final class ExpressionParser {
  private final Scanner in;

  private ExpressionParser(Scanner in) {
    this.in = in;
  }

  /**
   * The modules that a text names, in order. The name is null where the text gives none.
   *
   * @param source what messages call the text
   * @throws InputException if the text is malformed
   */
  public static List<Child> parse(String text, String source) {
    ExpressionParser parser = new ExpressionParser(new Scanner(text, source));
    List<Child> modules = new ArrayList<>();
    while (!parser.in.atEnd()) {
      if (parser.in.take(',') || parser.in.take(';')) {
        continue;
      }
      if (parser.in.peek() == '[') {
        parser.addElements(modules);
      } else {
        parser.addModule(modules);
      }
    }
    return modules;
  }

  /** {@code [Conv2d(...), ReLU()]}: as if the brackets were not there. */
  private void addElements(List<Child> modules) {
    in.expect('[');
    while (!in.take(']')) {
      addModule(modules);
      if (!in.take(',') && in.peek() != ']') {
        throw in.unexpected("',' or ']'");
      }
    }
  }

  private void addModule(List<Child> modules) {
    String key = in.takeKey();
    if (key != null) {
      addChildren(modules, key);
      return;
    }
    String place = in.place();
    String name = in.takeName();
    String given = null;
    if (name != null && in.take('=')) {
      given = lastPart(name);
      name = in.takeName();
    }
    if (name == null) {
      throw in.unexpected("a layer such as Conv2d(3, 96, 11)");
    }
    if (in.peek() != '(') {
      throw new InputException(
          place + ": '" + name + "' is no call; write " + lastPart(name) + "(...)");
    }
    modules.add(new Child(given, call(name, place)));
  }

  /** What follows {@code (0):} or {@code (0-3): 4 x}. */
  private void addChildren(List<Child> modules, String key) {
    long count = in.takeRepetition();
    String place = in.place();
    String name = in.takeName();
    if (name == null || in.peek() != '(') {
      throw in.unexpected("a layer after (" + key + "):");
    }
    Call call = call(name, place);
    if (count < 0) {
      modules.add(new Child(key, call));
      return;
    }
    int dash = key.indexOf('-');
    long first = dash > 0 ? number(key.substring(0, dash)) : -1;
    if (first < 0 || number(key.substring(dash + 1)) - first + 1 != count || count > 10_000) {
      throw new InputException(
          place + ": (" + key + ") does not name the " + count + " copies that follow");
    }
    for (long copy = 0; copy < count; copy++) {
      modules.add(new Child(Long.toString(first + copy), call));
    }
  }

  private static long number(String digits) {
    if (digits.isEmpty() || digits.length() > 9) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (!Scanner.isDigit(digits.charAt(i))) {
        return -1;
      }
    }
    return Long.parseLong(digits);
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private Call call(String qualifiedName, String place) {
    String type = lastPart(qualifiedName);
    int start = in.afterName() - type.length();
    in.enter(place);
    in.expect('(');
    List<Argument> arguments = new ArrayList<>();
    List<Child> children = new ArrayList<>();
    // What a module of somebody's own prints of itself may be anything.
    boolean known = LayerRegistry.NAMES.contains(type) || type.equals("OrderedDict");
    while (!in.take(')')) {
      if (in.atEnd()) {
        throw new InputException(
            place + ": the parenthesis after " + type + " is never closed; add ')'");
      }
      String key = in.takeKey();
      if (key != null) {
        addChildren(children, key);
        in.take(',');
      } else if (known) {
        arguments.add(argument());
        if (!in.take(',') && in.peek() != ')' && !in.atEnd() && !in.atKey()) {
          throw in.unexpected("',' or ')'");
        }
      } else {
        in.skipOne();
      }
    }
    in.leave();
    return new Call(type, arguments, children, place, in.collapsed(start));
  }

  private Argument argument() {
    String place = in.place();
    // Sequential(*[...]).
    in.take('*');
    int before = in.position();
    String name = in.takeName();
    if (name != null && in.take('=')) {
      return new Argument(name, value(), place);
    }
    in.goBack(before);
    return new Argument(null, value(), place);
  }

  /** A sum of products of whole numbers, or any other single value. */
  private Object value() {
    Object sum = product();
    while (true) {
      boolean minus = in.peek() == '-';
      if (!minus && in.peek() != '+') {
        return sum;
      }
      String place = in.place();
      in.skipOne();
      sum = combine(sum, minus ? '-' : '+', product(), place);
    }
  }

  private Object product() {
    Object product = single();
    while (true) {
      String place = in.place();
      if (in.take('*')) {
        product = combine(product, '*', single(), place);
      } else if (in.take('/')) {
        in.expect('/');
        product = combine(product, '/', single(), place);
      } else {
        return product;
      }
    }
  }

  private static Object combine(Object a, char operator, Object b, String place) {
    if (!(a instanceof Long left && b instanceof Long right) || (operator == '/' && right == 0)) {
      throw new InputException(place + ": only whole numbers can be calculated with here");
    }
    try {
      return switch (operator) {
        case '+' -> Math.addExact(left, right);
        case '-' -> Math.subtractExact(left, right);
        case '*' -> Math.multiplyExact(left, right);
        default -> Math.floorDiv(left, right);
      };
    } catch (ArithmeticException e) {
      throw new InputException(place + ": the result needs more than 64 bits", e);
    }
  }

  private Object single() {
    char c = in.peek();
    if (c == '(' || c == '[') {
      return sequence(c);
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
    String name = in.takeName();
    if (name == null) {
      throw in.unexpected("a value");
    }
    if (in.peek() == '(') {
      return call(name, place);
    }
    return switch (name) {
      case "True", "true" -> true;
      case "False", "false" -> false;
      case "None", "null" -> null;
      case "_" -> Call.INFER;
      case "inf" -> Double.POSITIVE_INFINITY;
      // print(model) shows words without quotes: mode=nearest.
      default -> name;
    };
  }

  private Object sequence(char open) {
    String place = in.place();
    in.enter(place);
    in.expect(open);
    char close = open == '(' ? ')' : ']';
    List<Object> elements = new ArrayList<>();
    boolean comma = false;
    while (!in.take(close)) {
      elements.add(value());
      comma = in.take(',');
      if (!comma && in.peek() != close) {
        throw in.unexpected("',' or '" + close + "'");
      }
    }
    in.leave();
    // (3) is a number in parentheses, (3,) a tuple.
    return open == '(' && elements.size() == 1 && !comma ? elements.get(0) : elements;
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
