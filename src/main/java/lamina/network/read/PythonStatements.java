package lamina.network.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Call;
import lamina.layer.Call.Argument;
import lamina.layer.Call.Child;
import lamina.text.InputException;

/**
 * Reads the statements of pasted Python: assignments, classes of modules with their {@code
 * __init__}, and what surrounds them. Nothing is run but that: what would change the layers and is
 * not understood is refused; what cannot change them is left out and named.
 */
final class PythonStatements {
  /** Statements that Python alone can run. */
  private static final Set<String> RUN_BY_PYTHON =
      Set.of(
          "for",
          "while",
          "if",
          "elif",
          "else",
          "with",
          "try",
          "except",
          "finally",
          "return",
          "del",
          "raise",
          "global",
          "nonlocal",
          "async",
          "await",
          "yield",
          "match",
          "lambda");

  /** First parts of names of functions that make no layers. */
  private static final Set<String> NO_LAYERS =
      Set.of(
          "optim",
          "F",
          "np",
          "plt",
          "init",
          "print",
          "summary",
          "torchsummary",
          "torchinfo",
          "assert",
          "logging",
          "warnings",
          "random",
          "os",
          "sys",
          "time");

  private final Scanner in;
  private final ExpressionParser expressions;
  private final Map<String, ModuleClass> classes = new HashMap<>();
  private final Set<String> unread = new LinkedHashSet<>();
  private final Set<String> remarks = new LinkedHashSet<>();
  private ModuleClass last;

  /**
   * A class and its constructor.
   *
   * @param base what it extends, as written
   * @param parameters where the constructor's parameters start; -1 if there is no constructor
   * @param body where its statements start
   * @param end where they end
   */
  private record ModuleClass(String name, String base, int parameters, int body, int end) {}

  /**
   * What an assignment at the top says.
   *
   * @param name what was assigned to; null for a module that stands alone
   */
  private record Assigned(String name, Object value, Child module) {
    Assigned holding(Object grown) {
      return new Assigned(name, grown, module);
    }
  }

  PythonStatements(Scanner in, ExpressionParser expressions) {
    this.in = in;
    this.expressions = expressions;
  }

  /** The names of the classes that the text defines. */
  Set<String> classes() {
    return classes.keySet();
  }

  /** Parts of printed modules that were not understood. */
  Set<String> unread() {
    return unread;
  }

  /** Statements that were left out. */
  Set<String> remarks() {
    return remarks;
  }

  /** The modules of the whole text; those that others took by name count there alone. */
  List<Child> readAll() {
    List<Assigned> found = new ArrayList<>();
    while (!in.atEnd()) {
      if (in.take(',') || in.take(';')) {
        continue;
      }
      if (in.peek() == '[') {
        List<Child> elements = new ArrayList<>();
        expressions.addElements(elements);
        elements.forEach(child -> found.add(new Assigned(null, null, child)));
      } else if (!isLeftOut()) {
        add(found);
      }
    }
    List<Child> modules = new ArrayList<>();
    for (Assigned assigned : found) {
      if (assigned.module() != null) {
        modules.add(assigned.module());
      } else if (!expressions.scope().isTaken(assigned.value())) {
        addValue(assigned.name(), assigned.value(), modules);
      }
    }
    if (modules.isEmpty() && last != null) {
      Call call = instance(last.name(), List.of(), in.place(), last.name() + "()");
      modules.add(new Child(null, call));
    }
    boolean isWhole =
        modules.size() == 1
            && (!modules.get(0).call().children().isEmpty()
                || modules.get(0).call().type().equals("Sequential"));
    // The name of the variable that holds the whole is no part of the names of its layers.
    return isWhole && modules.get(0).inputs() == null && !modules.get(0).isPrinted()
        ? List.of(new Child(null, modules.get(0).call()))
        : modules;
  }

  private static void addValue(String name, Object value, List<Child> modules) {
    if (value instanceof Call call) {
      modules.add(new Child(name, call));
    } else if (value instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Call call) {
          modules.add(new Child(null, call));
        }
      }
    }
  }

  private void add(List<Assigned> found) {
    int before = in.position();
    List<String> names = targets();
    if (names != null && names.size() > 1) {
      List<?> values = values(names.size());
      for (int i = 0; i < values.size(); i++) {
        expressions.scope().put(names.get(i), values.get(i));
        found.add(new Assigned(ExpressionParser.lastPart(names.get(i)), values.get(i), null));
      }
      return;
    }
    String name = names == null ? in.takeName() : names.get(0);
    if (name != null && names == null && isGrown(name, found)) {
      return;
    }
    if (names == null) {
      in.goBack(before);
      List<Child> modules = new ArrayList<>();
      expressions.addModule(modules);
      modules.forEach(child -> found.add(new Assigned(null, null, child)));
      return;
    }
    if (isPartOfModule(name)) {
      leaveChange(name, before);
      return;
    }
    if (isNoLayer(in.peekName()) || isCallOfModule()) {
      leaveOut(before);
      return;
    }
    Object value = expressions.value();
    if (!(value instanceof Call) && "if".equals(in.peekName())) {
      leaveOut(before);
      return;
    }
    expressions.scope().put(name, value);
    if (found.stream().anyMatch(assigned -> assigned.value() == value && value != null)) {
      // model = model.to(device) is the same model.
      expressions.scope().release(value);
      return;
    }
    found.add(new Assigned(ExpressionParser.lastPart(name), value, null));
  }

  /** {@code model.fc}, of a model that is there. */
  private boolean isPartOfModule(String name) {
    int dot = name.indexOf('.');
    return dot > 0
        && expressions.scope().has(name.substring(0, dot))
        && expressions.scope().look(name.substring(0, dot)) instanceof Call;
  }

  /** The names that are assigned to, {@code a, b =}; null if no equals sign follows them. */
  private List<String> targets() {
    int before = in.position();
    List<String> names = new ArrayList<>();
    do {
      names.add(in.takeName());
    } while (names.get(names.size() - 1) != null && in.take(','));
    if (names.get(names.size() - 1) != null && in.takeAssignment()) {
      return names;
    }
    in.goBack(before);
    return null;
  }

  /** As many values as there are names: {@code 10, 32}. */
  private List<?> values(int count) {
    String place = in.place();
    Object first = expressions.value();
    List<Object> values = new ArrayList<>();
    values.add(first);
    while (in.take(',')) {
      values.add(expressions.value());
    }
    List<?> all = values.size() == 1 && first instanceof List<?> list ? list : values;
    if (all.size() != count) {
      throw new InputException(place + ": " + all.size() + " values for " + count + " names");
    }
    return all;
  }

  /** {@code layers += [...]}, {@code layers.append(...)} and {@code net.add_module('a', ...)}. */
  private boolean isGrown(String name, List<Assigned> found) {
    int dot = name.lastIndexOf('.');
    String method = name.substring(dot + 1);
    boolean isAppended = method.equals("append") || method.equals("add_module");
    String holder = isAppended && dot > 0 && in.peek() == '(' ? name.substring(0, dot) : name;
    boolean isAdded = holder.equals(name) && in.at("+=");
    if (!expressions.scope().has(holder) || (!isAdded && holder.equals(name))) {
      return false;
    }
    Object value = expressions.scope().look(holder);
    String place = in.place();
    List<Argument> more = new ArrayList<>();
    if (isAdded) {
      in.take("+=");
      more.add(new Argument(null, expressions.value(), place));
    } else {
      in.expect('(');
      Object label = method.equals("add_module") ? expressions.value() : null;
      if (label != null) {
        in.expect(',');
      }
      more.add(new Argument((String) label, expressions.value(), place));
      in.take(',');
      in.expect(')');
    }
    Object grown = grown(value, more, isAdded, place);
    found.replaceAll(each -> each.value() == value && value != null ? each.holding(grown) : each);
    expressions.scope().put(holder, grown);
    return true;
  }

  private static Object grown(Object holder, List<Argument> more, boolean isAdded, String place) {
    Object value = more.get(0).value();
    if (holder instanceof Call call) {
      List<Argument> arguments = new ArrayList<>(call.arguments());
      arguments.addAll(more);
      return new Call(call.type(), arguments, call.children(), call.place(), call.text());
    }
    if (holder instanceof List<?> list && (!isAdded || value instanceof List<?>)) {
      List<Object> elements = new ArrayList<>(list);
      if (isAdded) {
        elements.addAll((List<?>) value);
      } else {
        elements.add(value);
      }
      return elements;
    }
    return Arithmetic.combine(holder, "+", value, place);
  }

  /** Whether what follows is no layer, and was skipped. */
  private boolean isLeftOut() {
    int before = in.position();
    if (in.peek() == '\'' || in.peek() == '"') {
      in.takeString();
      return true;
    }
    if (in.take('@')) {
      in.skipStatement();
      return true;
    }
    String place = in.place();
    String word = in.takeName();
    if (word == null) {
      return false;
    }
    switch (word) {
      case "import", "from", "pass" -> in.skipStatement();
      case "class" -> addClass(before);
      case "def" -> {
        in.skipStatementHead();
        in.skipBlock(before);
        remarks.add("a function is left out: " + in.firstLine(before));
      }
      default -> {
        if (word.equals("if") && "__name__".equals(in.peekName())) {
          in.skipStatementHead();
        } else if (RUN_BY_PYTHON.contains(word) && in.peek() != '=') {
          throw runByPython(word, place);
        } else if (expressions.scope().has(word) && in.peek() == '[') {
          throw new InputException(
              place
                  + ": a part of '"
                  + word
                  + "' is changed, which is run by Python alone; paste what print("
                  + word
                  + ") shows");
        } else if (isMethodOfModule(word) || (word.equals("print") && in.peek() == '(')) {
          in.skipStatement();
        } else if (isNoLayer(word) && in.peek() == '(') {
          leaveOut(before);
        } else if (expressions.scope().has(word) && in.atLineEnd()) {
          in.skipStatement();
        } else {
          in.goBack(before);
          return false;
        }
      }
    }
    return true;
  }

  private static InputException runByPython(String word, String place) {
    return new InputException(
        place
            + ": '"
            + word
            + "' is run by Python alone; paste what print(model) shows, or write the layers out");
  }

  /** {@code model.eval()}, {@code model(x)}. */
  private boolean isMethodOfModule(String name) {
    int dot = name.lastIndexOf('.');
    boolean isHarmless =
        dot > 0 && ExpressionParser.HARMLESS_METHODS.contains(name.substring(dot + 1));
    boolean isCalled = expressions.scope().has(name);
    return in.peek() == '(' && (isHarmless || isCalled);
  }

  /** {@code model(x)}, which is run, not made. */
  private boolean isCallOfModule() {
    int before = in.position();
    String name = in.takeName();
    boolean isCalled = name != null && expressions.scope().has(name) && in.peek() == '(';
    in.goBack(before);
    return isCalled;
  }

  private static boolean isNoLayer(String name) {
    if (name == null) {
      return false;
    }
    int dot = name.indexOf('.');
    String first = dot < 0 ? name : name.substring(0, dot);
    return NO_LAYERS.contains(first)
        || (first.equals("torch") && !name.startsWith("torch.nn.") && !name.equals("torch.Size"))
        || name.startsWith("nn.init.")
        || name.startsWith("torch.nn.init.")
        || name.startsWith("nn.functional.")
        || name.endsWith("Loss");
  }

  private void leaveOut(int start) {
    in.skipStatement();
    remarks.add("a statement is left out, as it makes no layer: " + in.shortText(start));
  }

  private void addClass(int start) {
    String place = in.place();
    String name = in.takeName();
    if (name == null) {
      throw in.unexpected("the name of a class");
    }
    String base = "";
    if (in.peek() == '(') {
      int open = in.position();
      in.skipOne();
      base = in.shortText(open);
    }
    if (in.peek() != ':') {
      throw in.unexpected("':'");
    }
    in.expect(':');
    int body = in.offset();
    int end = in.skipBlock(start);
    int[] constructor = {-1, body, body};
    in.within(body, end, () -> findConstructor(constructor));
    last = new ModuleClass(name, base, constructor[0], constructor[1], constructor[2]);
    if (classes.put(name, last) != null) {
      throw new InputException(place + ": the class " + name + " is defined twice");
    }
  }

  private void findConstructor(int[] found) {
    while (!in.atEnd()) {
      int start = in.position();
      if (!in.takeWord("def")) {
        in.skipStatement();
        in.take(';');
        continue;
      }
      String method = in.takeName();
      int parameters = in.position();
      in.skipStatementHead();
      int body = in.offset();
      int end = in.skipBlock(start);
      if ("__init__".equals(method)) {
        found[0] = parameters;
        found[1] = body;
        found[2] = end;
      }
    }
  }

  /** A module of a class that the text defines: its layers in the order of its constructor. */
  Call instance(String type, List<Argument> arguments, String place, String text) {
    ModuleClass made = classes.get(type);
    Scope outer = expressions.scope();
    Scope inner = new Scope(outer);
    List<Assigned> parts = new ArrayList<>();
    in.enter(place);
    if (made.parameters() >= 0) {
      expressions.enterScope(inner);
      in.within(made.parameters(), made.body(), () -> bind(made, arguments, inner, place));
      in.within(made.body(), made.end(), () -> construct(made, parts));
      expressions.enterScope(outer);
    }
    in.leave();
    List<Child> children = new ArrayList<>();
    for (Assigned part : parts) {
      if (part.module() != null) {
        children.add(part.module());
      } else if (!inner.isTaken(part.value())) {
        children.add(new Child(part.name(), (Call) part.value()));
      }
    }
    return new Call(type, List.of(), children, place, text);
  }

  /** Gives the constructor's parameters their values: {@code (self, channels, stride=1)}. */
  private void bind(ModuleClass made, List<Argument> arguments, Scope scope, String place) {
    List<Argument> left = new ArrayList<>(arguments);
    in.expect('(');
    boolean isSelf = true;
    while (!in.take(')')) {
      boolean isRest = in.take("**") || in.take("*");
      String name = in.takeName();
      if (in.take(':')) {
        while (in.peek() != ',' && in.peek() != '=' && in.peek() != ')') {
          in.skipOne();
        }
      }
      Object value = null;
      boolean isGiven = in.takeAssignment();
      if (isGiven) {
        value = expressions.value();
      }
      in.take(',');
      if (isSelf || isRest || name == null) {
        isSelf = false;
        continue;
      }
      Argument argument = take(left, name);
      if (argument == null && !isGiven) {
        throw new InputException(
            place
                + ": "
                + made.name()
                + " needs '"
                + name
                + "'; add a line such as net = "
                + made.name()
                + "("
                + name
                + "=10)");
      }
      scope.put(name, argument == null ? value : argument.value());
    }
    if (!left.isEmpty()) {
      Argument first = left.get(0);
      throw new InputException(
          first.place()
              + ": "
              + made.name()
              + " has no "
              + (first.name() == null ? "place for another argument" : "'" + first.name() + "'"));
    }
  }

  private static Argument take(List<Argument> arguments, String name) {
    for (Argument argument : arguments) {
      if (argument.name() == null || argument.name().equals(name)) {
        arguments.remove(argument);
        return argument;
      }
    }
    return null;
  }

  private void construct(ModuleClass made, List<Assigned> parts) {
    while (!in.atEnd()) {
      if (in.take(';')) {
        continue;
      }
      int start = in.position();
      if (in.peek() == '\'' || in.peek() == '"') {
        in.takeString();
        continue;
      }
      String place = in.place();
      List<String> names = targets();
      if (names != null && names.size() > 1) {
        List<?> values = values(names.size());
        for (int i = 0; i < values.size(); i++) {
          keep(names.get(i), values.get(i), parts);
        }
        continue;
      }
      if (names != null) {
        assign(names.get(0), start, parts);
        continue;
      }
      String name = in.takeName();
      if (name == null) {
        throw in.unexpected("a statement such as self.fc = nn.Linear(4, 2)");
      }
      if (isGrown(name, parts)) {
        continue;
      }
      if (name.equals("pass")) {
        continue;
      }
      if (name.equals("super") || name.endsWith(".__init__")) {
        construct(made, name, parts);
      } else if (RUN_BY_PYTHON.contains(name)) {
        throw runByPython(name, place);
      } else if (name.equals("self.add_module")) {
        addModule(parts);
      } else if (in.peek() == '(' && isHarmlessCall(name)) {
        leaveOut(start);
      } else {
        in.skipStatement();
        throw new InputException(
            place
                + ": '"
                + in.shortText(start)
                + "' is run by Python alone; paste what print(model) shows, or write the layers"
                + " out");
      }
    }
  }

  private static boolean isHarmlessCall(String name) {
    String method = ExpressionParser.lastPart(name);
    return isNoLayer(name)
        || ExpressionParser.HARMLESS_METHODS.contains(method)
        || method.contains("init")
        || method.contains("reset_parameters")
        || method.equals("register_buffer");
  }

  /** {@code super().__init__(...)}: a Sequential takes its parts there. */
  private void construct(ModuleClass made, String name, List<Assigned> parts) {
    if (name.equals("super")) {
      in.skipOne();
      in.expect('.');
      in.takeName();
    }
    int start = in.position();
    if (!made.base().endsWith("Sequential)")) {
      in.skipOne();
      return;
    }
    Call sequential = expressions.call("Sequential", start - "Sequential".length(), in.place());
    List<Child> modules = NodeBuilder.elements(sequential);
    for (int i = 0; i < modules.size(); i++) {
      Child module = modules.get(i);
      String own = module.name() == null ? Integer.toString(i) : module.name();
      parts.add(new Assigned(null, null, new Child(own, module.call())));
    }
  }

  /** {@code self.add_module('conv', nn.Conv2d(3, 8, 3))}. */
  private void addModule(List<Assigned> parts) {
    in.expect('(');
    Object name = expressions.value();
    in.expect(',');
    Object module = expressions.value();
    in.take(',');
    in.expect(')');
    if (!(name instanceof String text && module instanceof Call call)) {
      throw in.unexpected("a name and a module in add_module");
    }
    parts.add(new Assigned(text, call, null));
  }

  private void assign(String name, int start, List<Assigned> parts) {
    if (name.startsWith("self.") && name.indexOf('.', "self.".length()) > 0) {
      leaveChange(name, start);
      return;
    }
    String maker = in.peekName();
    if ("nn.Parameter".equals(maker) || "torch.nn.Parameter".equals(maker)) {
      in.skipStatement();
      unread.add("a weight of its own is not understood: " + in.shortText(start));
      return;
    }
    if (isNoLayer(maker)) {
      leaveOut(start);
      return;
    }
    Object value = expressions.value();
    if ("if".equals(in.peekName())) {
      throw runByPython("if", in.place());
    }
    keep(name, value, parts);
  }

  /**
   * A part of a module is set: weights that are shared count twice here, which is said; another
   * layer in place of one is for Python to run.
   */
  private void leaveChange(String name, int start) {
    String place = in.place();
    in.skipStatement();
    if (name.endsWith(".weight") || name.endsWith(".bias")) {
      remarks.add("weights may be shared, which is not counted: " + in.shortText(start));
    } else if (name.contains(".weight.") || name.contains(".bias.")) {
      remarks.add("a statement is left out, as it makes no layer: " + in.shortText(start));
    } else {
      throw new InputException(
          place
              + ": '"
              + in.shortText(start)
              + "' changes a part of a module, which is run by Python alone; paste what"
              + " print(model) shows");
    }
  }

  private void keep(String name, Object value, List<Assigned> parts) {
    expressions.scope().put(name, value);
    if (value instanceof Call && name.startsWith("self.")) {
      parts.add(new Assigned(name.substring("self.".length()), value, null));
    }
  }
}
