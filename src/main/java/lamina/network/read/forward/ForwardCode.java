package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.network.read.Scanner;
import lamina.network.read.forward.ForwardValue.Attribute;
import lamina.text.InputException;

/**
 * Reads {@code def forward(self, x):} and the straight-line Python code that follows: assignments
 * and a return, without loops and conditions. It is run as it is read.
 */
final class ForwardCode {
  private static final List<String> CONTROL =
      List.of("if", "for", "while", "with", "try", "else", "elif", "raise", "yield", "lambda");

  private final Scanner in;
  private final Trace trace;
  private final Expressions expressions;
  private final Map<String, Object> values = new HashMap<>();

  /** The path of the module whose forward() this is. */
  private final String self;

  ForwardCode(String text, String source, Trace trace, String self) {
    this.in = new Scanner(text, source);
    this.trace = trace;
    this.self = self;
    this.expressions = new Expressions(in, trace, values, self);
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
        Object value = expressions.list();
        boolean isWhole = in.atLineEnd();
        String end = in.place();
        if (!isWhole && "if".equals(in.takeName())) {
          throw branching(end, "if");
        }
        if (!isWhole) {
          throw new InputException(end + ": what follows in this line is not read");
        }
        return value;
      }
      if (CONTROL.contains(String.valueOf(word))) {
        throw branching(place, word);
      }
      boolean isPrint = "print".equals(word) && in.peek() == '(';
      if (isPrint || List.of("assert", "pass", "del").contains(String.valueOf(word))) {
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
        value = expressions.expression();
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
      if (target != null && expressions.isAssignment()) {
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
    Object value = expressions.list();
    if (targets.isEmpty() && expressions.lastItem() != null) {
      changeItem(expressions.lastItem(), value, place);
    }
    for (Object target : targets) {
      assign(target, value, place);
    }
  }

  /** {@code x[:, 0] = expression}, or with an operator before the equals sign. */
  private void changeItem(List<Object> item, Object old, String place) {
    String function = operator();
    Object value = null;
    if (function != null) {
      List<Object> operands = Expressions.listOf(old, expressions.list());
      value = expressions.call(function, operands, Map.of(), place);
    } else if (expressions.isAssignment()) {
      in.expect('=');
      value = expressions.list();
    } else {
      return;
    }
    if (value != old) {
      List<Object> all = Expressions.listOf(item.get(0), item.get(1), value);
      expressions.call("setitem", all, Map.of(), place);
    }
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

  /** {@code x += expression}; what is no tensor or list is not changed but replaced. */
  private boolean augmented() {
    int start = in.position();
    String place = in.place();
    String name = in.takeName();
    String function = name != null && values.containsKey(name) ? operator() : null;
    if (function == null) {
      in.goBack(start);
      return false;
    }
    List<Object> operands = Expressions.listOf(values.get(name), expressions.list());
    values.put(name, expressions.call(function, operands, Map.of(), place));
    return true;
  }

  /** The function of an operator with an equals sign behind it, such as iadd; null for others. */
  private String operator() {
    for (String operator : List.of("+=", "-=", "**=", "*=", "//=", "/=", "@=")) {
      if (in.take(operator)) {
        return "i" + Expressions.function(operator.substring(0, operator.length() - 1));
      }
    }
    return null;
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
      Object part =
          expressions.call("getitem", Expressions.listOf(value, (long) i), Map.of(), place);
      assign(targets.get(i), part, place);
    }
  }
}
