package lamina.network.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.ChannelsLast;
import lamina.layer.Layer;
import lamina.layer.Linear;
import lamina.layer.MergeLayer;
import lamina.layer.TimeDistributed;
import lamina.layer.recurrent.ConvLstm;
import lamina.layer.recurrent.KerasRecurrent;
import lamina.layer.recurrent.MaskedMean;
import lamina.layer.recurrent.MaskedRecurrent;
import lamina.network.Model;
import lamina.network.Network;
import lamina.network.Node;
import lamina.network.Node.Container;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Reads the JSON of {@code model.to_json()} of a model of Keras 2 and 3 or of TensorFlow.js: a
 * Sequential one, or a graph by {@link KerasGraph}. Layers whose channels are last are wrapped in
 * {@link ChannelsLast}, so that all shapes are Keras's own.
 */
final class KerasNetwork {
  private final String source;
  private Shape input;

  /** The shape before the next layer, with a batch N; null where it is not known. */
  private Shape current;

  private boolean channelsLast;

  /** The mask of what goes into the next layer; null without one. */
  private KerasMask mask;

  /** What the part is called whose output goes into the next layer; null if it has no name. */
  private String before;

  /** Whether layers are being read that run on each step alone. */
  private boolean isInSteps;

  private final List<String> remarks = new ArrayList<>();
  private KerasLayers kinds;

  /** Whether the model says which version of Keras wrote it. */
  private boolean isVersionSaid;

  KerasNetwork(String source) {
    this.source = source;
  }

  Network read(Map<?, ?> model) {
    boolean isOld =
        model.get("keras_version") instanceof String version && version.matches("[12]\\..*");
    isVersionSaid = model.get("keras_version") instanceof String;
    kinds = new KerasLayers(new KerasActivations(isOld));
    String type = String.valueOf(model.get("class_name"));
    if (isGraph(type)) {
      KerasGraph graph = new KerasGraph(this, source);
      List<Node> parts = graph.read(model.get("config"), Node.NETWORK_INPUT, null, null);
      Model named = graph.model();
      return named == null
          ? network(new Container("", type, true, parts), graph.input())
          : Network.of(named);
    }
    if (!type.equals("Sequential")) {
      throw new InputException(
          source
              + ": is a Keras model of class "
              + type
              + "; models of the classes Sequential and Functional are read");
    }
    List<Node> nodes = sequential(model.get("config"), Node.NETWORK_INPUT);
    return network(new Container("", "Sequential", true, nodes), input);
  }

  private Network network(Container root, Shape sample) {
    return new Network(root, sample, channelsLast, List.of(), remarks, null, sample);
  }

  /** Whether a layer is a model of its own. */
  static boolean isModel(String type) {
    return type.equals("Sequential") || isGraph(type);
  }

  private static boolean isGraph(String type) {
    return type.equals("Functional") || type.equals("Model");
  }

  /**
   * The layers of a Sequential model, one after another.
   *
   * @param inputName what its input is called among the inputs of parts
   */
  private List<Node> sequential(Object config, String inputName) {
    List<Node> nodes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Object layers = config instanceof Map<?, ?> map ? map.get("layers") : config;
    if (!(layers instanceof List<?> list)) {
      throw new InputException(source + ": the Keras model has no list of layers in its config");
    }
    for (Object layer : list) {
      if (!(layer instanceof Map<?, ?> object)
          || !(object.get("class_name") instanceof String)
          || object.get("config") == null) {
        throw new InputException(
            source + ": layer " + (nodes.size() + 1) + " lacks its class_name or config");
      }
      KerasConfig part = KerasConfig.of(object, source);
      boolean isNamed = part.members().containsKey("name");
      if (isNamed && !names.add(part.name())) {
        throw new InputException(source + ": two layers are called '" + part.name() + "'");
      }
      if (input == null && part.inputShape() != null) {
        input = part.inputShape();
        current = withBatch(input);
      }
      boolean needsName = KerasMask.isMadeBy(part) || isModel(part.type());
      before = needsName ? named(nodes, inputName) : null;
      for (Node node : nodes(part, nodes.size())) {
        boolean isMasked = node.inputs() != null && node.inputs().contains(KerasMask.BEFORE);
        nodes.add(isMasked ? behind(node, named(nodes, inputName)) : node);
      }
    }
    if (nodes.isEmpty()) {
      throw new InputException(source + ": the Keras model has no layers");
    }
    return nodes;
  }

  /** What the last of some parts is called as an input of others, which it becomes. */
  private static String named(List<Node> nodes, String inputName) {
    if (nodes.isEmpty()) {
      return inputName;
    }
    int last = nodes.size() - 1;
    if (nodes.get(last) instanceof Leaf leaf) {
      // A name of its own: that of a layer may be the word for the input.
      nodes.set(last, leaf.giving(leaf.name() + "/0"));
      return leaf.name() + "/0";
    }
    return nodes.get(last).name();
  }

  /** A part that takes a mask, behind the part of a name. */
  static Node behind(Node node, String name) {
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      inputs.add(input.equals(KerasMask.BEFORE) ? name : input);
    }
    return node.named(node.name(), inputs);
  }

  /** A sample's shape with the batch before it. */
  static Shape withBatch(Shape sample) {
    List<Dim> dims = new ArrayList<>(sample.dims());
    dims.add(0, Dim.symbol("N"));
    return new Shape(dims);
  }

  /** The shape after the layers that were made last; null where it is not known. */
  Shape current() {
    return current;
  }

  /** The mask behind the layers that were made last; null without one. */
  KerasMask mask() {
    return mask;
  }

  /**
   * What a layer does, as parts one after another; none for an InputLayer.
   *
   * @param given the shape that it takes, with a batch; null if it is not known
   * @param masked the mask of what it takes; null without one
   * @param from what the part is called that it takes; null if it has no name
   */
  List<Node> nodes(KerasConfig config, int number, Shape given, KerasMask masked, String from) {
    current = given;
    mask = masked;
    before = from;
    return nodes(config, number);
  }

  private List<Node> nodes(KerasConfig config, int number) {
    if (config.type().equals("InputLayer")) {
      return List.of();
    }
    if (isModel(config.type())) {
      return List.of(nested(config));
    }
    String base =
        config.members().containsKey("name") ? config.name() : config.name() + "_" + number;
    if (config.type().equals("TimeDistributed")) {
      return timeDistributed(config, base);
    }
    Layer[] layers = kinds.layers(config, current);
    if (layers == null) {
      current = null;
      return List.of(new Leaf(config.name(), config.type(), config.type() + "(...)", null));
    }
    List<Node> nodes = new ArrayList<>();
    Layer after = kinds.activationOf(config);
    List<String> inputs = masked(config, layers);
    config.refuseTheRest();
    remark(config);
    String text = config.type() + " '" + config.name() + "'";
    for (int i = 0; i < layers.length; i++) {
      layers[i] = sized(layers[i]);
      String name =
          layers.length == 1 ? base : base + "." + KerasLayers.part(config.type(), layers[i], i);
      nodes.add(new Leaf(name, config.type(), text, layers[i], i == 0 ? inputs : null));
      channelsLast |= layers[i] instanceof ChannelsLast;
      pass(layers[i]);
    }
    if (after != null) {
      nodes.add(new Leaf(base + ".activation", config.type(), text + ", its activation", after));
    }
    return nodes;
  }

  /** Names the members that training does not obey, and a function that depends on the version. */
  private void remark(KerasConfig config) {
    String version =
        "the model does not say its keras_version: hard_sigmoid is that of Keras 3, x/6 + 1/2";
    boolean isHard =
        "hard_sigmoid".equals(config.members().get("activation"))
            || "hard_sigmoid".equals(config.members().get("recurrent_activation"));
    if (isHard && !isVersionSaid && !remarks.contains(version)) {
      remarks.add(version);
    }
    boolean isBoth = config.type().equals("Bidirectional");
    KerasConfig named = isBoth ? config.inner("layer") : config;
    for (String name : named.ofTraining()) {
      remarks.add(
          "in training, "
              + name
              + " of "
              + config.type()
              + " '"
              + config.name()
              + "' is not obeyed");
    }
  }

  /**
   * Lets a layer take the mask that there is, and finds the one behind it.
   *
   * @param layers what it does, of which the first may become another
   * @return the inputs of the first; null for the part before alone
   */
  private List<String> masked(KerasConfig config, Layer[] layers) {
    KerasMask taken = mask;
    if (taken != null && isInSteps) {
      taken = KerasMask.unknown("it is made within TimeDistributed");
    }
    mask = KerasMask.behind(config, taken, before);
    if (taken == null) {
      return null;
    }
    if (isInSteps && config.type().equals("GlobalAveragePooling1D")) {
      throw new InputException(
          source + ": GlobalAveragePooling1D '" + config.name() + "' " + taken.refusal());
    }
    String type = config.type();
    String source = taken.source() == null ? KerasMask.BEFORE : taken.source();
    if (layers[0] instanceof KerasRecurrent recurrent) {
      if (taken.refusal() != null) {
        layers[0] = recurrent.refusing(taken.refusal());
        return null;
      }
      layers[0] = new MaskedRecurrent(recurrent, taken.steps());
      return List.of(KerasMask.BEFORE, source);
    }
    if (type.equals("GlobalAveragePooling1D")) {
      boolean isLast = config.isChannelsLast();
      String why = isLast ? taken.refusal() : "averages the steps of a mask with channels first";
      layers[0] = new MaskedMean(config.flag("keepdims", false), taken.steps(), why);
      return List.of(KerasMask.BEFORE, source);
    }
    if (layers[0] instanceof ConvLstm lstm) {
      layers[0] = lstm.refusing("leaves out steps by a mask, which has no values here");
    } else if (type.equals("Softmax")) {
      throw new InputException(
          source + ": Softmax '" + config.name() + "' takes a mask, which is not supported");
    } else if (KerasMask.isEndedBy(config)) {
      remarks.add(
          "the mask ends at "
              + type
              + " '"
              + config.name()
              + "', as in Keras: the layers behind it take all steps");
    }
    return null;
  }

  /** A layer with the size of its input as far as the model says it, so that others are refused. */
  private Layer sized(Layer layer) {
    boolean isKnown =
        current != null
            && current.rank() > 1
            && current.dim(-1).isNumber()
            && (layer instanceof ChannelsLast
                || layer instanceof Linear
                || layer instanceof KerasRecurrent
                || current.dims().stream().skip(1).allMatch(Dim::isNumber));
    try {
      return isKnown && !layer.isComplete() ? layer.inferred(current) : layer;
    } catch (RuntimeException e) {
      // The analysis reports it, with the names of both layers.
      return layer;
    }
  }

  /** The shape behind a layer becomes the current one. */
  private void pass(Layer layer) {
    try {
      if (current != null && layer instanceof MergeLayer merge) {
        current =
            layer instanceof MaskedRecurrent masked
                ? masked.layer().inferred(current).output(current)
                : merge.output(List.of(current, current));
        return;
      }
      current = current == null ? null : layer.inferred(current).output(current);
    } catch (RuntimeException e) {
      // The analysis reports it, with the names of both layers.
      current = null;
    }
  }

  /** The layers of the layer that is wrapped, each on all steps. */
  private List<Node> timeDistributed(KerasConfig config, String name) {
    KerasConfig wrapped = config.inner("layer");
    if (wrapped == null) {
      throw config.error("layer", "layer");
    }
    config.refuseTheRest();
    String text = config.type() + " '" + name + "'";
    if (isGraph(wrapped.type())) {
      current = null;
      return List.of(new Leaf(name, config.type(), text, null));
    }
    Shape outer = current;
    Shape outerInput = input;
    KerasMask outerMask = mask;
    // The shape of the model's input is that of the whole.
    input = Shape.of(1);
    Shape step = outer == null || outer.rank() < 3 ? null : withoutSteps(outer);
    List<Leaf> leaves = new ArrayList<>();
    KerasMask inner =
        outerMask == null ? null : KerasMask.unknown("it goes through TimeDistributed");
    boolean wasInSteps = isInSteps;
    isInSteps = true;
    nodes(wrapped, 0, step, inner, null).forEach(node -> addLeaves(node, leaves));
    isInSteps = wasInSteps;
    input = outerInput;
    current = outer;
    mask = outerMask == null ? mask : outerMask;
    List<Node> nodes = new ArrayList<>();
    for (Leaf leaf : leaves) {
      boolean isOwn = leaf.name().startsWith(wrapped.name());
      String part = isOwn ? leaf.name().substring(wrapped.name().length()) : "." + leaf.name();
      Layer layer = leaf.layer();
      boolean isWrapped = layer != null && !(layer instanceof Linear);
      Layer each = isWrapped ? new TimeDistributed(layer) : layer;
      nodes.add(new Leaf(leaves.size() == 1 ? name : name + part, config.type(), text, each));
      if (each == null) {
        current = null;
      } else {
        pass(each);
      }
    }
    return nodes;
  }

  private static void addLeaves(Node node, List<Leaf> leaves) {
    if (node instanceof Leaf leaf) {
      leaves.add(leaf);
    } else {
      for (Node part : ((Container) node).parts()) {
        addLeaves(part.named(node.name() + "." + part.name(), null), leaves);
      }
    }
  }

  private static Shape withoutSteps(Shape shape) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.remove(1);
    return new Shape(dims);
  }

  /** A model within the model. */
  private Node nested(KerasConfig config) {
    KerasMask entered = mask == null ? null : mask.entering();
    String outside = before;
    mask = entered;
    if (config.type().equals("Sequential")) {
      Shape outer = input;
      List<Node> nodes = sequential(config.members(), Node.BLOCK_INPUT);
      input = outer == null ? input : outer;
      mask = mask == null ? null : mask.leaving(entered, outside);
      return new Container(config.name(), config.type(), true, nodes);
    }
    KerasGraph graph = new KerasGraph(this, source);
    List<Node> nodes = graph.read(config.members(), Node.BLOCK_INPUT, current, entered);
    input = input == null ? graph.input() : input;
    current = graph.output();
    mask = graph.mask() == null ? null : graph.mask().leaving(entered, outside);
    return new Container(config.name(), config.type(), true, nodes);
  }
}
