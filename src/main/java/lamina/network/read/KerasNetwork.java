package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.kernel.Cell;
import lamina.layer.Call;
import lamina.layer.ChannelsLast;
import lamina.layer.Compatibility;
import lamina.layer.Embedding;
import lamina.layer.Flatten;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.Linear;
import lamina.layer.Unflatten;
import lamina.layer.recurrent.KerasRecurrent;
import lamina.network.Network;
import lamina.network.Node;
import lamina.network.Node.Container;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Reads the JSON of {@code model.to_json()} of a Sequential model of Keras 2 and 3. Layers whose
 * channels are last are wrapped in {@link ChannelsLast}, so that all shapes are Keras's own.
 */
final class KerasNetwork {
  private final String source;
  private final List<Node> nodes = new ArrayList<>();
  private Shape input;

  /** The shape before the next layer, with a batch N; null where it is not known. */
  private Shape current;

  private boolean channelsLast;

  KerasNetwork(String source) {
    this.source = source;
  }

  Network read(Map<?, ?> model) {
    if (!"Sequential".equals(model.get("class_name"))) {
      throw new InputException(
          source
              + ": is a Keras model of class "
              + model.get("class_name")
              + "; only Sequential models are read");
    }
    Object config = model.get("config");
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
      add(
          new KerasConfig(
              (String) object.get("class_name"), (Map<?, ?>) object.get("config"), source));
    }
    if (nodes.isEmpty()) {
      throw new InputException(source + ": the Keras model has no layers");
    }
    return new Network(new Container("", "Sequential", true, nodes), input, channelsLast);
  }

  private void add(KerasConfig config) {
    if (input == null && config.inputShape() != null) {
      input = config.inputShape();
      List<Dim> dims = new ArrayList<>(input.dims());
      dims.add(0, Dim.symbol("N"));
      current = new Shape(dims);
    }
    if (config.type().equals("InputLayer")) {
      return;
    }
    Layer[] layers = layers(config);
    if (layers == null) {
      nodes.add(new Leaf(config.name(), config.type(), config.type() + "(...)", null));
      current = null;
      return;
    }
    String[] parts = {"depthwise", "pointwise"};
    String base =
        config.members().containsKey("name") ? config.name() : config.name() + "_" + nodes.size();
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
          case "Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise" -> torch("Dropout()");
          case "Activation" -> activation(config.text("activation", "linear"));
          case "ReLU", "LeakyReLU", "ELU", "Softmax" -> activation(type);
          case "SimpleRNN", "LSTM", "GRU" -> recurrent(config, 1, true);
          case "Bidirectional" -> bidirectional(config);
          case "BatchNormalization" -> batchNorm(config);
          case "LayerNormalization" ->
              current == null || !current.dim(-1).isNumber()
                  ? null
                  : torch("LayerNorm(" + current.dim(-1) + ")");
          case "Reshape" -> null;
          default -> null;
        };
    if (type.equals("Reshape")) {
      return new Layer[] {new Flatten(1, -1), new Unflatten(1, config.integers("target_shape"))};
    }
    return layer == null ? null : new Layer[] {layer};
  }

  private Layer torch(String expression) {
    Call call = ExpressionParser.parse(expression, source).get(0).call();
    return LayerRegistry.create(call, Compatibility.TENSORFLOW);
  }

  private Layer activation(String name) {
    String torch =
        switch (name) {
          case "linear" -> "Identity()";
          case "relu", "ReLU" -> "ReLU()";
          case "relu6" -> "ReLU6()";
          case "leaky_relu", "LeakyReLU" -> "LeakyReLU(0.3)";
          case "elu", "ELU" -> "ELU()";
          case "selu" -> "SELU()";
          case "gelu" -> "GELU()";
          case "silu", "swish" -> "SiLU()";
          case "mish" -> "Mish()";
          case "sigmoid" -> "Sigmoid()";
          case "hard_sigmoid" -> "Hardsigmoid()";
          case "tanh" -> "Tanh()";
          case "softplus" -> "Softplus()";
          case "softsign" -> "Softsign()";
          case "softmax", "Softmax" -> "Softmax(-1)";
          case "log_softmax" -> "LogSoftmax(-1)";
          default -> null;
        };
    return torch == null ? null : torch(torch);
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
    int biases = 0;
    if (config.flag("use_bias", true)) {
      biases = cell == Cell.GRU && config.flag("reset_after", true) ? 2 : 1;
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
    if (inner == null || !List.of("SimpleRNN", "LSTM", "GRU").contains(inner.type())) {
      return null;
    }
    return recurrent(inner, 2, config.text("merge_mode", "concat").equals("concat"));
  }

  /** Keras normalises the last axis, whatever the number of axes. */
  private Layer batchNorm(KerasConfig config) {
    boolean affine = config.flag("scale", true);
    if (current == null || affine != config.flag("center", true)) {
      return null;
    }
    int axes = Math.max(1, current.rank() - 2);
    Layer norm = torch("LazyBatchNorm" + axes + "d(affine=" + (affine ? "True" : "False") + ")");
    return current.rank() == 2 ? norm : new ChannelsLast(norm);
  }
}
