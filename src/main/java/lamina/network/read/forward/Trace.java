package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lamina.layer.Call;
import lamina.layer.Call.Argument;
import lamina.layer.Compatibility;
import lamina.layer.Constant;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.View;
import lamina.network.Model;
import lamina.network.Network;
import lamina.network.Node;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Follows {@code forward()} and writes down the layers that it runs. */
final class Trace {
  private static final int DEEPEST = 100;

  private final Modules modules;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Integer> names = new HashMap<>();
  private final List<String> inputs = new ArrayList<>();

  /** The shapes of parameters and buffers that the text says, by their paths. */
  private final Map<String, Constant> own;

  private final Map<String, Ref> ownTaken = new HashMap<>();

  /** Which axis of which output a symbol stands for. */
  private final Map<String, OutputAxis> sizes = new LinkedHashMap<>();

  private record OutputAxis(String output, int axis) {}

  private final Memory memory = new Memory(this);

  private final ForwardClasses classes;
  private final String source;
  private int depth;

  /**
   * @param own what the text says of parameters and buffers that modules hold by themselves
   */
  Trace(Modules modules, ForwardClasses classes, String source, Map<String, Constant> own) {
    this.own = own;
    this.modules = modules;
    this.classes = classes;
    this.source = source;
  }

  /** Whether the text has the forward() of a module's class. */
  boolean isWritten(String path) {
    Call call = modules.call(path);
    return call != null && classes.code(call.type()) != null;
  }

  /** Whether a module is a Sequential, whose parts run one after another. */
  boolean isSequence(String path) {
    Call call = modules.call(path);
    return call != null && call.type().equals("Sequential");
  }

  /** Follows the forward() of a module's class. */
  Object follow(String path, List<Object> positional, Map<String, Object> named, String place) {
    if (++depth > DEEPEST) {
      throw new InputException(place + ": calls more than " + DEEPEST + " modules within another");
    }
    String code = classes.code(modules.call(path).type());
    Object result = new ForwardCode(code, source, this, path).run(positional, named);
    depth--;
    return result;
  }

  Modules modules() {
    return modules;
  }

  Memory memory() {
    return memory;
  }

  /** An input of forward(). */
  Ref input(String name) {
    inputs.add(name);
    Ref input = new Ref(inputs.size() == 1 ? Node.NETWORK_INPUT : name);
    input.isContiguous = true;
    return input;
  }

  /** Whether a path is that of a parameter or buffer whose shape is known. */
  boolean isParameter(String path) {
    return own.containsKey(path) || isPrintedParameter(path);
  }

  private boolean isPrintedParameter(String path) {
    return modules.call(path) != null && modules.call(path).type().equals("Parameter");
  }

  /**
   * A parameter or buffer of the model.
   *
   * @throws InputException if no text says its shape
   */
  Ref parameter(String path, String place) {
    Constant tensor = own.get(path);
    if (tensor == null && isPrintedParameter(path)) {
      tensor = OwnTensors.printed(modules.call(path));
    }
    if (tensor == null) {
      throw new InputException(
          place
              + ": takes '"
              + path
              + "', a parameter or value of the model, of which print(model) shows no shape; put"
              + " what print({n: tuple(p.shape) for n, p in model.named_parameters()}) shows behind"
              + " the graph");
    }
    return own(path, tensor.shape(), tensor.trained());
  }

  /** A tensor that the model holds by itself, which flows from its first use on. */
  Ref own(String path, Shape shape, boolean trained) {
    return ownTaken.computeIfAbsent(
        path,
        name -> {
          Constant layer = Constant.own(shape, trained);
          String text = layer.type() + "(" + shape + ")";
          Ref tensor = new Ref(node(name, layer, text, List.of()));
          tensor.isContiguous = true;
          memory.own(tensor, path);
          return tensor;
        });
  }

  /** A tensor one of whose sizes an expression has; null if there is none. */
  Ref giver(List<Dim> expressions) {
    Set<String> symbols = symbols(expressions);
    return symbols.isEmpty() ? null : new Ref(sizes.get(symbols.iterator().next()).output());
  }

  /** A name that no part has yet: {@code relu}, {@code relu_1}. */
  String free(String name) {
    int count = names.merge(name, 1, Integer::sum) - 1;
    return count == 0 ? name : free(name + "_" + count);
  }

  /**
   * Runs a module.
   *
   * @param output what its output is called
   */
  Ref run(String path, Ref from, String output, String place) {
    Node node = modules.node(path, place).named(path, List.of(memory.output(from)));
    Ref made = new Ref("%" + output);
    if (node instanceof Node.Leaf leaf) {
      nodes.add(leaf.giving("%" + output));
      memory.share(made, leaf, from);
    } else {
      // A container gives its output under its own name, so it runs once only.
      nodes.add(node);
      nodes.add(identity(output, path));
    }
    return made;
  }

  /** Runs a module in another form, with the same weights. */
  Ref runAs(String path, Layer layer, String text, String output, Ref... from) {
    List<String> taken = new ArrayList<>();
    for (Ref ref : from) {
      taken.add(memory.output(ref));
    }
    nodes.add(new Node.Leaf(path, layer.type(), text, layer, taken, "%" + output));
    return new Ref("%" + output);
  }

  private static Node identity(String output, String from) {
    Call call = new Call("Identity", List.of(), List.of(), "", "Identity()");
    Layer layer = LayerRegistry.create(call, Compatibility.TORCH);
    return new Node.Leaf(output, "Identity", "Identity()", layer, List.of(from), "%" + output);
  }

  /** Whether a module is a recurrent layer, which gives its states beside its output. */
  Layer layer(String path, String place) {
    return modules.node(path, place) instanceof Node.Leaf leaf ? leaf.layer() : null;
  }

  /** Adds a layer by its constructor's arguments. */
  Ref add(String name, String type, Map<String, Object> arguments, String place, Ref... from) {
    List<Argument> list = new ArrayList<>();
    StringBuilder text = new StringBuilder(type).append('(');
    arguments.forEach(
        (key, value) -> {
          list.add(new Argument(key, value, place));
          text.append(list.size() > 1 ? ", " : "").append(key).append('=').append(Call.show(value));
        });
    Call call = new Call(type, list, List.of(), place, text.append(')').toString());
    return add(name, LayerRegistry.create(call, Compatibility.TORCH), call.text(), from);
  }

  /** Adds a layer. */
  Ref add(String name, Layer layer, String text, Ref... from) {
    List<String> taken = new ArrayList<>();
    for (Ref ref : from) {
      taken.add(memory.output(ref));
    }
    Ref made = new Ref(node(name, layer, text, taken));
    memory.share(made, last(), from);
    return made;
  }

  /** Adds a layer by the outputs that it takes; gives what its own is called. */
  String node(String name, Layer layer, String text, List<String> taken) {
    nodes.add(new Node.Leaf(name, layer.type(), text, layer, taken, "%" + name));
    return "%" + name;
  }

  /** The layer that was added last. */
  Node.Leaf last() {
    return (Node.Leaf) nodes.get(nodes.size() - 1);
  }

  /** The size of an axis as an expression. */
  ForwardValue.Size size(Ref tensor, int axis) {
    String symbol = "size" + sizes.size();
    OutputAxis asked = new OutputAxis(memory.output(tensor), axis);
    for (Map.Entry<String, OutputAxis> known : sizes.entrySet()) {
      if (known.getValue().equals(asked)) {
        symbol = known.getKey();
      }
    }
    sizes.put(symbol, asked);
    return new ForwardValue.Size(Dim.symbol(symbol));
  }

  /** What a layer takes whose sizes are expressions: first a tensor, then those that give sizes. */
  Ref[] takenFor(Ref tensor, List<Dim> expressions) {
    List<Ref> taken = new ArrayList<>(List.of(tensor));
    Set<String> outputs = new HashSet<>(Set.of(memory.output(tensor)));
    for (String symbol : symbols(expressions)) {
      String other = sizes.get(symbol).output();
      if (outputs.add(other)) {
        taken.add(new Ref(other));
      }
    }
    return taken.toArray(new Ref[0]);
  }

  private static Set<String> symbols(List<Dim> expressions) {
    Set<String> symbols = new TreeSet<>();
    for (Dim dim : expressions) {
      symbols.addAll(dim.symbols());
    }
    return symbols;
  }

  /** Expressions in the symbols of a layer that takes these tensors. */
  List<Dim> within(List<Dim> expressions, Ref... taken) {
    List<Dim> within = new ArrayList<>();
    for (Dim expression : expressions) {
      Dim dim = expression;
      for (String symbol : expression.symbols()) {
        OutputAxis axis = sizes.get(symbol);
        int input = 0;
        while (!memory.output(taken[input]).equals(axis.output())) {
          input++;
        }
        dim = dim.substitute(symbol, View.sizeOf(input, axis.axis()));
      }
      within.add(dim);
    }
    return within;
  }

  /**
   * The network that was followed.
   *
   * @param type what its class is called
   * @param result what forward() returns; the first of several outputs counts
   */
  Network end(String type, Object result) {
    Map<String, Ref> outputs = new LinkedHashMap<>();
    addOutputs(result, null, outputs);
    if (outputs.isEmpty()) {
      throw new InputException(source + ": forward() returns no tensor");
    }
    if (inputs.isEmpty()) {
      throw new InputException(source + ": forward() takes no input");
    }
    Map<String, String> given = new LinkedHashMap<>();
    outputs.forEach((name, output) -> given.put(name, memory.output(output)));
    Map<String, String> parts = new LinkedHashMap<>();
    String first = null;
    for (Map.Entry<String, String> output : given.entrySet()) {
      if (first == null) {
        first = output.getValue();
      } else {
        parts.put(output.getKey(), part(output.getKey(), output.getValue()));
      }
    }
    boolean isLast =
        !nodes.isEmpty()
            && nodes.get(nodes.size() - 1) instanceof Node.Leaf last
            && first.equals(last.output());
    if (!isLast) {
      nodes.add(identity(free("output"), /* from= */ first));
    }
    if (inputs.size() == 1) {
      Node.Container whole = new Node.Container("", type, true, nodes);
      return new Network(whole, null, false, List.of(), modules.unused(), null, null, parts);
    }
    return model(type, parts);
  }

  /** The part that gives an output: one that no other part is called as. */
  private String part(String name, String output) {
    String part = null;
    for (Node node : nodes) {
      if (node instanceof Node.Leaf leaf && output.equals(leaf.output())) {
        part = leaf.name();
      }
    }
    int count = 0;
    for (Node node : nodes) {
      count += node.name().equals(part) ? 1 : 0;
    }
    if (count == 1) {
      return part;
    }
    String own = free(name);
    nodes.add(identity(own, output));
    return own;
  }

  /**
   * Adds the tensors of a result by their names.
   *
   * @param key what a dictionary calls it, or null
   */
  private void addOutputs(Object result, String key, Map<String, Ref> outputs) {
    Object value = result;
    if (value instanceof ForwardValue.States states) {
      value = states.tensor(callFor("states"));
    } else if (value instanceof ForwardValue.Attribute attribute && isParameter(attribute.path())) {
      value = parameter(attribute.path(), source);
    }
    if (value instanceof Ref ref) {
      String name = outputs.isEmpty() ? "output" : "output_" + outputs.size();
      outputs.put(key == null || outputs.containsKey(key) ? name : key, ref);
    } else if (value instanceof ForwardValue.Several several) {
      several.all().forEach(each -> addOutputs(each, key, outputs));
    } else if (value instanceof List<?> list) {
      list.forEach(each -> addOutputs(each, key, outputs));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, each) -> addOutputs(each, String.valueOf(name), outputs));
    }
  }

  private FunctionCall callFor(String name) {
    return new FunctionCall(this, name, List.of(), Map.of(), free(name), source);
  }

  /**
   * A network of several inputs names them all; parts are called as they are shown.
   *
   * @param more the parts that give further outputs than the last one
   */
  private Network model(String type, Map<String, String> more) {
    List<Node> named = new ArrayList<>();
    for (Node node : nodes) {
      List<String> taken = new ArrayList<>();
      for (String from : node.inputs()) {
        taken.add(from.equals(Node.NETWORK_INPUT) ? inputs.get(0) : from);
      }
      named.add(node.named(node.name(), taken));
    }
    List<String> names = new ArrayList<>(List.of("output"));
    names.addAll(more.keySet());
    List<String> parts = new ArrayList<>(List.of(named.get(named.size() - 1).name()));
    parts.addAll(more.values());
    List<Model.Port> ports = new ArrayList<>();
    for (String input : inputs) {
      ports.add(new Model.Port(input, null, takesIndices(named, input)));
    }
    Model model = new TracedModel(ports, names, parts, named);
    Node.Container root = new Node.Container("", type, true, named);
    return new Network(root, null, false, List.of(), modules.unused(), model, null);
  }

  private static boolean takesIndices(List<Node> nodes, String input) {
    for (Node node : nodes) {
      if (node instanceof Node.Leaf leaf
          && leaf.layer() != null
          && leaf.inputs().equals(List.of(input))
          && (leaf.layer().takesIndices() || leaf.layer().indices() > 0)) {
        return true;
      }
    }
    return false;
  }
}
