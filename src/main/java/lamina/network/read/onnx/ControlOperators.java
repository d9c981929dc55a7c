package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    op.emit(output, new Concat(axis), List.of(parts), Map.of(), isInteger);
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
    OnnxGraph body = graph(op, "body");
    int scanned = node.size("num_scan_inputs", 0, 1);
    // Before opset 9 the lengths of samples come first, and each sample has turns of its own.
    boolean isOfSamples = op.opset() < 9;
    int first = isOfSamples ? 1 : 0;
    int carried = op.count() - scanned - first;
    int gathered = node.outputs().size() - carried;
    if (carried < 0 || gathered < 0) {
      throw op.error("has " + scanned + " num_scan_inputs but " + op.count() + " inputs");
    }
    checkOutputs(op, body, carried + gathered);
    List<Value> values = new ArrayList<>();
    List<Integer> types = state(op, first, carried + scanned, values);
    if (isOfSamples) {
      scanSamples(op, body, values, types, carried);
      return;
    }
    long[] outputAxes = listed(op, "scan_output_axes", gathered);
    Turns turns =
        new Turns(
            listed(op, "scan_input_axes", scanned),
            listed(op, "scan_input_directions", scanned),
            listed(op, "scan_output_directions", gathered));
    List<List<Value>> given = turns.run(op, body, values, types, "");
    op.walk().putAll(node, new Walk.Inlined(values.subList(0, carried), types));
    for (int i = 0; i < gathered; i++) {
      OnnxGraph.Info declared = body.outputs().get(carried + i);
      int rank = given.get(i).isEmpty() ? 0 : Walk.shape(given.get(i).get(0)).rank();
      int axis = outputAxes[i] == 0 ? 0 : op.axis(outputAxes[i], rank + 1);
      stack(op, carried + i, given.get(i), axis, declared);
    }
  }

  /** Turns for each sample by itself: axis 0 is the batch, axis 1 is gone over. */
  private static void scanSamples(
      Operator op, OnnxGraph body, List<Value> values, List<Integer> types, int carried) {
    if (op.optional(0) != null) {
      throw op.unresolved("has samples of several lengths, which is not known before opset 9");
    }
    int scanned = values.size() - carried;
    int outputs = body.outputs().size();
    Dim batch = Walk.shape(values.get(values.size() - 1)).dim(0);
    if (!batch.isNumber()) {
      throw op.unresolved("goes over samples whose number is not known");
    }
    Turns turns =
        new Turns(
            new long[scanned], listed(op, "directions", scanned), new long[outputs - carried]);
    List<List<Value>> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      results.add(new ArrayList<>());
    }
    for (int sample = 0; sample < batch.value(); sample++) {
      List<Value> own = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        if (!Walk.shape(values.get(i)).dim(0).equals(batch)) {
          throw op.error("has " + values.get(i).shape().dim(0) + " and " + batch + " samples");
        }
        own.add(entry(op, "/sample" + i + "/" + sample, values.get(i), 0, sample));
      }
      String suffix = "/" + sample;
      List<List<Value>> given = turns.run(op, body, own, new ArrayList<>(types), suffix);
      for (int i = 0; i < outputs; i++) {
        if (i < carried) {
          results.get(i).add(own.get(i));
          continue;
        }
        Value[] parts = given.get(i - carried).toArray(new Value[0]);
        for (int turn = 0; turn < parts.length; turn++) {
          parts[turn] = unsqueezed(op, "/out" + i + suffix + "/" + turn, parts[turn], 0);
        }
        boolean isSingle = parts.length == 1;
        results
            .get(i)
            .add(isSingle ? parts[0] : op.between("/all" + i + suffix, new Concat(0), parts));
      }
    }
    for (int i = 0; i < outputs; i++) {
      stack(op, i, results.get(i), 0, body.outputs().get(i));
    }
  }

  /**
   * How a Scan goes over its inputs.
   *
   * @param axes of each input that is gone over
   * @param backwards whether each is gone over from its end, 1 for yes
   * @param outputsBackwards whether each output is put before the earlier ones
   */
  private record Turns(long[] axes, long[] backwards, long[] outputsBackwards) {
    /**
     * Runs them.
     *
     * @param values what is carried on, which becomes what the last turn gives, and what is gone
     *     over
     * @return what each turn gave, for each output
     */
    List<List<Value>> run(
        Operator op, OnnxGraph body, List<Value> values, List<Integer> types, String suffix) {
      int carried = values.size() - axes.length;
      long length = -1;
      for (int i = 0; i < axes.length; i++) {
        Shape shape = Walk.shape(values.get(carried + i));
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
      for (int i = 0; i < outputsBackwards.length; i++) {
        turns.add(new ArrayList<>());
      }
      for (int turn = 0; turn < length; turn++) {
        List<Value> inputs = new ArrayList<>(values);
        for (int i = 0; i < axes.length; i++) {
          int place = backwards[i] == 1 ? (int) length - 1 - turn : turn;
          String part = suffix + "/scanned" + i + "/" + turn;
          inputs.set(carried + i, entry(op, part, values.get(carried + i), (int) axes[i], place));
        }
        Walk.Inlined given = op.walk().inline(op.node(), body, inputs, types);
        for (int i = 0; i < carried; i++) {
          values.set(i, given.values().get(i));
          types.set(i, given.types().get(i));
        }
        for (int i = 0; i < turns.size(); i++) {
          int place = outputsBackwards[i] == 1 ? 0 : turn;
          turns.get(i).add(place, given.values().get(carried + i));
        }
      }
      return turns;
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
