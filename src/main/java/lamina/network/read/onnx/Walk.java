package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.format.OnnxTensor;
import lamina.layer.Cast;
import lamina.layer.Layer;
import lamina.layer.UnknownOperator;
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
  /** More nodes come only of loops and functions that would run until memory is full. */
  private static final int MOST_NODES = 100_000;

  private final OnnxModel model;
  private final DType dtype;
  private final Symbols symbols = new Symbols();
  private final Parts parts = new Parts();
  private final boolean merges;

  /** The nodes that take a value of the whole graph, by its name; null until somebody asks. */
  private Map<String, List<OnnxNode>> takers;

  private final InputValues given;
  private final UsedValues used = new UsedValues();
  private final UnreadAttributes unread = new UnreadAttributes();

  /** What the nodes at hand see. */
  private NodeScope scope;

  /** What the results of the node at hand are cut to; null if they are not. */
  private Cast.Kind narrow;

  /** The functions that are being walked through, by their keys. */
  private final Set<String> calls = new HashSet<>();

  private int visits;

  /**
   * @param shapes one for each input
   * @param merges whether layers may become one
   */
  Walk(OnnxModel model, List<Shape> shapes, InputValues given, DType dtype, boolean merges) {
    this.merges = merges;
    this.model = model;
    this.given = given;
    this.dtype = dtype;
    this.scope = NodeScope.of(model.graph());
    addWeights(model.graph());
    for (OnnxGraph.Info input : model.graph().inputs()) {
      scope.putType(input.name(), input.type());
    }
    for (int i = 0; i < shapes.size(); i++) {
      symbols.unify(model.inputs().get(i), shapes.get(i));
    }
    for (int i = 0; i < shapes.size(); i++) {
      Model.Port port = model.inputs().get(i);
      Shape declared = shapes.get(i) == null ? port.shape() : shapes.get(i);
      Shape shape = declared == null ? null : symbols.in(declared);
      BitSet origin = new BitSet();
      origin.set(i);
      parts.reserve(port.name());
      Tensor value = given.constant(i);
      scope.put(
          port.name(),
          value != null
              ? Value.constant(port.name(), shape, port.isInteger(), () -> value)
              : Value.flow(port.name(), shape, port.isInteger(), port.name(), origin));
    }
  }

  private void addWeights(OnnxGraph graph) {
    for (OnnxTensor tensor : graph.initializers().values()) {
      scope.put(tensor.name(), constant(tensor.name(), tensor).asParameter());
      scope.putType(tensor.name(), tensor.type());
    }
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

  /** The version of ONNX's operators that the node at hand is of. */
  int opset() {
    return opset("");
  }

  private int opset(String domain) {
    Long ofFunction = scope.function() == null ? null : scope.function().opset(domain);
    return ofFunction == null ? model.opset(domain) : OnnxModel.version(ofFunction);
  }

  Model.Bound bound() {
    OnnxGraph graph = model.graph();
    for (OnnxNode node : used.nodesBehind(graph)) {
      visit(node);
    }
    List<String> outputs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (OnnxGraph.Info output : graph.outputs()) {
      Value value = scope.value(output.name());
      if (value == null) {
        throw new InputException(
            "its output '" + output.name() + "' is given by no node, input or weight");
      }
      if (value.items() != null && output.type() != 0 && output.isTensor()) {
        throw new InputException(
            "says that its output '"
                + output.name()
                + "' is a tensor, but its nodes give a sequence of "
                + value.items().size());
      }
      List<Value> items = value.items() == null ? List.of(value) : value.items();
      for (Value item : items) {
        names.add(output.name() + (value.items() == null ? "" : "[" + names.size() + "]"));
        outputs.add(parts.ofLayer(part(item), output.name()));
      }
    }
    if (outputs.isEmpty()) {
      throw new InputException("gives an empty sequence, which is no tensor to print or compare");
    }
    String main = outputs.get(0);
    Collections.replaceAll(outputs, main, parts.last(main, names.get(0)));
    List<String> doubts = new ArrayList<>(symbols.doubts(model, scope));
    doubts.addAll(unread.doubts(model));
    return new Model.Bound(
        parts.needed(outputs),
        outputs,
        names,
        parts.weights(),
        parts.aliases(),
        !given.bound().isEmpty(),
        doubts);
  }

  /** What a graph within a node gave, with the data types by ONNX's numbers. */
  record Inlined(List<Value> values, List<Integer> types) {}

  /**
   * Walks through a graph within a node.
   *
   * @param inputs what its inputs are, in order
   * @param types their data types by ONNX's numbers, 0 where they are unknown
   * @return what it gives
   */
  Inlined inline(OnnxNode node, OnnxGraph graph, List<Value> inputs, List<Integer> types) {
    if (graph.inputs().size() != inputs.size()) {
      throw node.error(
          "gives " + inputs.size() + " inputs to a graph that takes " + graph.inputs().size());
    }
    NodeScope around = scope;
    Cast.Kind outer = narrow;
    scope = around.inner(graph);
    addWeights(graph);
    for (int i = 0; i < inputs.size(); i++) {
      String name = graph.inputs().get(i).name();
      scope.put(name, inputs.get(i).named(name));
      scope.putType(name, types.get(i));
    }
    used.addAll(graph);
    List<String> outputs = new ArrayList<>();
    graph.outputs().forEach(output -> outputs.add(output.name()));
    return within(around, outer, node, graph.nodes(), outputs);
  }

  /** Walks through the nodes of the function that a node calls, if the file has one; else false. */
  boolean inlineFunction(OnnxNode node) {
    OnnxFunction function = model.function(node);
    if (function == null) {
      return false;
    }
    if (node.inputs().size() > function.inputs().size()
        || node.outputs().size() > function.outputs().size()) {
      throw node.error(
          "gives "
              + node.inputs().size()
              + " inputs to a function of "
              + function.inputs().size()
              + " and takes "
              + node.outputs().size()
              + " outputs of its "
              + function.outputs().size());
    }
    if (!calls.add(function.key())) {
      throw node.error("is a function that calls itself");
    }
    Map<String, Object> attributes = new HashMap<>(function.defaults());
    attributes.putAll(node.attributes());
    NodeScope around = scope;
    Cast.Kind outer = narrow;
    NodeScope own = NodeScope.of(function, attributes);
    for (int i = 0; i < node.inputs().size(); i++) {
      Value value = value(node, i);
      if (value != null) {
        String name = function.inputs().get(i);
        own.put(name, value.named(name));
        own.putType(name, around.type(node.inputs().get(i)));
      }
    }
    scope = own;
    used.addAll(function);
    // Inputs that the call leaves out are left out of the function's nodes too.
    Set<String> missing = new HashSet<>(function.inputs());
    missing.removeIf(own::holds);
    List<OnnxNode> nodes = new ArrayList<>();
    for (OnnxNode inner : function.nodes()) {
      nodes.add(missing.isEmpty() ? inner : inner.without(missing));
    }
    List<String> outputs = function.outputs().subList(0, node.outputs().size());
    Inlined inlined = within(around, outer, node, nodes, outputs);
    calls.remove(function.key());
    putAll(node, inlined);
    return true;
  }

  /** Visits nodes in the scope at hand, and goes back to the one around it. */
  private Inlined within(
      NodeScope around,
      Cast.Kind outer,
      OnnxNode node,
      List<OnnxNode> nodes,
      List<String> outputs) {
    count(node);
    List<Value> values = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    try {
      for (OnnxNode inner : nodes) {
        visit(inner);
      }
      for (String output : outputs) {
        Value value = scope.value(output);
        if (value == null) {
          throw node.error("has nodes within it that do not give its output '" + output + "'");
        }
        values.add(value);
        types.add(scope.type(output));
      }
    } finally {
      scope = around;
      narrow = outer;
    }
    return new Inlined(values, types);
  }

  /** Says that the first outputs of a node are these. */
  void putAll(OnnxNode node, Inlined inlined) {
    for (int i = 0; i < inlined.values().size(); i++) {
      put(node.outputs().get(i), inlined, i);
    }
  }

  /** Says that an output of a node is what a graph within it gave. */
  void put(String output, Inlined inlined, int index) {
    if (!output.isEmpty()) {
      put(output, inlined.values().get(index));
      scope.putType(output, inlined.types().get(index));
    }
  }

  int type(String value) {
    return scope.type(value);
  }

  /** The layer that gives a value, if nobody else takes it and it may become part of another. */
  Parts.Made mergeable(Value value) {
    OnnxGraph graph = scope.whole();
    Parts.Made made = merges && graph != null ? parts.how(value) : null;
    if (made == null) {
      return null;
    }
    return takers(graph, value.name()).size() == 1 ? made : null;
  }

  /** Whether a weight is taken by a node of one operator and by nobody else. */
  boolean isOnlyTakenBy(String operator, Value weight) {
    List<OnnxNode> takers =
        scope.whole() == null ? List.of() : takers(scope.whole(), weight.name());
    return takers.size() == 1 && takers.get(0).type().equals(operator);
  }

  /** The nodes that take a value; those of a value that may be taken elsewhere stay unknown. */
  private List<OnnxNode> takers(OnnxGraph graph, String value) {
    if (takers == null) {
      takers = new HashMap<>();
      Set<String> others = new HashSet<>();
      boolean hasInner = false;
      for (OnnxNode node : graph.nodes()) {
        for (String input : node.inputs()) {
          takers.computeIfAbsent(input, name -> new ArrayList<>(1)).add(node);
        }
        for (Object attribute : node.attributes().values()) {
          hasInner |= attribute instanceof OnnxGraph;
        }
      }
      for (OnnxGraph.Info output : graph.outputs()) {
        others.add(output.name());
      }
      takers.keySet().removeAll(others);
      // Graphs within a node may take any value, which is not looked for.
      if (hasInner) {
        takers.clear();
      }
    }
    return takers.getOrDefault(value, List.of());
  }

  private void visit(OnnxNode written) {
    OnnxNode node = scope.resolved(written);
    count(node);
    for (String input : node.inputs()) {
      if (!input.isEmpty() && scope.value(input) == null) {
        throw node.error(
            "takes '"
                + input
                + "', which "
                + (scope.isGivenLater(input)
                    ? "a later node gives: the nodes are out of order or form a cycle"
                    : "no node, input or weight gives"));
      }
    }
    for (String output : node.outputs()) {
      if (!output.isEmpty() && scope.holds(output)) {
        throw node.error("gives '" + output + "', which is there already");
      }
    }
    if (node.outputs().isEmpty()) {
      throw node.error("has no output");
    }
    narrow = ElementTypes.narrow(node, scope);
    try {
      if (!inlineFunction(node)) {
        Operators.apply(new Operator(this, node));
        unread.addAll(node);
      }
    } catch (Unresolved e) {
      leaveOpen(node, e);
    } catch (InputException e) {
      throw e.subject() != null ? e : e.about(node.label());
    }
    ElementTypes.infer(node, scope);
  }

  private void count(OnnxNode node) {
    if (++visits > MOST_NODES) {
      throw node.error("makes more than " + MOST_NODES + " nodes of loops and functions");
    }
  }

  /** A node that cannot run: the walk goes on with what the file says of its outputs. */
  private void leaveOpen(OnnxNode node, Unresolved why) {
    BitSet origins = new BitSet();
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      if (!input.isEmpty() && !scope.value(input).isConstant()) {
        origins.or(scope.value(input).origins());
        if (scope.value(input).flow() != null) {
          inputs.add(scope.value(input).flow());
        }
      }
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      if (output.isEmpty()) {
        continue;
      }
      OnnxGraph.Info info = scope.info(output);
      Shape shape = info == null || info.shape() == null ? null : symbols.in(info.shape());
      shape = shape == null && i == 0 ? why.shape() : shape;
      String name = parts.unique(i == 0 && !node.name().isEmpty() ? node.name() : output);
      Layer layer = new UnknownOperator(node.type(), why.getMessage(), shape);
      parts.add(new Node.Leaf(name, node.type(), node.text(), layer, inputs));
      Value first = value(node, 0);
      boolean isIndex = ElementTypes.isIndex(node, i, first != null && first.isInteger());
      boolean isInteger = info == null ? isIndex : info.isInteger();
      scope.put(output, Value.flow(output, shape, isInteger, name, origins));
    }
  }

  /** The value of an input of a node; null if it is left out. */
  Value value(OnnxNode node, int index) {
    String name = index < node.inputs().size() ? node.inputs().get(index) : "";
    return name.isEmpty() ? null : scope.value(name);
  }

  /** Says what an output is. */
  void put(String output, Value value) {
    scope.put(output, value.named(output));
  }

  /** Whether a value is taken by a node or given by the network. */
  boolean isUsed(String value) {
    return used.contains(value);
  }

  /**
   * The elements of a value that decides what a layer is.
   *
   * @throws NeedsValues if they follow from inputs
   * @throws Unresolved if nothing is known of them
   */
  Tensor elements(OnnxNode node, Value value) {
    return given.elements(node, value);
  }

  /** Makes an output of a node what a layer gives, or would give if all it takes is constant. */
  Value emit(LayerOutput plain) {
    boolean isCut = narrow != null && plain.parameters().isEmpty();
    LayerOutput made = isCut ? plain.cut(narrow) : plain;
    Shape shape = made.shape();
    List<Dim> sizes = made.isConstant() ? null : made.symbolicElements();
    Value value;
    if (made.isConstant() && made.repeatsWeight()) {
      value = addPart(made, shape).withElementsOf(made.constant(shape));
    } else if (made.isConstant()) {
      value = made.constant(shape);
    } else if (sizes != null) {
      value = Value.ofSizes(made.name(), shape, sizes, made.origins());
    } else {
      value = addPart(made, shape);
    }
    scope.put(made.name(), value);
    return value;
  }

  /** Makes a part of a layer. */
  private Value addPart(LayerOutput made, Shape shape) {
    OnnxNode node = made.node();
    String name = parts.unique(made.partName());
    List<String> inputs = new ArrayList<>();
    for (Value operand : made.operands()) {
      inputs.add(part(operand));
    }
    made.parameters()
        .forEach(
            (parameter, value) -> {
              if (!value.isConstant()) {
                given.require(value);
              }
              parts.addWeight(name, parameter, value);
            });
    parts.add(new Node.Leaf(name, node.type(), node.text(), made.layer(), inputs));
    parts.remember(
        name, new Parts.Made(made.name(), made.layer(), made.operands(), made.parameters()));
    return Value.flow(made.name(), shape, made.isInteger(), name, made.origins());
  }

  /** The part that gives a value. */
  private String part(Value value) {
    if (value.flow() == null && !value.isConstant()) {
      given.require(value);
    }
    return parts.of(value);
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
}
