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
import lamina.layer.ChannelsLast;
import lamina.layer.Compatibility;
import lamina.layer.Embedding;
import lamina.layer.Flatten;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.Linear;
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
          ? new Network(new Container("", type, true, parts), graph.input(), channelsLast)
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
    return new Network(new Container("", "Sequential", true, nodes), input, channelsLast);
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
          || !(object.get("config") instanceof Map<?, ?>)) {
        throw new InputException(
            source + ": layer " + (nodes.size() + 1) + " lacks its class_name or config");
      }
      KerasConfig part =
          new KerasConfig(
              (String) object.get("class_name"), (Map<?, ?>) object.get("config"), source);
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
    Layer[] layers = layers(config);
    if (layers == null) {
      current = null;
      return List.of(new Leaf(config.name(), config.type(), config.type() + "(...)", null));
    }
    List<Node> nodes = new ArrayList<>();
    Layer after = activationOf(config);
    config.refuseTheRest();
    String[] parts =
        config.type().equals("Reshape")
            ? new String[] {"flatten", "reshape"}
            : new String[] {"depthwise", "pointwise"};
    String base =
        config.members().containsKey("name") ? config.name() : config.name() + "_" + number;
    for (int i = 0; i < layers.length; i++) {
      String name = layers.length == 1 ? base : base + "." + parts[i];
      nodes.add(
          new Leaf(name, config.type(), config.type() + " '" + config.name() + "'", layers[i]));
      channelsLast |= layers[i] instanceof ChannelsLast;
      try {
        current = current == null ? null : layers[i].inferred(current).output(current);
      } catch (RuntimeException e) {
        // The analysis reports it, with the names of both layers.
        current = null;
      }
    }
    if (after != null) {
      String text = config.type() + " '" + config.name() + "', its activation";
      nodes.add(new Leaf(base + ".activation", config.type(), text, after));
    }
    return nodes;
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
    if (type.equals("TimeDistributed")) {
      KerasConfig inner = config.inner("layer");
      Layer found = inner == null ? null : activationOf(inner);
      if (inner != null) {
        inner.flag("use_bias", true);
        inner.refuseTheRest();
      }
      return found;
    }
    boolean applies = type.equals("Dense") || type.contains("Conv");
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
    if (type.endsWith("D") && type.length() > 2) {
      Layer[] spatial = KerasSpatial.layers(config, current);
      if (spatial != null) {
        return spatial;
      }
    }
    Layer layer =
        switch (type) {
          case "Dense" -> new Linear(null, config.integer("units"), config.flag("use_bias", true));
          case "TimeDistributed" -> timeDistributed(config);
          case "Flatten" -> new Flatten(1, -1);
          case "Embedding" ->
              new Embedding(config.integer("input_dim"), config.integer("output_dim"), -1);
          case "Dropout",
              "AlphaDropout",
              "GaussianDropout",
              "GaussianNoise",
              "SpatialDropout1D",
              "SpatialDropout2D",
              "SpatialDropout3D",
              "ActivityRegularization" ->
              torch("Dropout()");
          case "Rescaling" ->
              torch(
                  "Affine(" + config.number("scale", 1) + ", " + config.number("offset", 0) + ")");
          case "Permute" -> permute(config);
          case "Activation" -> namedActivation(config);
          case "ReLU" -> relu(config);
          case "SimpleRNN", "LSTM", "GRU" -> recurrent(config, 1, true);
          case "Bidirectional" -> bidirectional(config);
          case "BatchNormalization" -> batchNorm(config);
          case "LayerNormalization" -> layerNorm(config);
          case "PReLU" -> prelu(config);
          case "Reshape" -> null;
          default -> activation(type, config::numberOrNull);
        };
    if (type.equals("Reshape")) {
      return new Layer[] {new Flatten(1, -1), new Unflatten(1, config.integers("target_shape"))};
    }
    return layer == null ? null : new Layer[] {layer};
  }

  /** Keras counts axes without the batch, from 1 on. */
  private Layer permute(KerasConfig config) {
    StringBuilder order = new StringBuilder("Permute(0");
    for (int axis : config.integers("dims")) {
      order.append(", ").append(axis);
    }
    return torch(order.append(')').toString());
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
    boolean isOld = keras2 && name.equals("hard_sigmoid");
    return isOld ? null : activation(name, argument -> null);
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

  /** One slope a channel; Keras's slopes for each place of a map have no layer of PyTorch. */
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
      throw config.refused("shared_axes");
    }
    Layer layer = new TrainedRelu((int) current.dim(axis).value(), 0);
    return axis == 1 ? layer : new ChannelsLast(layer);
  }

  private Layer layerNorm(KerasConfig config) {
    if (current == null || !current.dim(-1).isNumber()) {
      return null;
    }
    int axis = axis(config);
    if (axis != current.rank() - 1) {
      throw config.refused("axis");
    }
    boolean affine = affine(config);
    return torch(
        "LayerNorm("
            + current.dim(-1)
            + ", eps="
            + config.number("epsilon", 1e-3)
            + ", elementwise_affine="
            + (affine ? "True" : "False")
            + ")");
  }

  /** The only axis that is normalised, counted from the first. */
  private int axis(KerasConfig config) {
    int[] axes = config.value("axis") == null ? new int[] {-1} : config.integers("axis");
    if (axes.length != 1) {
      throw config.refused("axis");
    }
    return axes[0] < 0 ? axes[0] + current.rank() : axes[0];
  }

  private static boolean affine(KerasConfig config) {
    boolean scale = config.flag("scale", true);
    if (scale != config.flag("center", true)) {
      throw config.refused(scale ? "center" : "scale");
    }
    return scale;
  }

  private Layer timeDistributed(KerasConfig config) {
    KerasConfig inner = config.inner("layer");
    return inner != null && inner.type().equals("Dense")
        ? new Linear(null, inner.integer("units"), inner.flag("use_bias", true))
        : null;
  }

  private Layer recurrent(KerasConfig config, int directions, boolean concatenated) {
    Cell cell =
        switch (config.type()) {
          case "LSTM" -> Cell.LSTM;
          case "GRU" -> Cell.GRU;
          default -> Cell.RNN;
        };
    requireWord(config, "activation", "tanh");
    if (cell != Cell.RNN) {
      requireWord(config, "recurrent_activation", "sigmoid");
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
      biases = cell == Cell.GRU && resetAfter ? 2 : 1;
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

  private static void requireWord(KerasConfig config, String name, String word) {
    if (!config.text(name, word).equals(word)) {
      throw config.refused(name);
    }
  }

  private Layer bidirectional(KerasConfig config) {
    KerasConfig inner = config.inner("layer");
    if (inner == null || !List.of("SimpleRNN", "LSTM", "GRU").contains(inner.type())) {
      return null;
    }
    Layer layer = recurrent(inner, 2, config.text("merge_mode", "concat").equals("concat"));
    inner.refuseTheRest();
    config.value("backward_layer");
    return layer;
  }

  /** Batch norm over the axis that the model names: the last one, or the channels if first. */
  private Layer batchNorm(KerasConfig config) {
    if (current == null) {
      return null;
    }
    int axis = axis(config);
    boolean isLast = axis == current.rank() - 1;
    if (!isLast && axis != 1) {
      throw config.refused("axis");
    }
    int axes = Math.max(1, current.rank() - 2);
    Layer norm =
        torch(
            "LazyBatchNorm"
                + axes
                + "d(eps="
                + config.number("epsilon", 1e-3)
                + ", affine="
                + (affine(config) ? "True" : "False")
                + ")");
    if (!isLast) {
      return norm;
    }
    return current.rank() == 2 ? norm : new ChannelsLast(norm);
  }
}
