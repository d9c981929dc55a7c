package lamina.network.read;

import java.util.ArrayList;
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
 * {@link PythonStatements} reads statements, {@link PythonClasses} classes, {@link PythonValues}
 * arguments.
 */
public final class ExpressionParser {
  /** Modules that are written out by their constructors' arguments, which prints do not show. */
  private static final Set<String> UNPRINTED =
      Set.of(
          "MultiheadAttention",
          "Transformer",
          "TransformerEncoder",
          "TransformerEncoderLayer",
          "TransformerDecoder",
          "TransformerDecoderLayer",
          "RNNCell",
          "LSTMCell",
          "GRUCell");

  /** Modules that only hold others. */
  private static final Set<String> HOLDERS =
      Set.of("OrderedDict", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict");

  private final Scanner in;
  private final PythonValues values;
  private final PythonClasses classes;
  private final PythonStatements statements;
  private final Omissions omissions = new Omissions();

  private ExpressionParser(Scanner in) {
    this.in = in;
    this.values = new PythonValues(in, this);
    PythonAssignments assignments = new PythonAssignments(in, values, omissions.remarks());
    this.classes = new PythonClasses(in, this, values, assignments, omissions);
    this.statements = new PythonStatements(in, this, values, assignments, classes, omissions);
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
      parser.omissions.remarks().add("what was typed is left out: what it prints is read");
    }
    return new Parsed(
        modules,
        parser.classes.names(),
        List.copyOf(parser.omissions.unread()),
        List.copyOf(parser.omissions.remarks()));
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
          place + ": '" + name + "' is no call; write " + PythonNames.lastPart(name) + "(...)");
    }
    modules.add(new Child(null, module(name, start, place)));
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

  /**
   * A call and what follows it: {@code .to(device)} and the like, which leave the layers as they
   * are.
   *
   * @param start where the name starts
   */
  Call module(String qualifiedName, int start, String place) {
    Call call = call(qualifiedName, start, place);
    while (in.peek() == '.') {
      String after = in.place();
      in.expect('.');
      String method = in.takeName();
      if (method == null || !PythonNames.isHarmlessMethod(method) || in.peek() != '(') {
        throw new InputException(
            after
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
   * A call without what follows it.
   *
   * @param start where the name starts
   */
  Call call(String qualifiedName, int start, String place) {
    String type = PythonNames.lastPart(qualifiedName);
    int named = start + qualifiedName.length() - type.length();
    in.enter(place);
    char close = in.peek() == '{' ? '}' : ')';
    in.expect(close == '}' ? '{' : '(');
    List<Argument> arguments = new ArrayList<>();
    List<Child> children = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    boolean isDefined = classes.names().contains(type);
    // What a module of somebody's own prints of itself may be anything.
    boolean known =
        HOLDERS.contains(type)
            || UNPRINTED.contains(type)
            || isDefined
            || LayerRegistry.find(type) != null;
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
      return classes.instance(type, arguments, place, text);
    }
    if (!children.isEmpty()) {
      omissions.unread().addAll(unread);
    }
    return new Call(type, arguments, children, place, text);
  }

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
      return new Argument(isSize ? "kernel_size" : name, values.value(), place);
    }
    if ("inplace".equals(name) && (in.peek() == ',' || in.peek() == ')')) {
      return new Argument(name, true, place);
    }
    in.goBack(before);
    return new Argument(null, values.value(), place);
  }
}
