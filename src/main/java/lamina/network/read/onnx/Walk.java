package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import lamina.format.OnnxTensor;
import lamina.layer.Cast;
import lamina.layer.Constant;
import lamina.layer.Identity;
import lamina.layer.Layer;
import lamina.layer.Layer.Expectation;
import lamina.layer.MergeLayer;
import lamina.layer.Overflow;
import lamina.layer.Pass;
import lamina.layer.UnknownOperator;
import lamina.layer.Weights;
import lamina.network.Model;
import lamina.network.Node;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A walk through the nodes of a graph for inputs of given shapes. Operators become layers; what
 * depends on constants alone, such as the arithmetic on shapes, is computed on the way.
 */
final class Walk {
  private final OnnxModel model;
  private final DType dtype;
  private final List<Tensor> given;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Dim> symbols = new HashMap<>();
  private final List<Node> parts = new ArrayList<>();
  private final IdentityHashMap<Value, String> constantParts = new IdentityHashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Supplier<Tensor>> weights = new LinkedHashMap<>();
  private final Map<String, String> aliases = new HashMap<>();
  private final Set<Integer> bound;

  /** The names of all values that a node takes or the network gives. */
  private final Set<String> used = new HashSet<>();

  private final boolean merges;

  private final ElementTypes types = new ElementTypes();

  /** What the results of the node at hand are cut to; null if they are not. */
  private Cast.Kind narrow;

  /** The layers so far by the values that they give. */
  private final Map<String, Emitted> emitted = new HashMap<>();

  /** A layer with what it takes. */
  record Emitted(Layer layer, List<Value> operands, Map<String, Value> parameters) {}

  /** An operator needs the elements of values that are not constant, but that inputs decide. */
  static final class NeedsValues extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Set<Integer> inputs;

    NeedsValues(Set<Integer> inputs) {
      super(null, null, false, false);
      this.inputs = inputs;
    }

    /** The network's inputs whose values are needed. */
    Set<Integer> inputs() {
      return inputs;
    }
  }

  /** An operator cannot become a layer: it is unknown, or what it needs is. */
  static final class Unresolved extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unresolved(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * @param shapes one for each input
   * @param given the values of inputs, or null
   * @param bound the inputs that count as constants, with their values
   * @param merges whether layers may become one
   */
  Walk(
      OnnxModel model,
      List<Shape> shapes,
      List<Tensor> given,
      Set<Integer> bound,
      DType dtype,
      boolean merges) {
    this.merges = merges;
    this.model = model;
    this.given = given;
    this.bound = bound;
    this.dtype = dtype;
    for (OnnxTensor tensor : model.graph().initializers().values()) {
      values.put(tensor.name(), constant(tensor.name(), tensor).asParameter());
      types.put(tensor.name(), tensor.type());
    }
    for (OnnxGraph.Info input : model.graph().inputs()) {
      types.put(input.name(), input.type());
    }
    for (int i = 0; i < shapes.size(); i++) {
      unify(model.inputs().get(i), shapes.get(i));
    }
    for (int i = 0; i < shapes.size(); i++) {
      Model.Port port = model.inputs().get(i);
      Shape declared = shapes.get(i) == null ? port.shape() : shapes.get(i);
      Shape shape = declared == null ? null : substituted(declared);
      BitSet origin = new BitSet();
      origin.set(i);
      names.add(port.name());
      Tensor value = given == null ? null : given.get(i);
      values.put(
          port.name(),
          bound.contains(i) && value != null
              ? Value.constant(port.name(), shape, port.isInteger(), () -> value)
              : Value.flow(port.name(), shape, port.isInteger(), port.name(), origin));
    }
  }

  /** Takes in what the shape of an input says of the file's symbols. */
  private void unify(Model.Port port, Shape shape) {
    Shape declared = port.shape();
    if (declared == null || shape == null) {
      return;
    }
    boolean fits = declared.rank() == shape.rank();
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      Dim there = declared.dim(axis);
      Dim here = shape.dim(axis);
      if (there.isNumber()) {
        fits = there.equals(here) || !here.isNumber();
        continue;
      }
      Dim before = symbols.putIfAbsent(there.toString(), here);
      if (before != null && !before.equals(here) && before.isNumber() && here.isNumber()) {
        throw new InputException(
            "the input '"
                + port.name()
                + "' is "
                + shape
                + ", but "
                + there
                + " is "
                + before
                + " in another input");
      }
    }
    if (!fits) {
      throw new InputException(
          "the input '" + port.name() + "' is " + shape + ", but the file wants " + declared);
    }
  }

  private Shape substituted(Shape shape) {
    List<Dim> dims = new ArrayList<>();
    for (Dim dim : shape.dims()) {
      dims.add(dim.isNumber() ? dim : symbols.getOrDefault(dim.toString(), dim));
    }
    return new Shape(dims);
  }

  /** A tensor of the file, in the type that is computed in. */
  Value constant(String name, OnnxTensor tensor) {
    boolean isInteger = tensor.natural() == DType.INT64;
    DType type = isInteger ? DType.INT64 : dtype;
    return Value.constant(name, tensor.shape(), isInteger, () -> tensor.tensor(type));
  }

  /** What is computed in. */
  DType dtype() {
    return dtype;
  }

  int opset() {
    return model.opset("");
  }

  Model.Bound bound() {
    OnnxGraph graph = model.graph();
    for (OnnxNode node : wanted(graph)) {
      visit(node);
    }
    List<String> outputs = new ArrayList<>();
    for (OnnxGraph.Info output : graph.outputs()) {
      Value value = values.get(output.name());
      if (value == null) {
        throw new InputException(
            "its output '" + output.name() + "' is given by no node, input or weight");
      }
      outputs.add(part(value));
    }
    String main = outputs.get(0);
    boolean isInput = model.inputs().stream().anyMatch(port -> port.name().equals(main));
    if (isInput || parts.isEmpty() || !parts.get(parts.size() - 1).name().equals(main)) {
      Value value = values.get(graph.outputs().get(0).name());
      String name = unique(graph.outputs().get(0).name());
      parts.add(new Node.Leaf(name, "Identity", "Identity()", new Identity(), List.of(main)));
      outputs.set(0, name);
      Collections.replaceAll(outputs, value.flow() == null ? main : value.flow(), name);
    }
    List<String> doubts = doubts(graph);
    return new Model.Bound(needed(outputs), outputs, weights, aliases, !bound.isEmpty(), doubts);
  }

  /** What the file says of its version and its outputs that does not go with what is known. */
  private List<String> doubts(OnnxGraph graph) {
    List<String> doubts = new ArrayList<>();
    if (opset() < OnnxModel.FIRST_OPSET || opset() > OnnxModel.LAST_OPSET) {
      doubts.add(
          model.source()
              + ": is of opset "
              + opset()
              + ", but opsets "
              + OnnxModel.FIRST_OPSET
              + " to "
              + OnnxModel.LAST_OPSET
              + " are known: its operators may mean something else");
    }
    for (OnnxGraph.Info output : graph.outputs()) {
      Shape found = values.get(output.name()).shape();
      if (found == null || output.shape() == null) {
        continue;
      }
      Shape declared = substituted(output.shape());
      boolean fits = declared.rank() == found.rank();
      for (int axis = 0; fits && axis < found.rank(); axis++) {
        Dim there = declared.dim(axis);
        Dim here = found.dim(axis);
        fits = !there.isNumber() || !here.isNumber() || there.equals(here);
      }
      if (!fits) {
        doubts.add(
            model.source()
                + ": says that its output '"
                + output.name()
                + "' is "
                + declared
                + ", but its nodes give "
                + found);
      }
    }
    return doubts;
  }

  /** The nodes that the outputs depend on, in the file's order. */
  private List<OnnxNode> wanted(OnnxGraph graph) {
    for (OnnxGraph.Info output : graph.outputs()) {
      used.add(output.name());
    }
    List<OnnxNode> nodes = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      OnnxNode node = graph.nodes().get(i);
      if (!Collections.disjoint(node.outputs(), used)) {
        nodes.add(node);
        useAll(node);
      }
    }
    Collections.reverse(nodes);
    return nodes;
  }

  /** Walks through a graph within a node, whose outputs become the node's. */
  void inline(OnnxNode node, OnnxGraph graph) {
    for (OnnxTensor tensor : graph.initializers().values()) {
      values.put(tensor.name(), constant(tensor.name(), tensor).asParameter());
      types.put(tensor.name(), tensor.type());
    }
    for (OnnxNode inner : graph.nodes()) {
      used.addAll(inner.inputs());
    }
    for (OnnxGraph.Info output : graph.outputs()) {
      used.add(output.name());
    }
    for (OnnxNode inner : graph.nodes()) {
      visit(inner);
    }
    if (graph.outputs().size() != node.outputs().size()) {
      throw node.error(
          "has " + node.outputs().size() + " outputs but its graph " + graph.outputs().size());
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      Value value = values.get(graph.outputs().get(i).name());
      if (value == null) {
        throw node.error("has a graph that does not give its output");
      }
      put(node.outputs().get(i), value);
    }
  }

  private void useAll(OnnxNode node) {
    used.addAll(node.inputs());
    used.remove("");
    for (Object attribute : node.attributes().values()) {
      if (attribute instanceof OnnxGraph graph) {
        graph.nodes().forEach(this::useAll);
        graph.outputs().forEach(output -> used.add(output.name()));
      }
    }
  }

  /** The layer that gives a value, if nobody else takes it and it may become part of another. */
  Emitted mergeable(Value value) {
    boolean isAlone = merges && emitted.containsKey(value.name());
    int takers = 0;
    for (OnnxNode node : isAlone ? model.graph().nodes() : List.<OnnxNode>of()) {
      takers += Collections.frequency(node.inputs(), value.name());
      // Graphs within a node may take it too, which is not looked for.
      isAlone &= node.attributes().values().stream().noneMatch(OnnxGraph.class::isInstance);
    }
    for (OnnxGraph.Info output : model.graph().outputs()) {
      isAlone &= !output.name().equals(value.name());
    }
    return isAlone && takers == 1 ? emitted.get(value.name()) : null;
  }

  /** Whether a value is taken by a node or given by the network. */
  boolean isUsed(String value) {
    return used.contains(value);
  }

  /** The parts that the outputs depend on: others only had their shapes asked for. */
  private List<Node> needed(List<String> outputs) {
    Set<String> needed = new HashSet<>(outputs);
    List<Node> kept = new ArrayList<>();
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (needed.contains(parts.get(i).name())) {
        kept.add(parts.get(i));
        needed.addAll(parts.get(i).inputs());
      }
    }
    Collections.reverse(kept);
    return kept;
  }

  private void visit(OnnxNode node) {
    for (String input : node.inputs()) {
      if (!input.isEmpty() && !values.containsKey(input)) {
        boolean later = false;
        for (OnnxNode other : model.graph().nodes()) {
          later |= other.outputs().contains(input);
        }
        throw node.error(
            "takes '"
                + input
                + "', which "
                + (later
                    ? "a later node gives: the nodes are out of order or form a cycle"
                    : "no node, input or weight gives"));
      }
    }
    for (String output : node.outputs()) {
      if (!output.isEmpty() && values.containsKey(output)) {
        throw node.error("gives '" + output + "', which is there already");
      }
    }
    narrow = types.narrow(node);
    try {
      Operators.apply(new Operator(this, node));
    } catch (Unresolved e) {
      leaveOpen(node, e.getMessage());
    } catch (InputException e) {
      throw e.getMessage().startsWith("node '") ? e : named(node, e);
    }
    types.infer(node, model.graph());
  }

  private static InputException named(OnnxNode node, InputException e) {
    String link = e.getMessage().startsWith("the ") ? ": " : " ";
    return new InputException(node.label() + link + e.getMessage(), e);
  }

  /** A node that cannot run: the walk goes on with what the file says of its outputs. */
  private void leaveOpen(OnnxNode node, String why) {
    BitSet origins = new BitSet();
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      if (!input.isEmpty() && !values.get(input).isConstant()) {
        origins.or(values.get(input).origins());
        if (values.get(input).flow() != null) {
          inputs.add(values.get(input).flow());
        }
      }
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      if (output.isEmpty()) {
        continue;
      }
      OnnxGraph.Info info = model.graph().info(output);
      Shape shape = info == null || info.shape() == null ? null : substituted(info.shape());
      String name = unique(i == 0 && !node.name().isEmpty() ? node.name() : output);
      Layer layer = new UnknownOperator(node.type(), why, shape);
      parts.add(new Node.Leaf(name, node.type(), text(node), layer, inputs));
      boolean isInteger = info != null && info.isInteger();
      values.put(output, Value.flow(output, shape, isInteger, name, origins));
    }
  }

  /** The value of an input of a node; null if it is left out. */
  Value value(OnnxNode node, int index) {
    String name = index < node.inputs().size() ? node.inputs().get(index) : "";
    return name.isEmpty() ? null : values.get(name);
  }

  /** Says what an output is. */
  void put(String output, Value value) {
    values.put(output, value.named(output));
  }

  /**
   * The elements of a value that decides what a layer is.
   *
   * @throws NeedsValues if they follow from inputs
   * @throws Unresolved if nothing is known of them
   */
  Tensor elements(OnnxNode node, Value value) {
    if (value.isConstant()) {
      return value.constant().get();
    }
    require(value);
    throw new Unresolved(
        node.label() + " depends on the elements of '" + value.name() + "', which are not known");
  }

  /** Asks for the values that a value depends on, if there are any. */
  private void require(Value value) {
    if (given == null) {
      return;
    }
    Set<Integer> inputs = new HashSet<>();
    value.origins().stream()
        .filter(i -> given.get(i) != null && !bound.contains(i))
        .forEach(inputs::add);
    if (!inputs.isEmpty()) {
      throw new NeedsValues(inputs);
    }
  }

  /** The text that messages and reports show: the operator with its attributes. */
  static String text(OnnxNode node) {
    StringBuilder text = new StringBuilder(node.type()).append('(');
    for (Map.Entry<String, Object> attribute : node.attributes().entrySet()) {
      Object value = attribute.getValue();
      if (value instanceof OnnxTensor || value instanceof OnnxGraph) {
        continue;
      }
      String shown = value.toString();
      if (shown.length() <= 40) {
        text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ");
        text.append(attribute.getKey()).append('=').append(shown);
      }
    }
    return text.append(')').toString();
  }

  private String unique(String name) {
    String plain = name;
    for (int i = 1; !names.add(plain); i++) {
      plain = name + "_" + i;
    }
    return plain;
  }

  /** The part that gives a value: a constant becomes a part of its own. */
  private String part(Value value) {
    if (value.flow() != null) {
      return value.flow();
    }
    String known = constantParts.get(value);
    if (known != null) {
      return known;
    }
    String name = unique(value.name());
    constantParts.put(value, name);
    Layer layer = new Constant(value.shape(), value.isParameter() && !value.isInteger());
    parts.add(new Node.Leaf(name, "Constant", "Constant()", layer, List.of()));
    addWeight(name, "value", value);
    return name;
  }

  private void addWeight(String part, String parameter, Value value) {
    String full = part + "." + parameter;
    aliases.put(full, value.name());
    if (value.isConstant()) {
      weights.put(full, value.constant());
    } else {
      require(value);
    }
  }

  /**
   * Makes an output of a node what a layer gives, or what it would give if all it takes is
   * constant.
   *
   * @param output which of the node's outputs
   * @param plain the layer before what it gives is cut to a narrow type
   * @param operands what flows into the layer
   * @param parameters the layer's weights by the names that it gives them
   */
  Value emit(
      OnnxNode node,
      int output,
      Layer plain,
      List<Value> operands,
      Map<String, Value> parameters,
      boolean isInteger) {
    Layer layer = narrow == null || !parameters.isEmpty() ? plain : Overflow.of(plain, narrow);
    List<Shape> shapes = new ArrayList<>();
    boolean isConstant = true;
    BitSet origins = new BitSet();
    for (Value operand : operands) {
      shapes.add(shape(operand));
      isConstant &= operand.isConstant();
      origins.or(operand.origins());
    }
    for (Value parameter : parameters.values()) {
      isConstant &= parameter.isConstant();
      origins.or(parameter.origins());
    }
    String valueName = node.outputs().get(output);
    Shape shape = outputShape(layer, shapes);
    if (isConstant) {
      Supplier<Tensor> elements = () -> computed(node, layer, operands, parameters);
      Value value = Value.constant(valueName, shape, isInteger, elements);
      // A weight in another order is a weight.
      boolean isWeight =
          operands.size() == 1
              && operands.get(0).isParameter()
              && shape.elements().equals(operands.get(0).shape().elements());
      value = isWeight ? value.asParameter() : value;
      values.put(valueName, value);
      return value;
    }
    List<Dim> sizes = parameters.isEmpty() ? SymbolicElements.of(plain, operands) : null;
    if (sizes != null) {
      Value value = Value.ofSizes(valueName, shape, sizes, origins);
      values.put(valueName, value);
      return value;
    }
    String name = unique(output == 0 && !node.name().isEmpty() ? node.name() : valueName);
    List<String> inputs = new ArrayList<>();
    for (Value operand : operands) {
      inputs.add(part(operand));
    }
    for (Map.Entry<String, Value> parameter : parameters.entrySet()) {
      addWeight(name, parameter.getKey(), parameter.getValue());
    }
    parts.add(new Node.Leaf(name, node.type(), text(node), layer, inputs));
    Value value = Value.flow(valueName, shape, isInteger, name, origins);
    values.put(valueName, value);
    emitted.put(valueName, new Emitted(layer, operands, parameters));
    return value;
  }

  /**
   * The shape of a value.
   *
   * @throws Unresolved if it is unknown
   */
  static Shape shape(Value value) {
    if (value.shape() == null) {
      throw new Unresolved("the shape of '" + value.name() + "' is not known");
    }
    return value.shape();
  }

  private static Shape outputShape(Layer layer, List<Shape> shapes) {
    if (layer instanceof MergeLayer merge) {
      return merge.output(shapes);
    }
    Shape input = shapes.get(0);
    int rank = input.rank();
    if (rank < layer.ranks().least() || rank > layer.ranks().most()) {
      throw new InputException("takes no input of " + rank + " axes, such as " + input);
    }
    Layer inferred = layer.inferred(input);
    for (Expectation expected : inferred.expectations(input)) {
      Dim actual = input.dim(expected.axis());
      if (actual.isNumber() && expected.size().isNumber() && !actual.equals(expected.size())) {
        throw new InputException(
            "expects " + expected.size() + " " + expected.unit() + " but gets " + actual);
      }
    }
    return inferred.output(input);
  }

  private Tensor computed(
      OnnxNode node, Layer layer, List<Value> operands, Map<String, Value> parameters) {
    List<Tensor> inputs = new ArrayList<>();
    for (Value operand : operands) {
      inputs.add(operand.constant().get());
    }
    Map<String, Tensor> tensors = new HashMap<>();
    parameters.forEach((name, value) -> tensors.put("." + name, value.constant().get()));
    Weights own = new Weights(tensors, "");
    try {
      return layer instanceof MergeLayer merge
          ? merge.forward(inputs, Pass.inference())
          : layer.forward(inputs.get(0), own, Pass.inference());
    } catch (InputException e) {
      throw named(node, e);
    }
  }
}
