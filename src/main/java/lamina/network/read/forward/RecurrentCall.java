package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Call;
import lamina.layer.Compatibility;
import lamina.layer.LayerRegistry;
import lamina.layer.recurrent.RecurrentLayer;
import lamina.layer.recurrent.StatefulRecurrent;
import lamina.layer.recurrent.StatefulRecurrent.Result;
import lamina.network.read.forward.ForwardValue.Ref;

/**
 * A call of a recurrent layer or cell, with what it takes. What it gives comes into being as it is
 * asked for: mostly the output alone.
 */
final class RecurrentCall {
  /** Cells by the layers that make the same steps. */
  private static final Map<String, String> CELLS =
      Map.of("RNNCell", "RNN", "LSTMCell", "LSTM", "GRUCell", "GRU");

  private final String path;
  private final FunctionCall call;
  private final RecurrentLayer layer;
  private final boolean isStep;
  private final List<Ref> taken = new ArrayList<>();
  private final StatefulRecurrent.Shared shared = new StatefulRecurrent.Shared();
  private final Map<Result, Ref> made = new LinkedHashMap<>();

  private RecurrentCall(String path, FunctionCall call, RecurrentLayer layer, boolean isStep) {
    this.path = path;
    this.call = call;
    this.layer = layer;
    this.isStep = isStep;
    take(call.input());
    Object given = call.get(1, "hx");
    boolean isLong = StatefulRecurrent.hasCellState(layer);
    if (isLong && given instanceof List<?> pair && pair.size() == 2) {
      take(call.asTensor(pair.get(0)));
      take(call.asTensor(pair.get(1)));
    } else if (isLong && given != null) {
      throw call.error("starts from two states, (h, c), not " + FunctionCall.shown(given));
    } else if (given != null) {
      take(call.asTensor(given));
    }
    call.requireAllAsked();
  }

  private void take(Ref tensor) {
    taken.add(call.trace().memory().copy(tensor));
  }

  /** Whether a module is a cell that makes one step. */
  static boolean isCell(Call module) {
    return module != null && CELLS.containsKey(module.type());
  }

  /** What a cell gives: its hidden state, and that of an LSTM's cell. */
  static Object cell(Trace trace, String path, FunctionCall call) {
    Call module = trace.modules().call(path);
    List<String> names = List.of("input_size", "hidden_size", "bias", "nonlinearity");
    List<Call.Argument> arguments = new ArrayList<>();
    for (Call.Argument each : module.arguments()) {
      boolean isUnnamed = each.name() == null && arguments.size() < names.size();
      String name = isUnnamed ? names.get(arguments.size()) : each.name();
      arguments.add(new Call.Argument(name, each.value(), each.place()));
    }
    Call steps =
        new Call(CELLS.get(module.type()), arguments, List.of(), module.place(), module.text());
    RecurrentLayer layer = (RecurrentLayer) LayerRegistry.create(steps, Compatibility.TORCH);
    trace.modules().use(path);
    RecurrentCall cell = new RecurrentCall(path, call, layer, true);
    Ref hidden = cell.part(Result.HIDDEN);
    return StatefulRecurrent.hasCellState(layer)
        ? Arrays.asList(hidden, cell.part(Result.CELL))
        : hidden;
  }

  /** What a layer gives: its output and its states. */
  static Object layer(Trace trace, String path, FunctionCall call, RecurrentLayer layer) {
    RecurrentCall made = new RecurrentCall(path, call, layer, false);
    boolean isPlain = made.taken.size() == 1;
    Ref output =
        isPlain
            ? trace.run(path, call.input(), call.output(), call.place())
            : made.part(Result.OUTPUT);
    made.made.put(Result.OUTPUT, output);
    ForwardValue.States hidden = new ForwardValue.States(made, Result.HIDDEN);
    return Arrays.asList(
        output,
        StatefulRecurrent.hasCellState(layer)
            ? Arrays.asList(hidden, new ForwardValue.States(made, Result.CELL))
            : hidden);
  }

  RecurrentLayer layer() {
    return layer;
  }

  /** One of the results. */
  Ref part(Result result) {
    Ref part = made.get(result);
    if (part == null) {
      Trace trace = call.trace();
      boolean isFirst = made.isEmpty();
      StatefulRecurrent own =
          new StatefulRecurrent(layer, isStep, result, taken.size() - 1, shared, isFirst);
      String output =
          isFirst
              ? call.output()
              : trace.free(call.output() + (result == Result.CELL ? "_cell" : "_hidden"));
      Ref[] from = taken.toArray(new Ref[0]);
      String text = trace.modules().call(path).text();
      part = trace.runAs(path, own, text, output, from);
      made.put(result, part);
    }
    return part;
  }
}
