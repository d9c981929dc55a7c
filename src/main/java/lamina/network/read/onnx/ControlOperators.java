package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.layer.Concat;
import lamina.layer.Pick;
import lamina.layer.Reshape;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Operators that run graphs of their own: branches of which it is known which one runs, and loops
 * of which it is known how often, whose turns become layers one after another.
 */
final class ControlOperators {
  private static final int INT64 = 7;
  private static final int TRUTH = 9;

  private ControlOperators() {}

  private static OnnxGraph graph(Operator op, String attribute) {
    OnnxGraph graph = op.node().graph(attribute);
    if (graph == null) {
      throw op.error("has no " + attribute);
    }
    return graph;
  }

  /** One of two graphs, if it is known which. */
  static void branch(Operator op) {
    boolean isTrue = op.number(0, 0) != 0;
    OnnxGraph graph = graph(op, isTrue ? "then_branch" : "else_branch");
    OnnxNode node = op.node();
    checkOutputs(op, graph, node.outputs().size());
    op.walk().putAll(node, op.walk().inline(node, graph, List.of(), List.of()));
  }

  private static void checkOutputs(Operator op, OnnxGraph graph, int count) {
    if (graph.outputs().size() != count) {
      throw op.error("has " + count + " outputs but its graph " + graph.outputs().size());
    }
  }

  /** The inputs of a node from one on, as they go into its first turn, with their types. */
  private static List<Integer> state(Operator op, int first, int count, List<Value> values) {
    List<Integer> types = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      Value value = op.optional(i);
      if (value == null) {
        throw op.error("needs its input " + (i + 1));
      }
      values.add(value);
      types.add(op.elementType(i));
    }
    return types;
  }

  /** So many turns as its first input says, or until its condition is false. */
  static void loop(Operator op) {
    OnnxNode node = op.node();
    OnnxGraph body = graph(op, "body");
    int carried = Math.max(0, op.count() - 2);
    int scanned = node.outputs().size() - carried;
    checkOutputs(op, body, 1 + carried + Math.max(0, scanned));
    List<Value> state = new ArrayList<>();
    List<Integer> types = state(op, 2, carried, state);
    List<List<Value>> turns = new ArrayList<>();
    for (int i = 0; i < scanned; i++) {
      turns.add(new ArrayList<>());
    }
    long most = op.optional(0) == null ? Long.MAX_VALUE : count(op);
    boolean isConditional = op.optional(1) != null;
    boolean goesOn = !isConditional || op.number(1, 1) != 0;
    for (long turn = 0; turn < most && goesOn; turn++) {
      List<Value> inputs = new ArrayList<>();
      inputs.add(op.constant("/turn", Tensor.of(new long[] {turn})));
      inputs.add(op.constant("/condition", Tensor.of(new long[] {1})));
      inputs.addAll(state);
      List<Integer> all = new ArrayList<>(List.of(INT64, TRUTH));
      all.addAll(types);
      Walk.Inlined given = op.walk().inline(node, body, inputs, all);
      if (isConditional) {
        Tensor condition = op.walk().elements(node, given.values().get(0));
        goesOn = condition.size() > 0 && condition.get(0) != 0;
      }
      for (int i = 0; i < carried; i++) {
        state.set(i, given.values().get(1 + i));
        types.set(i, given.types().get(1 + i));
      }
      for (int i = 0; i < scanned; i++) {
        turns.get(i).add(given.values().get(1 + carried + i));
      }
    }
    op.walk().putAll(node, new Walk.Inlined(state, types));
    for (int i = 0; i < scanned; i++) {
      stack(op, carried + i, turns.get(i), 0, body.outputs().get(1 + carried + i));
    }
  }

  private static long count(Operator op) {
    long[] given = op.integers(0);
    if (given.length != 1) {
      throw op.error("takes one number of turns, not " + given.length);
    }
    return given[0];
  }

  /**
   * What a graph gave at each turn, on an axis of its own.
   *
   * @param declared what the graph says of one of them
   */
  private static void stack(
      Operator op, int output, List<Value> turns, int axis, OnnxGraph.Info declared) {
    if (!op.wants(output)) {
      return;
    }
    String name = op.node().outputs().get(output);
    if (turns.isEmpty()) {
      if (declared.shape() == null || !declared.shape().isNumber()) {
        throw op.unresolved("makes no turn, and the shape of its output is not known");
      }
      List<Dim> dims = new ArrayList<>(declared.shape().dims());
      dims.add(axis, Dim.ZERO);
      Shape empty = new Shape(dims);
      DType dtype = declared.isInteger() ? DType.INT64 : op.walk().dtype();
      op.put(
          output,
          Value.constant(
              name, empty, declared.isInteger(), () -> Tensor.zeros(dtype, empty.sizes())));
      return;
    }
    Value[] parts = new Value[turns.size()];
    for (int i = 0; i < parts.length; i++) {
      if (turns.get(i).items() != null) {
        throw op.error("gathers '" + name + "' of turns that give sequences");
      }
      parts[i] = unsqueezed(op, "/" + output + "/" + i, turns.get(i), axis);
    }
    if (parts.length == 1) {
      op.put(output, parts[0]);
      return;
    }
    boolean isInteger = turns.get(0).isInteger();
    op.emit(output, new Concat(axis), List.of(parts), java.util.Map.of(), isInteger);
  }

  /** A tensor with a new axis of size 1. */
  static Value unsqueezed(Operator op, String suffix, Value value, int axis) {
    List<Dim> dims = new ArrayList<>(Walk.shape(value).dims());
    if (axis > dims.size()) {
      throw op.error("puts an axis at " + axis + " of " + value.shape());
    }
    dims.add(axis, Dim.ONE);
    return op.between(suffix, new Reshape("Unsqueeze", new Shape(dims)), value);
  }

  /** A turn for each entry of an axis. */
  static void scan(Operator op) {
    OnnxNode node = op.node();
    if (op.opset() < 9) {
      throw op.unresolved("is Scan of opset 8, which is not known; export for opset 9 or later");
    }
    OnnxGraph body = graph(op, "body");
    int scanned = node.size("num_scan_inputs", 0, 1);
    int carried = op.count() - scanned;
    int gathered = node.outputs().size() - carried;
    if (carried < 0 || gathered < 0) {
      throw op.error("has " + scanned + " num_scan_inputs but " + op.count() + " inputs");
    }
    checkOutputs(op, body, carried + gathered);
    List<Value> state = new ArrayList<>();
    List<Integer> types = state(op, 0, carried, state);
    long[] axes = listed(op, "scan_input_axes", scanned);
    long[] backwards = listed(op, "scan_input_directions", scanned);
    long[] outputAxes = listed(op, "scan_output_axes", gathered);
    long[] outputBackwards = listed(op, "scan_output_directions", gathered);
    long length = -1;
    for (int i = 0; i < scanned; i++) {
      Shape shape = op.shape(carried + i);
      axes[i] = op.axis(axes[i], shape.rank());
      Dim size = shape.dim((int) axes[i]);
      if (!size.isNumber()) {
        throw op.unresolved("goes over an axis whose size is not known");
      }
      if (length >= 0 && size.value() != length) {
        throw op.error("goes over axes of " + length + " and of " + size);
      }
      length = size.value();
    }
    List<List<Value>> turns = new ArrayList<>();
    for (int i = 0; i < gathered; i++) {
      turns.add(new ArrayList<>());
    }
    for (int turn = 0; turn < length; turn++) {
      List<Value> inputs = new ArrayList<>(state);
      List<Integer> all = new ArrayList<>(types);
      for (int i = 0; i < scanned; i++) {
        int place = backwards[i] == 1 ? (int) length - 1 - turn : turn;
        String suffix = "/scanned" + i + "/" + turn;
        inputs.add(entry(op, suffix, op.input(carried + i), (int) axes[i], place));
        all.add(op.elementType(carried + i));
      }
      Walk.Inlined given = op.walk().inline(node, body, inputs, all);
      for (int i = 0; i < carried; i++) {
        state.set(i, given.values().get(i));
        types.set(i, given.types().get(i));
      }
      for (int i = 0; i < gathered; i++) {
        int place = outputBackwards[i] == 1 ? 0 : turn;
        turns.get(i).add(place, given.values().get(carried + i));
      }
    }
    op.walk().putAll(node, new Walk.Inlined(state, types));
    for (int i = 0; i < gathered; i++) {
      OnnxGraph.Info declared = body.outputs().get(carried + i);
      int rank = turns.get(i).isEmpty() ? 0 : Walk.shape(turns.get(i).get(0)).rank();
      int axis = outputAxes[i] == 0 ? 0 : op.axis(outputAxes[i], rank + 1);
      stack(op, carried + i, turns.get(i), axis, declared);
    }
  }

  /** One number for each of so many tensors; 0 for all if there is no such attribute. */
  private static long[] listed(Operator op, String attribute, int count) {
    long[] given = op.node().integers(attribute);
    if (given == null) {
      return new long[count];
    }
    if (given.length != count) {
      throw op.error("has " + given.length + " numbers in '" + attribute + "' but needs " + count);
    }
    return Arrays.copyOf(given, count);
  }

  /** An entry of an axis, without the axis. */
  static Value entry(Operator op, String suffix, Value value, int axis, int place) {
    Shape shape = Walk.shape(value);
    int[][] picks = new int[shape.rank()][];
    picks[axis] = new int[] {place};
    Value part =
        op.between(suffix + "/part", new Pick("Slice", shape.with(axis, Dim.ONE), picks, 0), value);
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.remove(axis);
    return op.between(suffix, new Reshape("Squeeze", new Shape(dims)), part);
  }
}
