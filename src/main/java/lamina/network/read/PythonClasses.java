package lamina.network.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Call;
import lamina.layer.Call.Argument;
import lamina.layer.Call.Child;
import lamina.network.read.PythonAssignments.Assigned;
import lamina.text.InputException;

/** The classes of modules that pasted Python defines: what their {@code __init__} makes. */
final class PythonClasses {
  private final Scanner in;
  private final ExpressionParser expressions;
  private final PythonValues values;
  private final PythonAssignments assignments;
  private final Omissions omissions;
  private final Map<String, ModuleClass> classes = new HashMap<>();

  /** The class that was defined last; null if none was. */
  private ModuleClass newest;

  PythonClasses(
      Scanner in,
      ExpressionParser expressions,
      PythonValues values,
      PythonAssignments assignments,
      Omissions omissions) {
    this.in = in;
    this.expressions = expressions;
    this.values = values;
    this.assignments = assignments;
    this.omissions = omissions;
  }

  /** The names of the classes. */
  Set<String> names() {
    return classes.keySet();
  }

  /** The name of the class that was defined last; null if none was. */
  String newest() {
    return newest == null ? null : newest.name();
  }

  /**
   * A class.
   *
   * @param base what it extends, as written
   * @param constructor null if it has none
   */
  private record ModuleClass(String name, String base, Constructor constructor) {}

  /**
   * The positions of a constructor.
   *
   * @param parameters where its parameters start
   * @param body where its statements start
   * @param end where they end
   */
  private record Constructor(int parameters, int body, int end) {}

  /**
   * Reads a class, up to its end.
   *
   * @param start where the word {@code class} stands, which was read
   */
  void add(int start) {
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
    newest = new ModuleClass(name, base, in.within(body, end, this::constructor));
    if (classes.put(name, newest) != null) {
      throw new InputException(place + ": the class " + name + " is defined twice");
    }
  }

  /** The constructor in the body of a class, of several the last; null if there is none. */
  private Constructor constructor() {
    Constructor found = null;
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
        found = new Constructor(parameters, body, end);
      }
    }
    return found;
  }

  /** A module of a class that the text defines: its layers in the order of its constructor. */
  Call instance(String type, List<Argument> arguments, String place, String text) {
    ModuleClass made = classes.get(type);
    Scope outer = values.scope();
    Scope inner = new Scope(outer);
    List<Assigned> parts = new ArrayList<>();
    in.enter(place);
    Constructor constructor = made.constructor();
    if (constructor != null) {
      values.enterScope(inner);
      in.within(
          constructor.parameters(), constructor.body(), () -> bind(made, arguments, inner, place));
      in.within(constructor.body(), constructor.end(), () -> construct(made, parts));
      values.enterScope(outer);
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
        value = values.value();
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

  /** Adds the parts that the statements of a constructor make. */
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
      List<String> names = assignments.targets();
      if (names == null) {
        readStatement(made, start, parts);
      } else if (names.size() == 1) {
        assign(names.get(0), start, parts);
      } else {
        List<?> all = assignments.values(names.size());
        for (int i = 0; i < all.size(); i++) {
          keep(names.get(i), all.get(i), parts);
        }
      }
    }
  }

  /** Reads a statement of a constructor that assigns nothing. */
  private void readStatement(ModuleClass made, int start, List<Assigned> parts) {
    String place = in.place();
    String name = in.takeName();
    if (name == null) {
      throw in.unexpected("a statement such as self.fc = nn.Linear(4, 2)");
    }
    if (assignments.isGrown(name, parts) || name.equals("pass")) {
      return;
    }
    if (name.equals("super") || name.endsWith(".__init__")) {
      constructBase(made, name, parts);
    } else if (PythonNames.isKeyword(name)) {
      throw PythonNames.runByPython(name, place);
    } else if (name.equals("self.add_module")) {
      addModule(parts);
    } else if (in.peek() == '(' && isHarmlessCall(name)) {
      assignments.leaveOut(start);
    } else {
      in.skipStatement();
      throw PythonNames.runByPython(in.shortText(start), place);
    }
  }

  private static boolean isHarmlessCall(String name) {
    String method = PythonNames.lastPart(name);
    return PythonNames.isNoLayer(name)
        || PythonNames.isHarmlessMethod(method)
        || method.contains("init")
        || method.contains("reset_parameters")
        || method.equals("register_buffer");
  }

  /** {@code super().__init__(...)}: a Sequential takes its parts there. */
  private void constructBase(ModuleClass made, String name, List<Assigned> parts) {
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
    Object name = values.value();
    in.expect(',');
    Object module = values.value();
    in.take(',');
    in.expect(')');
    if (!(name instanceof String text && module instanceof Call call)) {
      throw in.unexpected("a name and a module in add_module");
    }
    parts.add(new Assigned(text, call, null));
  }

  private void assign(String name, int start, List<Assigned> parts) {
    if (name.startsWith("self.") && name.indexOf('.', "self.".length()) > 0) {
      assignments.leaveChange(name, start);
      return;
    }
    String maker = in.peekName();
    if ("nn.Parameter".equals(maker) || "torch.nn.Parameter".equals(maker)) {
      in.skipStatement();
      omissions.unread().add("a weight of its own is not understood: " + in.shortText(start));
      return;
    }
    if (PythonNames.isNoLayer(maker)) {
      assignments.leaveOut(start);
      return;
    }
    Object value = values.value();
    if ("if".equals(in.peekName())) {
      throw PythonNames.runByPython("if", in.place());
    }
    keep(name, value, parts);
  }

  private void keep(String name, Object value, List<Assigned> parts) {
    values.scope().put(name, value);
    if (value instanceof Call && name.startsWith("self.")) {
      parts.add(new Assigned(name.substring("self.".length()), value, null));
    }
  }
}
