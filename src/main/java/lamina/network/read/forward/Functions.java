package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.recurrent.RecurrentLayer;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * The functions and methods that {@code forward()} may call, by the last part of their names: those
 * of torch, of torch.nn.functional, of tensors, and of Python's operators. Each family adds its own
 * to the table.
 */
final class Functions {
  /** What a function does with its arguments. */
  interface Function {
    Object of(FunctionCall call);
  }

  /**
   * Operators with an equals sign, such as {@code +=}, that change a tensor; {@code @=} does not.
   */
  private static final List<String> AUGMENTED =
      List.of("iadd", "isub", "imul", "itruediv", "ifloordiv", "ipow");

  private final Trace trace;
  private final Map<String, Function> byName = new HashMap<>();

  Functions(Trace trace) {
    this.trace = trace;
    new ModuleFunctions(this).add();
    new WeightFunctions(this).add();
    new ArithmeticFunctions(this).add();
    new ReductionFunctions(this).add();
    new ShapeFunctions(this).add();
    new NewTensors(this).add();
    new PartFunctions(this).add();
  }

  /** Adds a function under several names, separated by blanks. */
  void add(String names, Function function) {
    for (String name : names.split(" ", -1)) {
      byName.put(name, function);
    }
  }

  /**
   * Calls a function or method.
   *
   * @param target its name, with what it is in before the last point
   * @param output what its output is called
   */
  Object call(
      String target,
      List<Object> positional,
      Map<String, Object> named,
      String output,
      String place) {
    String name = target.substring(target.lastIndexOf('.') + 1);
    boolean isSpecial = name.startsWith("__");
    // Methods that end with _ do the same in place; so do the functions.
    boolean isInPlace = name.length() > 1 && name.endsWith("_") && !isSpecial;
    String plain = isInPlace ? name.substring(0, name.length() - 1) : name;
    Function function = byName.get(plain);
    if (function == null) {
      throw new InputException(
          place
              + ": "
              + target
              + "() is a function that is not known here"
              + NearSpelling.hint(plain, new ArrayList<>(byName.keySet())));
    }
    FunctionCall call = new FunctionCall(trace, plain, positional, named, output, place);
    Object result = function.of(call);
    call.requireAllAsked();
    boolean changes = isInPlace || AUGMENTED.contains(plain.replace("__", ""));
    return changes ? call.changed(result, name) : result;
  }

  boolean knows(String name) {
    return byName.containsKey(name);
  }

  /** Runs a module on a tensor. */
  Object module(
      String path,
      List<Object> positional,
      Map<String, Object> named,
      String output,
      String place) {
    if (trace.isWritten(path)) {
      return trace.follow(path, positional, named, place);
    }
    FunctionCall call = new FunctionCall(trace, path, positional, named, output, place);
    if (trace.isSequence(path)) {
      Object value = call.input();
      for (String part : trace.modules().parts(path)) {
        String name = trace.free(part.replace('.', '_'));
        value = module(part, new ArrayList<>(List.of(value)), Map.of(), name, place);
      }
      return value;
    }
    if (MultiheadAttention.is(trace.modules().call(path))) {
      return MultiheadAttention.run(trace, path, call);
    }
    if (TransformerModules.is(trace.modules().call(path))) {
      return TransformerModules.run(trace, path, call);
    }
    if (RecurrentCall.isCell(trace.modules().call(path))) {
      return RecurrentCall.cell(trace, path, call);
    }
    if (trace.layer(path, place) instanceof RecurrentLayer recurrent) {
      return RecurrentCall.layer(trace, path, call, recurrent);
    }
    Ref from = call.input();
    int more = positional.size() + named.size() - 1;
    boolean isJustEmpty =
        positional.stream().skip(1).allMatch(value -> value == null)
            && named.entrySet().stream()
                .allMatch(entry -> entry.getValue() == null || entry.getKey().equals("input"));
    if (more > 0 && !isJustEmpty) {
      throw call.error("is a module that is called with " + (more + 1) + " inputs; one is read");
    }
    Ref result = trace.run(path, from, output, place);
    if (trace.modules().isInPlace(path)) {
      trace.memory().change(from, result, "'" + path + "'", place);
      return from;
    }
    return result;
  }
}
