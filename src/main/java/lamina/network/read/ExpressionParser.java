package lamina.network.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import lamina.layer.Call;
import lamina.layer.Call.Argument;
import lamina.layer.Call.Child;
import lamina.layer.LayerRegistry;
import lamina.text.InputException;

/**
 * Parses layers as Python code and as the text of {@code print(model)}: constructor calls one after
 * another, {@code (0): Conv2d(...)} and {@code (0-3): 4 x Block(...)} lines within a container, and
 * {@code name = Call(...)}. Separators between calls are optional, {@code #} starts a comment.
 * Statements and classes are read by {@link PythonStatements}.
 */
public final class ExpressionParser {
  /** What may be called on a module without changing its layers. */
  static final Set<String> HARMLESS_METHODS =
      Set.of(
          "to",
          "cuda",
          "cpu",
          "float",
          "half",
          "double",
          "bfloat16",
          "eval",
          "train",
          "type",
          "requires_grad_",
          "share_memory",
          "apply",
          "zero_grad",
          "compile");

  private final Scanner in;
  private final PythonStatements statements;
  private Scope scope = new Scope(null);

  private ExpressionParser(Scanner in) {
    this.in = in;
    this.statements = new PythonStatements(in, this);
  }

  /**
   * What a text says.
   *
   * @param modules the modules that it names, in order; the name is null where the text gives none
   * @param classes the classes that it defines
   * @param unread parts of printed modules that were not understood
   * @param remarks statements that were left out
   */
  public record Parsed(
      List<Child> modules, Set<String> classes, List<String> unread, List<String> remarks) {}

  /** The modules that a text names, as {@link #read}. */
  public static List<Child> parse(String text, String source) {
    return read(text, source).modules();
  }

  /**
   * Reads a text.
   *
   * @param source what messages call it
   * @throws InputException if the text is malformed
   */
  public static Parsed read(String text, String source) {
    ExpressionParser parser = new ExpressionParser(new Scanner(PastedText.cleaned(text), source));
    List<Child> modules = parser.statements.readAll();
    if (PastedText.printsModules(text)) {
      parser.statements.remarks().add("what was typed is left out: what it prints is read");
    }
    return new Parsed(
        modules,
        parser.statements.classes(),
        List.copyOf(parser.statements.unread()),
        List.copyOf(parser.statements.remarks()));
  }

  Scope scope() {
    return scope;
  }

  void enterScope(Scope inner) {
    scope = inner;
  }

  /** {@code [Conv2d(...), ReLU()]}: as if the brackets were not there. */
  void addElements(List<Child> modules) {
    in.expect('[');
    while (!in.take(']')) {
      addModule(modules);
      if (!in.take(',') && in.peek() != ']') {
        throw in.unexpected("',' or ']'");
      }
    }
  }

  /** A module, with a key before it or without. */
  void addModule(List<Child> modules) {
    String key = in.takeKey();
    if (key != null) {
      addChildren(modules, key);
      return;
    }
    String place = in.place();
    int start = in.position();
    String name = in.takeName();
    if (name == null) {
      throw in.unexpected("a layer such as Conv2d(3, 96, 11)");
    }
    if (in.peek() != '(' && in.peek() != '{') {
      throw new InputException(
          place + ": '" + name + "' is no call; write " + lastPart(name) + "(...)");
    }
    modules.add(new Child(null, methods(call(name, start, place))));
  }

  /** What follows {@code (0):} or {@code (0-3): 4 x}. */
  private void addChildren(List<Child> modules, String key) {
    long count = in.takeRepetition();
    String place = in.place();
    int start = in.position();
    String name = in.takeName();
    if (name == null) {
      throw in.unexpected("a layer after (" + key + "):");
    }
    Call call;
    if (name.equals("Parameter")) {
      call = parameter(start, place);
    } else if (in.atLineEnd() || (in.peek() != '(' && in.peek() != '{')) {
      // Old versions of PyTorch print modules without arguments as names.
      call = new Call(name, List.of(), List.of(), place, name + "()");
    } else {
      call = call(name, start, place);
    }
    if (count < 0) {
      modules.add(Child.printed(key, call));
      return;
    }
    int dash = key.indexOf('-');
    long first = dash > 0 ? number(key.substring(0, dash)) : -1;
    if (first < 0 || number(key.substring(dash + 1)) - first + 1 != count || count > 10_000) {
      throw new InputException(
          place + ": (" + key + ") does not name the " + count + " copies that follow");
    }
    for (long copy = 0; copy < count; copy++) {
      modules.add(Child.printed(Long.toString(first + copy), call));
    }
  }

  /** {@code Parameter containing: [torch.float32 of size 10x10]}, a line of a ParameterList. */
  private Call parameter(int start, String place) {
    in.takeWord("containing");
    in.expect(':');
    in.expect('[');
    in.takeName();
    boolean isSized = in.takeWord("of") && in.takeWord("size");
    List<Object> sizes = new ArrayList<>();
    while (isSized && Scanner.isDigit(in.peek())) {
      sizes.add(in.takeDigits());
      in.takeOne('x');
    }
    while (!in.take(']')) {
      if (in.atEnd()) {
        throw in.unexpected("']'");
      }
      in.skipOne();
    }
    if (!isSized) {
      throw new InputException(place + ": the size of this Parameter is not shown");
    }
    return new Call(
        "Parameter",
        List.of(new Argument("size", sizes, place)),
        List.of(),
        place,
        in.shortText(start));
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

  static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** What follows a call: {@code .to(device)} and the like, which leave the layers as they are. */
  private Call methods(Call call) {
    while (in.peek() == '.') {
      String place = in.place();
      in.expect('.');
      String method = in.takeName();
      if (method == null || !HARMLESS_METHODS.contains(method) || in.peek() != '(') {
        throw new InputException(
            place
                + ": '."
                + method
                + "' after "
                + call.type()
                + " is not understood; leave it out if it changes no layer");
      }
      in.skipOne();
    }
    return call;
  }

  /**
   * @param start where the name starts
   */
  Call call(String qualifiedName, int start, String place) {
    String type = lastPart(qualifiedName);
    int named = start + qualifiedName.length() - type.length();
    in.enter(place);
    char close = in.peek() == '{' ? '}' : ')';
    in.expect(close == '}' ? '{' : '(');
    List<Argument> arguments = new ArrayList<>();
    List<Child> children = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    boolean isDefined = statements.classes().contains(type);
    // What a module of somebody's own prints of itself may be anything.
    boolean known =
        LayerRegistry.NAMES.contains(type)
            || HOLDERS.contains(type)
            || type.equals("MultiheadAttention")
            || isDefined;
    while (!in.take(close)) {
      if (in.atEnd()) {
        throw new InputException(
            place + ": the parenthesis after " + type + " is never closed; add '" + close + "'");
      }
      String key = in.takeKey();
      if (key != null) {
        addChildren(children, key);
        in.take(',');
      } else if (known) {
        arguments.add(argument(type));
        if (!in.take(',') && !in.take("->") && in.peek() != close && !in.atEnd() && !in.atKey()) {
          throw in.unexpected("',' or '" + close + "'");
        }
      } else {
        unread.add(unread(type, close));
      }
    }
    in.leave();
    String text = in.collapsed(named);
    if (isDefined) {
      return statements.instance(type, arguments, place, text);
    }
    if (!children.isEmpty()) {
      statements.unread().addAll(unread);
    }
    return new Call(type, arguments, children, place, text);
  }

  /** Modules that only hold others. */
  private static final Set<String> HOLDERS =
      Set.of("OrderedDict", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict");

  /** What a module of somebody's own prints of itself, up to its next part. */
  private String unread(String type, char close) {
    String place = in.place();
    int start = in.position();
    do {
      in.skipOne();
    } while (!in.atEnd() && in.peek() != close && !in.atKey());
    return place + ": '" + in.shortText(start) + "' of " + type + " is not understood";
  }

  private Argument argument(String type) {
    String place = in.place();
    // Sequential(*[...]).
    while (in.take('*')) {
      place = in.place();
    }
    int before = in.position();
    String name = in.takeName();
    if (name != null && in.takeAssignment()) {
      boolean isSize =
          name.equals("size") && (type.startsWith("MaxPool") || type.startsWith("AvgPool"));
      // Old versions of PyTorch print a pool's kernel_size so.
      return new Argument(isSize ? "kernel_size" : name, value(), place);
    }
    if ("inplace".equals(name) && (in.peek() == ',' || in.peek() == ')')) {
      return new Argument(name, true, place);
    }
    in.goBack(before);
    return new Argument(null, value(), place);
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
    if (isOfModule && HARMLESS_METHODS.contains(name.substring(dot + 1))) {
      in.skipOne();
      return scope.take(name.substring(0, dot));
    }
    if (in.peek() == '(') {
      String function = lastPart(name);
      return switch (function) {
        case "Size", "tuple", "list" -> indexed(elements(start));
        case "int" -> Arithmetic.whole(argumentOf(), place);
        case "float" -> Arithmetic.combine(argumentOf(), "*", 1.0, place);
        default -> methods(call(name, start, place));
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
