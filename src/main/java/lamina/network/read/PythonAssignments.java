package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lamina.layer.Call;
import lamina.layer.Call.Argument;
import lamina.layer.Call.Child;
import lamina.text.InputException;

/** Assignments in pasted Python, and the statements that make a list or a module grow. */
final class PythonAssignments {
  private final Scanner in;
  private final PythonValues values;
  private final Set<String> remarks;

  /**
   * @param remarks takes the statements that are left out
   */
  PythonAssignments(Scanner in, PythonValues values, Set<String> remarks) {
    this.in = in;
    this.values = values;
    this.remarks = remarks;
  }

  /**
   * What an assignment says.
   *
   * @param name what was assigned to; null for a module that stands alone
   */
  record Assigned(String name, Object value, Child module) {
    Assigned holding(Object grown) {
      return new Assigned(name, grown, module);
    }
  }

  /** The names that are assigned to, {@code a, b =}; null if no equals sign follows them. */
  List<String> targets() {
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
  List<?> values(int count) {
    String place = in.place();
    Object first = values.value();
    List<Object> several = new ArrayList<>();
    several.add(first);
    while (in.take(',')) {
      several.add(values.value());
    }
    List<?> all = several.size() == 1 && first instanceof List<?> list ? list : several;
    if (all.size() != count) {
      throw new InputException(place + ": " + all.size() + " values for " + count + " names");
    }
    return all;
  }

  /**
   * Reads what follows the name in {@code layers += [...]}, {@code layers.append(...)} and {@code
   * net.add_module('a', ...)}.
   *
   * @param found what was assigned before, in which the grown value replaces the former one
   * @return whether it is one of these
   */
  boolean isGrown(String name, List<Assigned> found) {
    int dot = name.lastIndexOf('.');
    String method = name.substring(dot + 1);
    boolean isAppended = method.equals("append") || method.equals("add_module");
    String holder = isAppended && dot > 0 && in.peek() == '(' ? name.substring(0, dot) : name;
    boolean isAdded = holder.equals(name) && in.at("+=");
    if (!values.scope().has(holder) || (!isAdded && holder.equals(name))) {
      return false;
    }
    Object value = values.scope().look(holder);
    String place = in.place();
    List<Argument> more = new ArrayList<>();
    if (isAdded) {
      in.take("+=");
      more.add(new Argument(null, values.value(), place));
    } else {
      in.expect('(');
      Object label = method.equals("add_module") ? values.value() : null;
      if (label != null) {
        in.expect(',');
      }
      more.add(new Argument((String) label, values.value(), place));
      in.take(',');
      in.expect(')');
    }
    Object grown = grown(value, more, isAdded, place);
    found.replaceAll(each -> each.value() == value && value != null ? each.holding(grown) : each);
    values.scope().put(holder, grown);
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

  /**
   * Skips a statement that sets a part of a module. Weights that are shared count twice here, which
   * is said; a statement that puts another layer in place of one is refused.
   */
  void leaveChange(String name, int start) {
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

  /** Skips a statement that makes no layer, and says so. */
  void leaveOut(int start) {
    in.skipStatement();
    remarks.add("a statement is left out, as it makes no layer: " + in.shortText(start));
  }
}
