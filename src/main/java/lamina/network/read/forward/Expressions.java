package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.network.read.Scanner;
import lamina.network.read.forward.ForwardValue.Attribute;
import lamina.network.read.forward.ForwardValue.Function;
import lamina.network.read.forward.ForwardValue.Range;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** The expressions of Python that {@code forward()} has, which are computed as they are read. */
final class Expressions {
  private static final Map<String, String> COMPARISONS = new LinkedHashMap<>();

  static {
    COMPARISONS.put("<=", "le");
    COMPARISONS.put(">=", "ge");
    COMPARISONS.put("==", "eq");
    COMPARISONS.put("!=", "ne");
    COMPARISONS.put("<", "lt");
    COMPARISONS.put(">", "gt");
  }

  private final Scanner in;
  private final Trace trace;
  private final Functions functions;
  private final Map<String, Object> values;

  /** The path of the module whose forward() this is. */
  private final String self;

  /** What the last value is an item of, and its index; null if it is none. */
  private List<Object> lastItem;

  /** How many brackets are open: within them a line may end anywhere. */
  private int depth;

  /**
   * @param values what names stand for, to which statements add
   */
  Expressions(Scanner in, Trace trace, Map<String, Object> values, String self) {
    this.in = in;
    this.trace = trace;
    this.functions = new Functions(trace);
    this.values = values;
    this.self = self;
  }

  /** Whether an equals sign comes next that is no comparison. */
  boolean isAssignment() {
    if (in.peek() != '=') {
      return false;
    }
    int start = in.position();
    in.take('=');
    boolean assigns = in.peek() != '=';
    in.goBack(start);
    return assigns;
  }

  /** If the last expression ends with an index: what has it, and the index; else null. */
  List<Object> lastItem() {
    return lastItem;
  }

  /** The function that an operator stands for. */
  static String function(String operator) {
    return switch (operator) {
      case "+" -> "add";
      case "-" -> "sub";
      case "*" -> "mul";
      case "/" -> "truediv";
      case "//" -> "floordiv";
      case "@" -> "matmul";
      default -> "pow";
    };
  }

  static List<Object> listOf(Object... values) {
    List<Object> list = new ArrayList<>();
    for (Object value : values) {
      list.add(value);
    }
    return list;
  }

  /** Calls a function, whose output has its name. */
  Object call(String function, List<Object> positional, Map<String, Object> named, String place) {
    String plain = function.substring(function.lastIndexOf('.') + 1);
    String output = trace.free(self.isEmpty() ? plain : self + "." + plain);
    return functions.call(function, positional, named, output, place);
  }

  /** One expression, or several with commas between. */
  Object list() {
    Object first = expression();
    if (in.atLineEnd() || in.peek() != ',') {
      return first;
    }
    List<Object> list = listOf(first);
    while (!in.atLineEnd() && in.take(',')) {
      if (!in.atLineEnd()) {
        list.add(expression());
      }
    }
    return list;
  }

  /** One expression. */
  Object expression() {
    Object value = sum();
    String place = in.place();
    boolean isOver = in.atLineEnd() && depth == 0;
    for (String operator : COMPARISONS.keySet()) {
      if (!isOver && in.take(operator)) {
        value = call(COMPARISONS.get(operator), listOf(value, sum()), Map.of(), place);
        break;
      }
    }
    return value;
  }

  private Object sum() {
    Object sum = product();
    while (!in.atLineEnd() || depth > 0) {
      String place = in.place();
      char c = in.peek();
      if ((c != '+' && c != '-') || in.at(c + "=")) {
        break;
      }
      in.take(c);
      sum = call(c == '+' ? "add" : "sub", listOf(sum, product()), Map.of(), place);
    }
    return sum;
  }

  private Object product() {
    Object product = sign();
    while (!in.atLineEnd() || depth > 0) {
      String place = in.place();
      String operator = in.at("//") ? "//" : String.valueOf(in.peek());
      if (!List.of("//", "*", "/", "@").contains(operator)
          || in.at(operator + "=")
          || in.at("**=")) {
        break;
      }
      in.take(operator);
      product = call(function(operator), listOf(product, sign()), Map.of(), place);
    }
    return product;
  }

  private Object sign() {
    String place = in.place();
    if (in.take('-')) {
      Object value = sign();
      if (value instanceof Long number) {
        return -number;
      }
      return value instanceof Double number
          ? (Object) (-number)
          : call("neg", listOf(value), Map.of(), place);
    }
    if (in.take('~')) {
      return call("invert", listOf(sign()), Map.of(), place);
    }
    return power();
  }

  private Object power() {
    Object base = primary();
    String place = in.place();
    return (!in.atLineEnd() || depth > 0) && !in.at("**=") && in.take("**")
        ? call("pow", listOf(base, sign()), Map.of(), place)
        : base;
  }

  private Object primary() {
    Object value = atom();
    lastItem = null;
    while (!in.atLineEnd() || depth > 0) {
      String place = in.place();
      char c = in.peek();
      if (c == '(') {
        value = called(value, place);
        lastItem = null;
      } else if (c == '[') {
        List<Object> item = listOf(value, subscript());
        // What a dictionary is given now, it need not have yet.
        boolean isNew = value instanceof Map && isAssignment();
        value = isNew ? null : call("getitem", item, Map.of(), place);
        lastItem = item;
      } else if (c == '.') {
        in.take('.');
        value = attribute(value, in.takeName(), place);
        lastItem = null;
      } else {
        break;
      }
    }
    return value;
  }

  private Object atom() {
    String place = in.place();
    char c = in.peek();
    if (c == '(' || c == '[') {
      return bracketed(c);
    }
    if (c == '{') {
      return dictionary();
    }
    if (c == '\'' || c == '"') {
      return in.takeString();
    }
    if (Scanner.isDigit(c)) {
      return in.takeNumber();
    }
    if (in.take("...")) {
      return new ForwardValue.Ellipsis();
    }
    String dotted = in.takeName();
    if (dotted == null) {
      throw in.unexpected("an expression");
    }
    String[] words = dotted.split("\\.", -1);
    Object value =
        switch (words[0]) {
          case "None" -> null;
          case "True" -> true;
          case "False" -> false;
          case "Ellipsis" -> new ForwardValue.Ellipsis();
          case "not", "lambda", "await" ->
              throw new InputException(place + ": '" + words[0] + "' is not read here");
          default -> values.containsKey(words[0]) ? values.get(words[0]) : named(words, place);
        };
    for (int i = 1; i < words.length && !(value instanceof Function); i++) {
      value = attribute(value, words[i], place);
    }
    return value;
  }

  /** A name that no line gives: a function, alone or within a module of Python. */
  private Object named(String[] words, String place) {
    String last = words[words.length - 1];
    if (words.length == 2 && List.of("math", "np", "numpy", "torch").contains(words[0])) {
      switch (last) {
        case "pi" -> {
          return Math.PI;
        }
        case "e" -> {
          return Math.E;
        }
        case "inf" -> {
          return Double.POSITIVE_INFINITY;
        }
        default -> {}
      }
    }
    if (!functions.knows(last) && words.length == 1) {
      throw new InputException(
          place
              + ": '"
              + last
              + "' is not known; no line before it gives it"
              + NearSpelling.hint(last, new ArrayList<>(values.keySet())));
    }
    return new Function(String.join(".", words), null);
  }

  private Object attribute(Object of, String name, String place) {
    if (name == null) {
      throw in.unexpected("a name");
    }
    if (of instanceof Attribute module && !trace.isParameter(module.path())) {
      return new Attribute(module.path().isEmpty() ? name : module.path() + "." + name);
    }
    boolean isTensor =
        of instanceof ForwardValue.Ref
            || of instanceof Attribute
            || of instanceof ForwardValue.States;
    boolean isNamed = of instanceof ForwardValue.Several several && several.names().contains(name);
    if (isNamed
        || (isTensor && List.of("shape", "T", "mT", "device", "dtype", "data").contains(name))) {
      return call("getattr", listOf(of, name), Map.of(), place);
    }
    return new Function(name, of);
  }

  private Object called(Object callee, String place) {
    in.enter(place);
    in.expect('(');
    depth++;
    List<Object> positional = new ArrayList<>();
    Map<String, Object> named = new LinkedHashMap<>();
    while (!in.take(')')) {
      int start = in.position();
      String name = in.takeName();
      if (name != null && isAssignment()) {
        in.expect('=');
        named.put(name, expression());
      } else {
        in.goBack(start);
        boolean spread = in.take('*');
        Object value = expression();
        if (spread && value instanceof List<?> list) {
          positional.addAll(list);
        } else {
          positional.add(value);
        }
      }
      if (!in.take(',') && in.peek() != ')') {
        throw in.unexpected("',' or ')'");
      }
    }
    depth--;
    in.leave();
    if (callee instanceof Attribute module) {
      String output = trace.free(module.path().replace('.', '_'));
      return functions.module(module.path(), positional, named, output, place);
    }
    if (!(callee instanceof Function function)) {
      throw new InputException(
          place + ": " + FunctionCall.shown(callee) + " is called, which is no function");
    }
    if (function.self() != null) {
      positional.add(0, function.self());
    }
    boolean isModule =
        positional.size() == 2
            && function.name().equals("getattr")
            && positional.get(0) instanceof Attribute;
    if (isModule) {
      return attribute(positional.get(0), String.valueOf(positional.get(1)), place);
    }
    return call(function.name(), positional, named, place);
  }

  private Map<Object, Object> dictionary() {
    in.enter(in.place());
    in.expect('{');
    depth++;
    Map<Object, Object> pairs = new LinkedHashMap<>();
    while (!in.take('}')) {
      Object key = expression();
      in.expect(':');
      pairs.put(key, expression());
      if (!in.take(',') && in.peek() != '}') {
        throw in.unexpected("',' or '}'");
      }
    }
    depth--;
    in.leave();
    return pairs;
  }

  private Object bracketed(char open) {
    in.enter(in.place());
    in.expect(open);
    depth++;
    char close = open == '(' ? ')' : ']';
    List<Object> list = new ArrayList<>();
    boolean comma = false;
    while (!in.take(close)) {
      boolean spread = in.take('*');
      Object value = expression();
      if (spread && value instanceof List<?> values) {
        list.addAll(values);
      } else {
        list.add(value);
      }
      comma = in.take(',');
      if (!comma && in.peek() != close) {
        throw in.unexpected("',' or '" + close + "'");
      }
    }
    depth--;
    in.leave();
    return open == '(' && list.size() == 1 && !comma ? list.get(0) : list;
  }

  /** What stands between brackets after a value: one index, or several as a list. */
  private Object subscript() {
    in.enter(in.place());
    in.expect('[');
    depth++;
    List<Object> indices = new ArrayList<>();
    boolean comma = false;
    while (!in.take(']')) {
      indices.add(index());
      comma = in.take(',');
      if (!comma && in.peek() != ']') {
        throw in.unexpected("',' or ']'");
      }
    }
    depth--;
    in.leave();
    return indices.size() == 1 && !comma ? indices.get(0) : indices;
  }

  private Object index() {
    Object start = in.peek() == ':' ? null : expression();
    if (!in.take(':')) {
      return start;
    }
    Object stop = bound();
    return new Range(start, stop, in.take(':') ? bound() : null);
  }

  private Object bound() {
    char c = in.peek();
    return c == ':' || c == ',' || c == ']' ? null : expression();
  }
}
