package lamina.network.read;

import lamina.layer.ChannelAffine;
import lamina.layer.Embedding;
import lamina.layer.Flatten;
import lamina.layer.Layer;
import lamina.layer.Linear;
import lamina.layer.Permute;
import lamina.layer.Unflatten;
import lamina.tensor.Shape;

/**
 * What each layer of Keras does, as one or several layers.
 *
 * @param activations the functions of the version of Keras that wrote the model
 */
record KerasLayers(KerasActivations activations) {
  /** Channels that come first are moved behind the rest before, as in Keras. */
  private static Layer[] flatten(KerasConfig config, Shape input) {
    boolean isFirst = !config.isChannelsLast();
    if (isFirst && input == null) {
      throw config.refused("data_format");
    }
    if (!isFirst || input.rank() < 3) {
      return new Layer[] {new Flatten(1, -1)};
    }
    int[] order = new int[input.rank()];
    for (int axis = 1; axis < order.length; axis++) {
      order[axis] = axis == order.length - 1 ? 1 : axis + 1;
    }
    return new Layer[] {new Permute(order), new Flatten(1, -1)};
  }

  /** The function that a layer with weights applies to its output; null if it has none. */
  Layer activationOf(KerasConfig config) {
    String type = config.type();
    boolean applies =
        type.equals("Dense")
            || type.startsWith("LocallyConnected")
            || (type.contains("Conv") && !type.startsWith("ConvLSTM"));
    if (!applies) {
      return null;
    }
    Layer layer = activations.member(config, "activation", "linear");
    if (layer.activation() != null && layer.activation().kind().label().equals("identity")) {
      return null;
    }
    boolean channelsFirst = !type.equals("Dense") && !config.isChannelsLast();
    if (channelsFirst && layer.activation() != null && layer.activation().kind().hasAxis()) {
      throw config.refused("activation");
    }
    return layer;
  }

  /**
   * What a layer of Keras does; several one after another; null if it is unknown.
   *
   * @param input the shape that it takes, with a batch; null if it is not known
   */
  Layer[] layers(KerasConfig config, Shape input) {
    String type = config.type();
    boolean isSpatial = type.endsWith("D") || type.endsWith("DTranspose");
    if (isSpatial && type.length() > 2) {
      Layer[] spatial = KerasSpatial.layers(config, input, activations);
      if (spatial != null) {
        return spatial;
      }
    }
    Layer layer =
        switch (type) {
          case "Dense" -> new Linear(null, config.size("units"), config.flag("use_bias", true));
          case "Embedding" ->
              new Embedding(config.size("input_dim"), config.size("output_dim"), -1);
          default -> KerasPlain.layer(config);
        };
    layer = layer == null ? new KerasSequences(activations).layer(config) : layer;
    layer = layer == null ? activations.layer(config, input) : layer;
    if (type.endsWith("Normalization") && layer == null) {
      return KerasNormalization.layers(config, input);
    }
    if (type.equals("Flatten")) {
      return flatten(config, input);
    }
    if (type.equals("Reshape")) {
      return new Layer[] {new Flatten(1, -1), new Unflatten(1, config.integers("target_shape"))};
    }
    return layer == null ? null : new Layer[] {layer};
  }

  /** What a part of a layer is called that is several layers here. */
  static String part(String type, Layer layer, int index) {
    if (type.startsWith("SeparableConv")) {
      return index == 0 ? "depthwise" : "pointwise";
    }
    if (layer instanceof ChannelAffine affine) {
      return affine.isScale() ? "scale" : "shift";
    }
    if (type.equals("Reshape")) {
      return index == 0 ? "flatten" : "reshape";
    }
    if (type.equals("Flatten")) {
      return index == 0 ? "permute" : "flatten";
    }
    return type.endsWith("Normalization") ? "normalization" : Integer.toString(index);
  }
}
