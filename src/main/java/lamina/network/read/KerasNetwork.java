package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import lamina.kernel.Cell;
import lamina.layer.ActivationLayer;
import lamina.layer.Call;
import lamina.layer.ChannelAffine;
import lamina.layer.ChannelsLast;
import lamina.layer.Compatibility;
import lamina.layer.ElementSlopes;
import lamina.layer.Embedding;
import lamina.layer.Exponential;
import lamina.layer.Flatten;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.Linear;
import lamina.layer.TimeDistributed;
import lamina.layer.TrainedRelu;
import lamina.layer.Unflatten;
import lamina.layer.recurrent.KerasRecurrent;
import lamina.network.Model;
import lamina.network.Network;
import lamina.network.Node;
import lamina.network.Node.Container;
import lamina.network.Node.Leaf;
import lamina.op.Activation;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.op.activation.ForeignName;
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

  /** Whether the model says that Keras 2 wrote it, in which hard_sigmoid is another function. */
  private boolean keras2;

  KerasNetwork(String source) {
    this.source = source;
  }

  Network read(Map<?, ?> model) {
    keras2 = model.get("keras_version") instanceof String version && version.startsWith("2");
    String type = String.valueOf(model.get("class_name"));
    if (isGraph(type)) {
      KerasGraph graph = new KerasGraph(this, source);
      List<Node> parts = graph.read(model.get("config"), Node.NETWORK_INPUT, null);
      Model named = graph.model();
      return named == null
          ? Network.ofSample(new Container("", type, true, parts), graph.input(), channelsLast)
          : Network.of(named);
    }
    if (!type.equals("Sequential")) {
      throw new InputException(
          source
              + ": is a Keras model of class "
              + type
              + "; models of the classes Sequential and Functional are read");
    }
    List<Node> nodes = sequential(model.get("config"));
    return Network.ofSample(new Container("", "Sequential", true, nodes), input, channelsLast);
  }

  /** Whether a layer is a model of its own. */
  static boolean isModel(String type) {
    return type.equals("Sequential") || isGraph(type);
  }

  private static boolean isGraph(String type) {
    return type.equals("Functional") || type.equals("Model");
  }

  /** The layers of a Sequential model, one after another. */
  private List<Node> sequential(Object config) {
    List<Node> nodes = new ArrayList<>();
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
      if (input == null && part.inputShape() != null) {
        input = part.inputShape();
        current = withBatch(input);
      }
      nodes.addAll(nodes(part, nodes.size()));
    }
    if (nodes.isEmpty()) {
      throw new InputException(source + ": the Keras model has no layers");
    }
    return nodes;
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

  /**
   * What a layer does, as parts one after another; none for an InputLayer.
   *
   * @param given the shape that it takes, with a batch; null if it is not known
   */
  List<Node> nodes(KerasConfig config, int number, Shape given) {
    current = given;
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
    Layer[] layers = layers(config);
    if (layers == null) {
      current = null;
      return List.of(new Leaf(config.name(), config.type(), config.type() + "(...)", null));
    }
    List<Node> nodes = new ArrayList<>();
    Layer after = activationOf(config);
    config.refuseTheRest();
    String text = config.type() + " '" + config.name() + "'";
    for (int i = 0; i < layers.length; i++) {
      String name = layers.length == 1 ? base : base + "." + part(config.type(), layers[i], i);
      nodes.add(new Leaf(name, config.type(), text, layers[i]));
      channelsLast |= layers[i] instanceof ChannelsLast;
      pass(layers[i]);
    }
    if (after != null) {
      nodes.add(new Leaf(base + ".activation", config.type(), text + ", its activation", after));
    }
    return nodes;
  }

  /** The shape behind a layer becomes the current one. */
  private void pass(Layer layer) {
    try {
      current = current == null ? null : layer.inferred(current).output(current);
    } catch (RuntimeException e) {
      // The analysis reports it, with the names of both layers.
      current = null;
    }
  }

  /** What a part of a layer is called that is several layers here. */
  private static String part(String type, Layer layer, int index) {
    if (type.startsWith("SeparableConv")) {
      return index == 0 ? "depthwise" : "pointwise";
    }
    if (layer instanceof ChannelAffine affine) {
      return affine.isScale() ? "scale" : "shift";
    }
    if (type.equals("Reshape")) {
      return index == 0 ? "flatten" : "reshape";
    }
    return type.endsWith("Normalization") ? "normalization" : Integer.toString(index);
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
    // The shape of the model's input is that of the whole.
    input = Shape.of(1);
    Shape step = outer == null || outer.rank() < 3 ? null : withoutSteps(outer);
    List<Leaf> leaves = new ArrayList<>();
    nodes(wrapped, 0, step).forEach(node -> addLeaves(node, leaves));
    input = outerInput;
    current = outer;
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
    if (config.type().equals("Sequential")) {
      Shape outer = input;
      List<Node> nodes = sequential(config.members());
      input = outer == null ? input : outer;
      return new Container(config.name(), config.type(), true, nodes);
    }
    KerasGraph graph = new KerasGraph(this, source);
    List<Node> nodes = graph.read(config.members(), Node.BLOCK_INPUT, current);
    input = input == null ? graph.input() : input;
    current = graph.output();
    return new Container(config.name(), config.type(), true, nodes);
  }

  /** The function that a layer with weights applies to its output; null if it has none. */
  private Layer activationOf(KerasConfig config) {
    String type = config.type();
    boolean applies =
        type.equals("Dense")
            || type.startsWith("LocallyConnected")
            || (type.contains("Conv") && !type.startsWith("ConvLSTM"));
    String name = applies ? config.text("activation", "linear") : "linear";
    if (name.equals("linear")) {
      return null;
    }
    Layer layer = activation(name);
    if (layer == null) {
      throw config.refused("activation");
    }
    boolean channelsFirst = type.contains("Conv") && !config.isChannelsLast();
    if (channelsFirst && name.endsWith("softmax")) {
      throw config.refused("activation");
    }
    return layer;
  }

  /** What a layer of Keras does; several one after another; null if it is unknown. */
  private Layer[] layers(KerasConfig config) {
    String type = config.type();
    boolean isSpatial = type.endsWith("D") || type.endsWith("DTranspose");
    if (isSpatial && type.length() > 2) {
      Layer[] spatial = KerasSpatial.layers(config, current);
      if (spatial != null) {
        return spatial;
      }
    }
    Layer layer =
        switch (type) {
          case "Dense" -> new Linear(null, config.integer("units"), config.flag("use_bias", true));
          case "Flatten" -> new Flatten(1, -1);
          case "Embedding" ->
              new Embedding(
                  config.integer("input_dim"),
                  config.integer("output_dim"),
                  -1,
                  config.flag("mask_zero", false));
          case "Activation" -> namedActivation(config);
          case "ReLU" -> relu(config);
          case "SimpleRNN", "LSTM", "GRU", "CuDNNLSTM", "CuDNNGRU" -> recurrent(config, 1, true);
          case "Bidirectional" -> bidirectional(config);
          case "PReLU" -> prelu(config);
          default -> KerasPlain.layer(config);
        };
    layer = layer == null ? activation(type, config::numberOrNull) : layer;
    if (type.endsWith("Normalization") && layer == null) {
      return KerasNormalization.layers(config, current);
    }
    if (type.equals("Reshape")) {
      return new Layer[] {new Flatten(1, -1), new Unflatten(1, config.integers("target_shape"))};
    }
    return layer == null ? null : new Layer[] {layer};
  }

  private Layer torch(String expression) {
    Call call = ExpressionParser.parse(expression, source).get(0).call();
    return LayerRegistry.create(call, Compatibility.TENSORFLOW);
  }

  /** The function that Keras calls so, with its parameters there; null if there is none. */
  private static Layer activation(String name, Function<String, Number> given) {
    for (ActivationKind kind : Activations.ALL) {
      for (ForeignName foreign : kind.keras()) {
        if (foreign.name().equals(name)) {
          return ActivationLayer.of(Activation.of(kind, foreign, given));
        }
      }
    }
    return null;
  }

  /** The function of a member such as {@code "activation"}. */
  private Layer activation(String name) {
    if (keras2 && name.equals("hard_sigmoid")) {
      return ActivationLayer.of(Activation.of(Activations.of("hard-sigmoid"), 0.2, 0.5));
    }
    return name.equals("exponential") ? new Exponential() : activation(name, argument -> null);
  }

  private Layer namedActivation(KerasConfig config) {
    Layer layer = activation(config.text("activation", "linear"));
    if (layer == null) {
      throw config.refused("activation");
    }
    return layer;
  }

  /** Keras's ReLU has a limit, a slope and a threshold; one at a time is a layer of PyTorch. */
  private Layer relu(KerasConfig config) {
    double limit = config.number("max_value", Double.POSITIVE_INFINITY);
    double slope = config.number("negative_slope", 0);
    double threshold = config.number("threshold", 0);
    boolean isLimited = limit != Double.POSITIVE_INFINITY;
    if (threshold != 0) {
      if (isLimited || slope != 0 || threshold < 0) {
        throw config.refused("threshold");
      }
      return torch("Threshold(" + threshold + ", 0)");
    }
    if (slope != 0 && isLimited) {
      throw config.refused("negative_slope");
    }
    if (slope != 0) {
      return torch("LeakyReLU(" + slope + ")");
    }
    return torch(isLimited ? "Hardtanh(0, " + limit + ")" : "ReLU()");
  }

  /** One slope a channel as in PyTorch, or one for each element of the axes that are not shared. */
  private Layer prelu(KerasConfig config) {
    if (current == null) {
      return null;
    }
    int[] given = config.value("shared_axes") == null ? new int[0] : config.integers("shared_axes");
    Set<Integer> own = new TreeSet<>();
    for (int axis = 1; axis < current.rank(); axis++) {
      own.add(axis);
    }
    for (int axis : given) {
      own.remove(axis);
    }
    int axis = own.isEmpty() ? 0 : own.iterator().next();
    boolean isLast = axis == current.rank() - 1;
    if (own.size() != 1 || !(isLast || axis == 1) || !current.dim(axis).isNumber()) {
      List<Dim> slopes = new ArrayList<>();
      for (int each = 1; each < current.rank(); each++) {
        slopes.add(own.contains(each) ? current.dim(each) : Dim.ONE);
      }
      return new ElementSlopes(new Shape(slopes));
    }
    Layer layer = new TrainedRelu((int) current.dim(axis).value(), 0);
    return axis == 1 ? layer : new ChannelsLast(layer);
  }

  private Layer recurrent(KerasConfig config, int directions, boolean concatenated) {
    Cell cell =
        switch (config.type()) {
          case "LSTM", "CuDNNLSTM" -> Cell.LSTM;
          case "GRU", "CuDNNGRU" -> Cell.GRU;
          default -> Cell.RNN;
        };
    boolean isCuDnn = config.type().startsWith("CuDNN");
    // These layers have no values here, so that their functions change nothing that is shown.
    for (String name : List.of("activation", "recurrent_activation")) {
      if (activation(config.text(name, "tanh")) == null) {
        throw config.refused(name);
      }
    }
    for (String name : List.of("go_backwards", "return_state", "time_major")) {
      if (config.flag(name, false)) {
        throw config.refused(name);
      }
    }
    int biases = 0;
    // Models from before Keras 2.1.3 do not say it; there the reset came before.
    boolean resetAfter = config.flag("reset_after", false);
    if (config.flag("use_bias", true)) {
      biases = isCuDnn || (cell == Cell.GRU && resetAfter) ? 2 : 1;
    }
    return new KerasRecurrent(
        cell,
        null,
        config.integer("units"),
        biases,
        config.flag("return_sequences", false),
        directions,
        concatenated);
  }

  private Layer bidirectional(KerasConfig config) {
    KerasConfig inner = config.inner("layer");
    if (inner == null
        || !List.of("SimpleRNN", "LSTM", "GRU", "CuDNNLSTM", "CuDNNGRU").contains(inner.type())) {
      return null;
    }
    Layer layer = recurrent(inner, 2, config.text("merge_mode", "concat").equals("concat"));
    inner.refuseTheRest();
    config.value("backward_layer");
    return layer;
  }
}
