package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.layer.recurrent.OnnxRecurrent;
import lamina.layer.recurrent.Recurrent;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** RNN, GRU and LSTM. */
final class RecurrentOperators {
  private RecurrentOperators() {}

  static void recurrent(Operator op) {
    OnnxNode node = op.node();
    Cell cell =
        switch (node.type()) {
          case "RNN" -> Cell.RNN;
          case "GRU" -> Cell.GRU;
          default -> Cell.LSTM;
        };
    if (op.rank(0) != 3) {
      throw op.error("needs a sequence of three axes, not " + op.shape(0));
    }
    for (int i = 0; i < op.count(); i++) {
      // The fifth are the lengths of sequences.
      if (i != 4 && op.optional(i) != null && op.input(i).isInteger()) {
        throw op.error("takes whole numbers as '" + op.input(i).name() + "', but needs numbers");
      }
    }
    Map<String, Value> weights = new LinkedHashMap<>();
    weights.put("W", op.input(1));
    weights.put("R", op.input(2));
    if (op.optional(3) != null) {
      weights.put("B", op.input(3));
    }
    if (cell == Cell.LSTM && op.optional(7) != null) {
      weights.put("P", op.input(7));
    }
    Recurrent layer = layer(op, cell);
    checkWeights(op, cell, layer, weights);
    List<Value> operands = new ArrayList<>(List.of(op.input(0)));
    boolean hidden = op.optional(5) != null;
    boolean state = cell == Cell.LSTM && op.optional(6) != null;
    if (hidden) {
      operands.add(op.input(5));
    }
    if (state) {
      operands.add(op.input(6));
    }
    emit(op, layer, weights, operands, hidden, state);
  }

  /** Makes a part of each output that is wanted; all of them share one run. */
  private static void emit(
      Operator op,
      Recurrent layer,
      Map<String, Value> weights,
      List<Value> operands,
      boolean hidden,
      boolean state) {
    int[] lengths = lengths(op);
    boolean batchFirst = op.node().flag("layout", false);
    OnnxRecurrent.Shared shared = null;
    List<OnnxRecurrent.Result> results =
        List.of(
            OnnxRecurrent.Result.SEQUENCE, OnnxRecurrent.Result.HIDDEN, OnnxRecurrent.Result.CELL);
    for (int output = 0; output < results.size(); output++) {
      OnnxRecurrent.Result result = results.get(output);
      if (op.wants(output)) {
        shared = shared == null ? new OnnxRecurrent.Shared(result) : shared;
        OnnxRecurrent part =
            new OnnxRecurrent(
                layer,
                weights.containsKey("B"),
                weights.containsKey("P"),
                hidden,
                state,
                batchFirst,
                lengths,
                shared,
                result);
        op.emit(output, part, operands, weights, false);
      }
    }
  }

  private static int[] lengths(Operator op) {
    long[] given = op.integers(4);
    if (given == null) {
      return null;
    }
    Dim steps = op.shape(0).dim(op.node().flag("layout", false) ? 1 : 0);
    int[] lengths = new int[given.length];
    for (int i = 0; i < lengths.length; i++) {
      if (given[i] < 0 || (steps.isNumber() && given[i] > steps.value())) {
        throw op.error("has a sequence of " + given[i] + " among " + steps + " steps");
      }
      lengths[i] = (int) given[i];
    }
    return lengths;
  }

  private static Recurrent layer(Operator op, Cell cell) {
    OnnxNode node = op.node();
    Shape r = op.shape(2);
    if (r.rank() != 3 || !r.isNumber() || !op.shape(1).isNumber() || op.shape(1).rank() != 3) {
      throw op.unresolved("has weights whose shapes are not known");
    }
    int hidden = (int) r.dim(2).value();
    if (node.has("hidden_size") && node.integer("hidden_size", 0) != hidden) {
      throw op.error(
          "has hidden_size "
              + node.integer("hidden_size", 0)
              + " but the weights are of "
              + hidden);
    }
    if (node.flag("input_forget", false)) {
      throw op.unresolved("couples input and forget gates, which is not known");
    }
    String direction = node.text("direction", "forward").toLowerCase(Locale.ROOT);
    if (!List.of("forward", "reverse", "bidirectional").contains(direction)) {
      throw op.error("has the unknown direction '" + direction + "'");
    }
    int count = direction.equals("bidirectional") ? 2 : 1;
    if (!r.dim(0).is(count)) {
      throw op.error("has weights for " + r.dim(0) + " directions but runs in " + count);
    }
    GateFunction[] functions = functions(op, cell, count);
    return new Recurrent(
        cell,
        (int) op.shape(1).dim(2).value(),
        hidden,
        1,
        Recurrent.Direction.of(direction),
        functions[0],
        functions[1],
        functions[2],
        node.has("clip") ? node.number("clip", 0) : Double.POSITIVE_INFINITY,
        node.flag("linear_before_reset", false));
  }

  /** The functions of the gates, the candidate and an LSTM's state. */
  private static GateFunction[] functions(Operator op, Cell cell, int directions) {
    int each = cell == Cell.RNN ? 1 : cell == Cell.GRU ? 2 : 3;
    GateFunction[] functions = {GateFunction.SIGMOID, GateFunction.TANH, GateFunction.TANH};
    List<String> names = op.node().texts("activations");
    if (names == null) {
      return functions;
    }
    if (names.size() != each * directions) {
      throw op.error("needs " + each * directions + " activations, not " + names.size());
    }
    if (op.node().has("activation_alpha") || op.node().has("activation_beta")) {
      throw op.unresolved("has activations with parameters of their own, which are not known");
    }
    if (directions == 2 && !names.subList(0, each).equals(names.subList(each, 2 * each))) {
      throw op.unresolved("has other activations in each direction, which is not known");
    }
    for (int i = 0; i < each; i++) {
      functions[cell == Cell.RNN ? 1 : i] = function(op, names.get(i));
    }
    return functions;
  }

  private static GateFunction function(Operator op, String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "sigmoid" -> GateFunction.SIGMOID;
      case "tanh" -> GateFunction.TANH;
      case "relu" -> GateFunction.RELU;
      case "hardsigmoid" -> GateFunction.ONNX_HARD_SIGMOID;
      case "leakyrelu" -> GateFunction.LEAKY_RELU;
      case "elu" -> GateFunction.ELU;
      case "softsign" -> GateFunction.SOFTSIGN;
      case "softplus" -> GateFunction.SOFTPLUS;
      case "affine" -> throw op.unresolved("has the activation Affine, which is not known");
      default -> throw op.unresolved("has the activation '" + name + "', which is not known");
    };
  }

  private static void checkWeights(
      Operator op, Cell cell, Recurrent layer, Map<String, Value> weights) {
    int directions = layer.direction().count();
    int rows = cell.gates() * layer.hiddenSize();
    weights.forEach(
        (name, value) -> {
          Shape needed =
              switch (name) {
                case "W" -> Shape.of(directions, rows, layer.inputSize());
                case "R" -> Shape.of(directions, rows, layer.hiddenSize());
                case "B" -> Shape.of(directions, 2 * rows);
                default -> Shape.of(directions, 3 * layer.hiddenSize());
              };
          if (!Walk.shape(value).equals(needed)) {
            throw op.error("needs " + name + " of shape " + needed + ", not " + value.shape());
          }
        });
    Dim features = op.shape(0).dim(2);
    if (features.isNumber() && !features.is(layer.inputSize())) {
      throw op.error("has weights for " + layer.inputSize() + " features but gets " + op.shape(0));
    }
    Dim batch = op.shape(0).dim(op.node().flag("layout", false) ? 0 : 1);
    for (int i = 5; i <= (cell == Cell.LSTM ? 6 : 5); i++) {
      if (op.optional(i) != null) {
        Shape state = op.shape(i);
        Shape needed = Shape.of(directions, 0, layer.hiddenSize()).with(1, batch);
        if (op.node().flag("layout", false)) {
          needed = needed.with(0, batch).with(1, Dim.of(directions));
        }
        if (needed.isNumber() && state.isNumber() && !needed.equals(state)) {
          throw op.error("needs an initial state of shape " + needed + ", not " + state);
        }
      }
    }
  }
}
