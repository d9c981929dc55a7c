package lamina.network.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Call;
import lamina.layer.Compatibility;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.MergeLayer;
import lamina.network.Model;
import lamina.network.Node;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * Reads a functional model of Keras: layers that name, for each time that they are called, the
 * calls whose outputs they take, as {@code [name, call, tensor]}. A layer that is called several
 * times has its weights once.
 */
final class KerasGraph {
  private final KerasNetwork keras;
  private final String source;
  private final KerasCalls calls;
  private final Map<String, KerasConfig> layers = new LinkedHashMap<>();
  private final Map<String, Integer> callCounts = new HashMap<>();
  private final List<LayerCall> open = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Model.Port> inputs = new ArrayList<>();
  private final List<String> outputNames = new ArrayList<>();
  private final List<String> outputParts = new ArrayList<>();

  /** The calls of models within the model that are not listed. */
  private final Map<String, Integer> ownCalls = new HashMap<>();

  /** What each call gives: its name as an input of others, and its shape. */
  private final Map<KerasReference, Given> given = new HashMap<>();

  private Shape input;
  private Shape output;

  /** The mask of the output; null without one. */
  private KerasMask mask;

  private record Given(String name, Shape shape, KerasMask mask) {}

  /** One call of a layer. */
  private record LayerCall(KerasReference gives, List<KerasReference> takes) {}

  KerasGraph(KerasNetwork keras, String source) {
    this.keras = keras;
    this.source = source;
    this.calls = new KerasCalls(source);
  }

  /** The shape of a sample of the input; null if the model does not say. */
  Shape input() {
    return input;
  }

  /** The shape of the output with a batch; null if it is not known. */
  Shape output() {
    return output;
  }

  /** The mask of the output; null without one. */
  KerasMask mask() {
    return mask;
  }

  /** The graph as a network that names its inputs; null if it has one input and one output. */
  Model model() {
    return inputs.size() == 1 && outputNames.size() == 1
        ? null
        : new KerasModel(inputs, outputNames, outputParts, nodes);
  }

  /** Whether an input goes into an embedding, which takes whole numbers. */
  private boolean isIndices(KerasReference reference) {
    for (LayerCall call : open) {
      boolean isEmbedding = layers.get(call.gives().layer()).type().equals("Embedding");
      if (isEmbedding && call.takes().contains(reference)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The parts of the graph, of which the last gives the output, or the first of several.
   *
   * @param inputName what its input is called among the inputs of parts
   * @param inputShape the shape of its input with a batch, if the model is within another
   * @param inputMask the mask of its input; null without one
   */
  List<Node> read(Object config, String inputName, Shape inputShape, KerasMask inputMask) {
    if (!(config instanceof Map<?, ?> map) || !(map.get("layers") instanceof List<?> list)) {
      throw new InputException(source + ": the Keras model has no list of layers in its config");
    }
    for (Object layer : list) {
      addLayer(layer);
    }
    List<KerasReference> taken = calls.references(map.get("input_layers"), "input_layers");
    List<KerasReference> outputs = calls.references(map.get("output_layers"), "output_layers");
    boolean isWhole = inputName.equals(Node.NETWORK_INPUT);
    boolean isNamed = isWhole && (taken.size() > 1 || outputs.size() > 1);
    if (taken.isEmpty() || (taken.size() > 1 && !isWhole)) {
      throw new InputException(
          source
              + (taken.isEmpty()
                  ? ": the Keras model has no input_layers"
                  : ": a model within the model takes several inputs; give it alone"));
    }
    for (KerasReference reference : taken) {
      String name = reference.layer();
      KerasConfig layer = layers.get(name);
      if (layer == null) {
        throw unknown("the model", name);
      }
      Shape own = layer.inputShape();
      input = input == null ? own : input;
      Shape shape = inputShape == null && own != null ? KerasNetwork.withBatch(own) : inputShape;
      inputs.add(new Model.Port(name, shape, isIndices(reference)));
      given.put(reference, new Given(isNamed ? name : inputName, shape, inputMask));
    }
    countOwnCalls(outputs);
    while (!open.isEmpty()) {
      if (!open.removeIf(this::ran)) {
        throw stuck();
      }
    }
    end(outputs);
    return nodes;
  }

  /** A model within the model has been called when it was built, which counts but is not listed. */
  private void countOwnCalls(List<KerasReference> outputs) {
    List<KerasReference> all = new ArrayList<>(outputs);
    open.forEach(call -> all.addAll(call.takes()));
    for (KerasReference reference : all) {
      KerasConfig layer = layers.get(reference.layer());
      int more = reference.call() + 1 - callCounts.getOrDefault(reference.layer(), 0);
      if (layer != null && KerasNetwork.isModel(layer.type()) && more == 1) {
        ownCalls.put(reference.layer(), 1);
      }
    }
  }

  /** What a reference means; null if it has not run yet. */
  private Given found(KerasReference reference) {
    int own = ownCalls.getOrDefault(reference.layer(), 0);
    return given.get(new KerasReference(reference.layer(), reference.call() - own));
  }

  private void addLayer(Object layer) {
    if (!(layer instanceof Map<?, ?> object)
        || !(object.get("class_name") instanceof String)
        || object.get("config") == null) {
      throw new InputException(
          source + ": layer " + (layers.size() + 1) + " lacks its class_name or config");
    }
    KerasConfig config = KerasConfig.of(object, source);
    String name = object.get("name") instanceof String own ? own : config.name();
    if (layers.put(name, config) != null) {
      throw new InputException(source + ": two layers are called '" + name + "'");
    }
    Object listed = object.get("inbound_nodes");
    if (listed != null && !(listed instanceof List<?>)) {
      throw new InputException(source + ": '" + name + "' has inbound_nodes that are no list");
    }
    for (Object call : listed == null ? List.of() : (List<?>) listed) {
      KerasReference gives = new KerasReference(name, callCounts.merge(name, 1, Integer::sum) - 1);
      open.add(new LayerCall(gives, calls.taken(call, name)));
    }
  }

  private InputException unknown(String who, String name) {
    String hint = NearSpelling.hint(name, new ArrayList<>(layers.keySet()));
    return new InputException(
        source + ": " + who + " takes '" + name + "', which is no layer of the model" + hint);
  }

  /** Why no layer that is left can run. */
  private InputException stuck() {
    Set<String> left = new LinkedHashSet<>();
    for (LayerCall call : open) {
      left.add(call.gives().layer());
    }
    for (LayerCall call : open) {
      for (KerasReference reference : call.takes()) {
        if (!layers.containsKey(reference.layer())) {
          return unknown("'" + call.gives().layer() + "'", reference.layer());
        }
        int calls = callCounts.getOrDefault(reference.layer(), 0);
        if (found(reference) == null && reference.call() >= calls) {
          return new InputException(
              source
                  + ": '"
                  + call.gives().layer()
                  + "' takes "
                  + reference
                  + ", which "
                  + (calls == 0
                      ? "takes nothing"
                      : "is called " + calls + (calls == 1 ? " time" : " times")));
        }
      }
    }
    return new InputException(
        source
            + ": the layers '"
            + String.join("', '", left)
            + "' wait for one another's outputs: the graph has a cycle");
  }

  /** Runs a call whose inputs are there; says whether they were. */
  private boolean ran(LayerCall call) {
    List<String> from = new ArrayList<>();
    List<Shape> shapes = new ArrayList<>();
    List<KerasMask> masks = new ArrayList<>();
    for (KerasReference reference : call.takes()) {
      Given found = found(reference);
      if (found == null) {
        return false;
      }
      from.add(found.name());
      shapes.add(found.shape());
      masks.add(found.mask());
    }
    if (from.isEmpty()) {
      throw new InputException(source + ": '" + call.gives().layer() + "' takes nothing");
    }
    String name = call.gives().layer();
    String alias = name + "/" + call.gives().call();
    KerasConfig config = layers.get(name);
    List<Node> merged = new KerasMerge(config, name, source).nodes(from, shapes);
    boolean isMerge = merged != null;
    List<Node> parts =
        isMerge
            ? merged
            : keras.nodes(config, nodes.size(), shapes.get(0), masks.get(0), from.get(0));
    if (parts.isEmpty()) {
      parts = List.of(leaf(name, "Identity", "Identity()"));
    }
    if (!isMerge && from.size() > 1 && !isUnknown(parts)) {
      throw new InputException(
          source
              + ": "
              + config.type()
              + " '"
              + name
              + "' takes one input, but has "
              + from.size());
    }
    add(parts, from, alias, isMerge);
    given.put(
        call.gives(),
        isMerge
            ? new Given(alias, shape(parts, from, shapes), KerasMask.ofMerge(config, masks))
            : new Given(alias, keras.current(), keras.mask()));
    return true;
  }

  private static boolean isUnknown(List<Node> parts) {
    return parts.size() == 1 && parts.get(0) instanceof Leaf leaf && leaf.layer() == null;
  }

  /** The shape that the parts of a merge give; null if it is not known. */
  private static Shape shape(List<Node> parts, List<String> from, List<Shape> shapes) {
    Map<String, Shape> known = new HashMap<>();
    for (int i = 0; i < from.size(); i++) {
      known.put(from.get(i), shapes.get(i));
    }
    try {
      Shape last = null;
      for (Node part : parts) {
        Layer layer = ((Leaf) part).layer();
        List<Shape> taken = new ArrayList<>();
        part.inputs().forEach(input -> taken.add(known.get(input)));
        if (taken.contains(null)) {
          return null;
        }
        last =
            layer instanceof MergeLayer merge
                ? merge.output(taken)
                : layer.inferred(taken.get(0)).output(taken.get(0));
        known.put(part.name(), last);
      }
      return last;
    } catch (RuntimeException e) {
      // The analysis reports it, with the names of both layers.
      return null;
    }
  }

  /** Parts one after another; the parts of a merge name their inputs themselves. */
  private void add(List<Node> parts, List<String> from, String alias, boolean isMerge) {
    List<String> taken = from;
    for (int i = 0; i < parts.size(); i++) {
      Node part = parts.get(i);
      boolean isLast = i == parts.size() - 1;
      boolean isMasked = !isMerge && part.inputs() != null;
      Node masked = isMasked ? KerasNetwork.behind(part, taken.get(0)) : part;
      List<String> own = isMerge || isMasked ? masked.inputs() : taken;
      String gives = isLast ? alias : alias + "/" + i;
      if (part.named(part.name(), own) instanceof Leaf leaf) {
        nodes.add(isMerge && !isLast ? leaf : leaf.giving(gives));
      } else {
        // A model within the model gives its output under its own name, which a later call takes.
        nodes.add(part.named(part.name(), own));
        Leaf end = leaf(part.name() + ".output", "Identity", "Identity()");
        nodes.add(end.named(end.name(), List.of(part.name())).giving(gives));
      }
      taken = List.of(gives);
    }
  }

  private static Leaf leaf(String name, String type, String expression) {
    Call call = ExpressionParser.parse(expression, name).get(0).call();
    Layer layer = LayerRegistry.create(call, Compatibility.TENSORFLOW);
    return new Leaf(name, type, expression, layer);
  }

  private void end(List<KerasReference> outputs) {
    if (outputs.isEmpty()) {
      throw new InputException(source + ": the Keras model has no output_layers");
    }
    for (KerasReference reference : outputs) {
      if (found(reference) == null) {
        throw unknown("output_layers", reference.layer());
      }
    }
    for (int i = outputs.size() - 1; i >= 0; i--) {
      Given end = found(outputs.get(i));
      String name = outputs.get(i).layer();
      boolean isLast =
          !nodes.isEmpty()
              && nodes.get(nodes.size() - 1) instanceof Leaf leaf
              && end.name().equals(leaf.output());
      // Each output is a part of its own, the first one the last part.
      if (!isLast) {
        String part = outputs.size() == 1 ? "output" : name + ".output";
        nodes.add(leaf(part, "Identity", "Identity()").named(part, List.of(end.name())));
      }
      outputNames.add(0, name);
      outputParts.add(0, nodes.get(nodes.size() - 1).name());
      output = end.shape();
      mask = end.mask();
    }
  }
}
