package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Call;
import lamina.layer.Call.Child;
import lamina.network.read.PythonAssignments.Assigned;
import lamina.text.InputException;

/**
 * Reads the statements of pasted Python: assignments, classes of modules, and what surrounds them.
 * Nothing is run but that: what would change the layers and is not understood is refused; what
 * cannot change them is left out and named.
 */
final class PythonStatements {
  private final Scanner in;
  private final ExpressionParser expressions;
  private final PythonValues values;
  private final PythonAssignments assignments;
  private final PythonClasses classes;
  private final Omissions omissions;

  PythonStatements(
      Scanner in,
      ExpressionParser expressions,
      PythonValues values,
      PythonAssignments assignments,
      PythonClasses classes,
      Omissions omissions) {
    this.in = in;
    this.expressions = expressions;
    this.values = values;
    this.assignments = assignments;
    this.classes = classes;
    this.omissions = omissions;
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
      } else if (!values.scope().isTaken(assigned.value())) {
        addValue(assigned.name(), assigned.value(), modules);
      }
    }
    String newest = classes.newest();
    if (modules.isEmpty() && newest != null) {
      Call call = classes.instance(newest, List.of(), in.place(), newest + "()");
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
    List<String> names = assignments.targets();
    if (names != null && names.size() > 1) {
      List<?> all = assignments.values(names.size());
      for (int i = 0; i < all.size(); i++) {
        values.scope().put(names.get(i), all.get(i));
        found.add(new Assigned(PythonNames.lastPart(names.get(i)), all.get(i), null));
      }
      return;
    }
    String name = names == null ? in.takeName() : names.get(0);
    if (name != null && names == null && assignments.isGrown(name, found)) {
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
      assignments.leaveChange(name, before);
      return;
    }
    if (PythonNames.isNoLayer(in.peekName()) || isCallOfModule()) {
      assignments.leaveOut(before);
      return;
    }
    Object value = values.value();
    if (!(value instanceof Call) && "if".equals(in.peekName())) {
      assignments.leaveOut(before);
      return;
    }
    values.scope().put(name, value);
    if (found.stream().anyMatch(assigned -> assigned.value() == value && value != null)) {
      // model = model.to(device) is the same model.
      values.scope().release(value);
      return;
    }
    found.add(new Assigned(PythonNames.lastPart(name), value, null));
  }

  /** {@code model.fc}, of a model that is there. */
  private boolean isPartOfModule(String name) {
    int dot = name.indexOf('.');
    return dot > 0
        && values.scope().has(name.substring(0, dot))
        && values.scope().look(name.substring(0, dot)) instanceof Call;
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
      case "class" -> classes.add(before);
      case "def" -> {
        in.skipStatementHead();
        in.skipBlock(before);
        omissions.remarks().add("a function is left out: " + in.firstLine(before));
      }
      default -> {
        if (word.equals("if") && "__name__".equals(in.peekName())) {
          in.skipStatementHead();
        } else if (PythonNames.isKeyword(word) && in.peek() != '=') {
          throw PythonNames.runByPython(word, place);
        } else if (values.scope().has(word) && in.peek() == '[') {
          throw new InputException(
              place
                  + ": a part of '"
                  + word
                  + "' is changed, which is run by Python alone; paste what print("
                  + word
                  + ") shows");
        } else if (isMethodOfModule(word) || (word.equals("print") && in.peek() == '(')) {
          in.skipStatement();
        } else if (PythonNames.isNoLayer(word) && in.peek() == '(') {
          assignments.leaveOut(before);
        } else if (values.scope().has(word) && in.atLineEnd()) {
          in.skipStatement();
        } else {
          in.goBack(before);
          return false;
        }
      }
    }
    return true;
  }

  /** {@code model.eval()}, {@code model(x)}. */
  private boolean isMethodOfModule(String name) {
    int dot = name.lastIndexOf('.');
    boolean isHarmless = dot > 0 && PythonNames.isHarmlessMethod(name.substring(dot + 1));
    boolean isCalled = values.scope().has(name);
    return in.peek() == '(' && (isHarmless || isCalled);
  }

  /** {@code model(x)}, which is run, not made. */
  private boolean isCallOfModule() {
    int before = in.position();
    String name = in.takeName();
    boolean isCalled = name != null && values.scope().has(name) && in.peek() == '(';
    in.goBack(before);
    return isCalled;
  }
}
