package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lamina.network.read.Scanner;
import lamina.network.read.forward.ForwardValue.Attribute;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.text.InputException;

/**
 * Reads {@code def forward(self, x):} and the straight-line Python code that follows: assignments
 * and a return, without loops and conditions. It is run as it is read.
 */
final class ForwardCode {
  /** {@code x.relu_(} or {@code torch.relu_(x}: what stands before the dot, the first argument. */
  private static final Pattern CHANGE =
      Pattern.compile("(?<![\\w.])([A-Za-z_][\\w.]*)\\.[a-z]\\w*_\\( ?([A-Za-z_]\\w*)?");

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
        requireNoChange(in.collapsed(start).substring("return".length()), place);
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
    int start = in.position();
    String called = in.takeName();
    boolean isCall = called != null && in.peek() == '(';
    in.goBack(start);
    Object value = expressions.list();
    requireNoChange(in.collapsed(start), place);
    String holder = holder(called, isCall);
    if (holder != null && !targets.isEmpty() && !targets.equals(List.of(holder))) {
      throw new InputException(
          place + ": '" + called + "' changes '" + holder + "' in place; do that in a line before");
    }
    for (Object target : targets) {
      assign(target, value, place);
    }
    if (isCall && targets.isEmpty()) {
      changeInPlace(called, in.shortText(start), value, place);
    }
  }

  /**
   * Refuses {@code 1 + x.relu_()} and {@code 1 + torch.relu_(x)}: what the expression took of x
   * before would have to change, too.
   *
   * @param text an expression, which may begin with a change
   */
  private void requireNoChange(String text, String place) {
    Matcher change = CHANGE.matcher(text);
    while (change.find()) {
      boolean isMethod = values.get(change.group(1)) instanceof Ref;
      String name = isMethod ? change.group(1) : change.group(2);
      if (change.start() > 0 && values.get(name) instanceof Ref) {
        throw new InputException(
            place
                + ": '"
                + change.group().replaceAll("\\(.*", "")
                + "' changes '"
                + name
                + "' in place; do that in a line before");
      }
    }
  }

  /** The name x of {@code x.relu_()}; null if this is something else. */
  private String holder(String called, boolean isCall) {
    int dot = called == null || !isCall ? -1 : called.lastIndexOf('.');
    String name = dot > 0 && called.endsWith("_") ? called.substring(0, dot) : null;
    return values.containsKey(name) ? name : null;
  }

  /** {@code x.relu_()}: all names of what is changed stand for the result from now on. */
  private void changeInPlace(String called, String text, Object value, String place) {
    Object changed = values.get(holder(called, /* isCall= */ true));
    if (changed != null) {
      values.replaceAll((name, old) -> old == changed ? value : old);
      return;
    }
    if (called.endsWith("_")) {
      throw new InputException(
          place + ": '" + text + "' changes its input in place; write x = " + text);
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

  private boolean augmented() {
    int start = in.position();
    String place = in.place();
    String name = in.takeName();
    if (name != null && values.containsKey(name)) {
      for (String operator : List.of("+=", "-=", "*=", "//=", "/=")) {
        if (in.take(operator)) {
          String function = Expressions.function(operator.substring(0, operator.length() - 1));
          Object value =
              expressions.call(
                  function, List.of(values.get(name), expressions.list()), Map.of(), place);
          Object changed = values.get(name);
          if (changed instanceof Ref) {
            // A tensor is changed in place: under all its names.
            values.replaceAll((key, old) -> old == changed ? value : old);
          } else {
            values.put(name, value);
          }
          return true;
        }
      }
    }
    in.goBack(start);
    return false;
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
