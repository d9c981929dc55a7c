package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.network.read.Scanner;
import lamina.network.read.forward.ForwardValue.Attribute;
import lamina.network.read.forward.ForwardValue.Function;
import lamina.network.read.forward.ForwardValue.Range;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * Reads {@code def forward(self, x):} and the straight-line Python code that follows: assignments
 * and a return, without loops and conditions. It is run as it is read.
 */
final class ForwardCode {
  private static final List<String> CONTROL =
      List.of("if", "for", "while", "with", "try", "else", "elif", "raise", "yield", "lambda");

  private final Scanner in;
  private final Trace trace;
  private final Functions functions;
  private final Map<String, Object> values = new HashMap<>();

  /** The path of the module whose forward() this is. */
  private final String self;

  ForwardCode(String text, String source, Trace trace, String self) {
    this.in = new Scanner(text, source);
    this.trace = trace;
    this.functions = new Functions(trace);
    this.self = self;
  }

  /** What the network's forward() returns. */
  Object run() {
    return run(null, Map.of());
  }

  /**
   * What forward() returns.
   *
   * @param positional its arguments; null for the network's own, whose arguments are its inputs
   * @param named those that are given by name
   */
  Object run(List<Object> positional, Map<String, Object> named) {
    int outer = in.column();
    in.takeName();
    in.takeName();
    parameters(positional, named);
    while (!in.atEnd() && in.column() > outer) {
      if (in.take(';')) {
        continue;
      }
      if (in.peek() == '"' || in.peek() == '\'') {
        comment();
        continue;
      }
      String place = in.place();
      int start = in.position();
      String word = in.takeName();
      if ("return".equals(word)) {
        Object value = list();
        boolean isWhole = in.atLineEnd();
        String end = in.place();
        if (!isWhole && "if".equals(in.takeName())) {
          throw branching(end, "if");
        }
        return value;
      }
      if (CONTROL.contains(String.valueOf(word))) {
        throw branching(place, word);
      }
      if ("assert".equals(word) || "pass".equals(word)) {
        while (!in.atLineEnd()) {
          in.skipOne();
        }
        continue;
      }
      in.goBack(start);
      statement();
    }
    throw new InputException(in.place() + ": forward() ends without a return");
  }

  private static InputException branching(String place, String word) {
    return new InputException(
        place
            + ": only straight-line code is read, not '"
            + word
            + "'; print(torch.fx.symbolic_trace(model).graph) gives the way that it takes");
  }

  /** A string that stands for itself: what the function does, in words. */
  private void comment() {
    for (String quotes : List.of("\"\"\"", "'''")) {
      if (in.take(quotes)) {
        while (!in.take(quotes)) {
          if (in.atEnd()) {
            throw in.unexpected(quotes);
          }
          in.skipCharacter();
        }
        return;
      }
    }
    in.takeString();
  }

  private void parameters(List<Object> positional, Map<String, Object> named) {
    in.expect('(');
    boolean first = true;
    int next = 0;
    while (!in.take(')')) {
      String place = in.place();
      String name = in.takeName();
      if (name == null) {
        throw in.unexpected("a parameter");
      }
      if (in.take(':')) {
        while (in.peek() != ',' && in.peek() != ')' && in.peek() != '=' && !in.atEnd()) {
          in.skipOne();
        }
      }
      Object value = null;
      boolean optional = in.take('=');
      if (optional) {
        value = expression();
      }
      if (first && name.equals("self")) {
        value = new Attribute(self);
      } else if (positional != null && (next < positional.size() || named.containsKey(name))) {
        value = next < positional.size() ? positional.get(next++) : named.get(name);
      } else if (!optional && positional != null) {
        throw new InputException(place + ": '" + self + "' is called without '" + name + "'");
      } else if (!optional) {
        value = trace.input(name);
      }
      values.put(name, value);
      first = false;
      in.take(',');
    }
    while (in.peek() != ':' && !in.atEnd()) {
      in.skipOne();
    }
    in.expect(':');
  }

  /** {@code a = b = expression}, {@code a, (b, c) = expression}, {@code a += expression}. */
  private void statement() {
    List<Object> targets = new ArrayList<>();
    while (true) {
      int start = in.position();
      Object target = targets();
      if (target != null && isAssignment()) {
        in.expect('=');
        targets.add(target);
        continue;
      }
      in.goBack(start);
      break;
    }
    if (targets.isEmpty() && augmented()) {
      return;
    }
    String place = in.place();
    Object value = list();
    for (Object target : targets) {
      assign(target, value, place);
    }
  }

  private boolean isAssignment() {
    if (in.peek() != '=') {
      return false;
    }
    int start = in.position();
    in.take('=');
    boolean assigns = in.peek() != '=';
    in.goBack(start);
    return assigns;
  }

  /**
   * A name, or a list of names and lists, before an equals sign; null if something else follows.
   */
  private Object targets() {
    List<Object> targets = new ArrayList<>();
    boolean comma;
    do {
      Object target;
      if (in.take('(')) {
        target = targets();
        if (!in.take(')')) {
          return null;
        }
      } else {
        String name = in.takeName();
        target = name == null || name.indexOf('.') >= 0 ? null : name;
      }
      if (target == null) {
        return null;
      }
      targets.add(target);
      comma = in.take(',');
    } while (comma && in.peek() != '=' && in.peek() != ')');
    return targets.size() == 1 && !comma ? targets.get(0) : targets;
  }

  private boolean augmented() {
    int start = in.position();
    String place = in.place();
    String name = in.takeName();
    if (name != null && values.containsKey(name)) {
      for (String operator : List.of("+=", "-=", "*=", "//=", "/=")) {
        if (in.take(operator)) {
          String function = function(operator.substring(0, operator.length() - 1));
          Object value = call(function, List.of(values.get(name), list()), Map.of(), place);
          values.put(name, value);
          return true;
        }
      }
    }
    in.goBack(start);
    return false;
  }

  private static String function(String operator) {
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

  private void assign(Object target, Object value, String place) {
    if (target instanceof String name) {
      values.put(name, value);
      return;
    }
    List<?> targets = (List<?>) target;
    if (value instanceof List<?> list && list.size() != targets.size()) {
      throw new InputException(
          place + ": gives " + list.size() + " values to " + targets.size() + " names");
    }
    for (int i = 0; i < targets.size(); i++) {
      Object part = call("getitem", listOf(value, (long) i), Map.of(), place);
      assign(targets.get(i), part, place);
    }
  }

  private static List<Object> listOf(Object... values) {
    List<Object> list = new ArrayList<>();
    for (Object value : values) {
      list.add(value);
    }
    return list;
  }

  private Object call(
      String function, List<Object> positional, Map<String, Object> named, String place) {
    String plain = function.substring(function.lastIndexOf('.') + 1);
    String output = trace.free(self.isEmpty() ? plain : self + "." + plain);
    return functions.call(function, positional, named, output, place);
  }

  /** One expression, or several with commas between. */
  private Object list() {
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

  private Object expression() {
    Object sum = product();
    while (!in.atLineEnd() || depth > 0) {
      String place = in.place();
      char c = in.peek();
      if (c != '+' && c != '-') {
        break;
      }
      in.take(c);
      sum = call(c == '+' ? "add" : "sub", listOf(sum, product()), Map.of(), place);
    }
    return sum;
  }

  /** How many brackets are open: within them a line may end anywhere. */
  private int depth;

  private Object product() {
    Object product = sign();
    while (!in.atLineEnd() || depth > 0) {
      String place = in.place();
      String operator =
          in.take("//")
              ? "//"
              : in.take("*") ? "*" : in.take("/") ? "/" : in.take("@") ? "@" : null;
      if (operator == null) {
        break;
      }
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
    return power();
  }

  private Object power() {
    Object base = primary();
    String place = in.place();
    return (!in.atLineEnd() || depth > 0) && in.take("**")
        ? call("pow", listOf(base, sign()), Map.of(), place)
        : base;
  }

  private Object primary() {
    Object value = atom();
    while (!in.atLineEnd() || depth > 0) {
      String place = in.place();
      char c = in.peek();
      if (c == '(') {
        value = called(value, place);
      } else if (c == '[') {
        value = call("getitem", listOf(value, subscript()), Map.of(), place);
      } else if (c == '.') {
        in.take('.');
        value = attribute(value, in.takeName(), place);
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
    boolean isTensor = of instanceof ForwardValue.Ref || of instanceof Attribute;
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
      return functions.module(
          module.path(), positional, named, trace.free(module.path().replace('.', '_')), place);
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
    return isModule
        ? attribute(positional.get(0), String.valueOf(positional.get(1)), place)
        : call(function.name(), positional, named, place);
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
