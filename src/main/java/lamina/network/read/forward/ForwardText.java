package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.layer.Call;
import lamina.layer.Call.Child;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.network.read.ExpressionParser;
import lamina.network.read.NodeBuilder;
import lamina.text.InputException;

/**
 * A text that has {@code print(model)} and then what {@code forward()} does: {@code
 * print(torch.fx.symbolic_trace(model).graph)}, or Python code, as {@code print(graph_module)}
 * shows it.
 */
public final class ForwardText {
  private ForwardText() {}

  /** Whether a text says what forward() does. */
  public static boolean isForward(String text) {
    return graphStart(text) >= 0 || codeStart(text) >= 0;
  }

  /** Whether a text says what forward() does, but not what its modules are. */
  public static boolean needsModules(String text) {
    int graph = graphStart(text);
    int start = graph >= 0 ? graph : codeStart(text);
    return start >= 0 && text.substring(0, start).isBlank();
  }

  /** Where a line {@code graph():} begins, or -1. */
  private static int graphStart(String text) {
    return lineStart(text, "graph(");
  }

  /** A class with its constructor is another form of a network, which is read elsewhere. */
  private static int codeStart(String text) {
    int start = lineStart(text, "def forward(");
    return start >= 0 && lineStart(text.substring(0, start), "class ") >= 0 ? -1 : start;
  }

  private static int lineStart(String text, String beginning) {
    for (int at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
      int line = text.lastIndexOf('\n', at - 1) + 1;
      if (text.substring(line, at).isBlank()) {
        return line;
      }
    }
    return -1;
  }

  /**
   * The network.
   *
   * @param source what messages call the text
   * @throws InputException if the text is malformed, names a module that is not printed, or calls
   *     what is not known
   */
  public static Network read(String text, String source, Compatibility compatibility) {
    int graph = graphStart(text);
    int start = graph >= 0 ? graph : codeStart(text);
    // Blanks in place of what is read apart keep the places in messages.
    String before = text.substring(0, start);
    List<Child> printed = ExpressionParser.parse(before, source);
    Modules modules = new Modules(printed, source, compatibility);
    OwnTensors own = OwnTensors.take(text.substring(start), source);
    Trace trace = new Trace(modules, new ForwardClasses(""), source, own.byPath());
    // Older versions of torch.fx print [#users=1], which reads like a comment.
    String code = before.replaceAll("[^\n]", " ") + own.rest().replace("[#users=", "[ users=");
    Object output =
        graph >= 0
            ? new GraphText(code, source, trace).run()
            : new ForwardCode(code, source, trace, "").run();
    return trace.end("Sequential", output);
  }

  /**
   * The parts of a network whose class the text defines, as its forward() joins them.
   *
   * @param modules what the text makes
   * @return null if that is no network of a class with a forward()
   * @throws InputException if forward() is more than straight-line code, or calls what is not known
   */
  public static Network follow(
      String text, String source, Compatibility compatibility, List<Child> modules) {
    ForwardClasses classes = new ForwardClasses(text);
    if (modules.stream().noneMatch(module -> isWritten(module, classes))) {
      return null;
    }
    String type = modules.get(0).call().type();
    if (modules.size() > 1 || type.equals("Sequential")) {
      return sequence(classes, source, compatibility, modules);
    }
    if (classes.code(type) == null) {
      return null;
    }
    Call network = modules.get(0).call();
    Modules parts = new Modules(List.of(new Child(null, network)), source, compatibility);
    Trace trace = new Trace(parts, classes, source, Map.of());
    Object output = new ForwardCode(classes.code(network.type()), source, trace, "").run();
    return trace.end(network.type(), output);
  }

  /** Whether the text has the forward() of a module, or of one within it. */
  private static boolean isWritten(Child module, ForwardClasses classes) {
    return classes.code(module.call().type()) != null
        || NodeBuilder.elements(module.call()).stream().anyMatch(part -> isWritten(part, classes));
  }

  /** Modules one after another, some of which have a forward() of their own. */
  private static Network sequence(
      ForwardClasses classes, String source, Compatibility compatibility, List<Child> modules) {
    Modules parts = new Modules(modules, source, compatibility);
    Trace trace = new Trace(parts, classes, source, Map.of());
    Functions functions = new Functions(trace);
    Object value = trace.input("input");
    for (String path : parts.all()) {
      String output = trace.free(path.replace('.', '_'));
      value = functions.module(path, new ArrayList<>(List.of(value)), Map.of(), output, source);
    }
    return trace.end("Sequential", value);
  }
}
