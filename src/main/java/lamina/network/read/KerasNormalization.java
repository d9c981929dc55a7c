package lamina.network.read;

import lamina.layer.BatchNorm;
import lamina.layer.ChannelAffine;
import lamina.layer.ChannelsLast;
import lamina.layer.GroupNorm;
import lamina.layer.Layer;
import lamina.layer.LayerNorm;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The normalisations of Keras: over the axis that the model names, the last one or the channels if
 * they come first. Where only one of {@code scale} and {@code center} is wanted, it is a layer of
 * its own behind one without both.
 */
final class KerasNormalization {
  private final KerasConfig config;
  private final Shape input;

  private KerasNormalization(KerasConfig config, Shape input) {
    this.config = config;
    this.input = input;
  }

  /**
   * The layers, one or two; null if this is no such layer or the input's shape is not known.
   *
   * @param input the shape of the input with its batch
   */
  static Layer[] layers(KerasConfig config, Shape input) {
    return input == null ? null : new KerasNormalization(config, input).layers();
  }

  private Layer[] layers() {
    boolean scale = config.flag("scale", true);
    boolean center = config.flag("center", true);
    int[] axes = config.value("axis") == null ? new int[] {-1} : config.axes("axis");
    if (config.type().equals("LayerNormalization") && axes.length > 1 && scale == center) {
      return new Layer[] {layer(trailing(axes), scale)};
    }
    int axis = axis(axes);
    Layer norm =
        switch (config.type()) {
          case "BatchNormalization" -> batch(axis, scale && center);
          case "LayerNormalization" -> layer(new int[] {axis}, scale && center);
          case "GroupNormalization" -> group(axis, scale && center);
          default -> null;
        };
    if (norm == null) {
      return null;
    }
    if (scale == center) {
      return new Layer[] {norm};
    }
    return new Layer[] {norm, new ChannelAffine(axis, input.dim(axis), scale)};
  }

  /** The only axis of channels, counted from the first. */
  private int axis(int... axes) {
    if (axes.length != 1) {
      throw config.refused("axis");
    }
    int axis = axes[0] < 0 ? axes[0] + input.rank() : axes[0];
    boolean isLast = axis == input.rank() - 1;
    boolean isLayer = config.type().equals("LayerNormalization");
    if (!isLast && (axis != 1 || isLayer)) {
      throw config.refused("axis");
    }
    return axis;
  }

  /** Several axes, which must be the last ones, in order. */
  private int[] trailing(int... axes) {
    int[] places = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      places[i] = axes[i] < 0 ? axes[i] + input.rank() : axes[i];
      if (places[i] != input.rank() - axes.length + i || places[i] < 1) {
        throw config.refused("axis");
      }
    }
    return places;
  }

  private long channels(int axis) {
    Dim channels = input.dim(axis);
    if (!channels.isNumber()) {
      throw new InputException(
          config.source()
              + ": "
              + config.type()
              + " '"
              + config.name()
              + "' needs a number of channels, not "
              + channels);
    }
    return channels.value();
  }

  private Layer placed(Layer norm, int axis) {
    return axis == input.rank() - 1 && input.rank() > 2 ? new ChannelsLast(norm) : norm;
  }

  private Layer batch(int axis, boolean affine) {
    int axes = Math.max(1, input.rank() - 2);
    // The mode of Keras 1 that uses the statistics of the batch in training alone.
    if (config.value("mode") instanceof Long mode && mode != 0) {
      throw config.refused("mode");
    }
    // Keras's momentum is the weight of what was, PyTorch's that of the new batch.
    double momentum = 1 - config.number("momentum", 0.99);
    double eps = config.number("epsilon", 1e-3);
    return placed(new BatchNorm(false, axes, null, eps, momentum, affine, true), axis);
  }

  private Layer layer(int[] axes, boolean affine) {
    if (config.flag("rms_scaling", false)) {
      throw config.refused("rms_scaling");
    }
    int[] channels = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      channels[i] = (int) channels(axes[i]);
    }
    double eps = config.number("epsilon", 1e-3);
    return new LayerNorm(false, channels, eps, affine, affine);
  }

  private Layer group(int axis, boolean affine) {
    int channels = (int) channels(axis);
    int given = config.members().get("groups") == null ? 32 : config.integer("groups");
    int groups = given == -1 ? channels : given;
    if (groups < 1 || channels % groups != 0) {
      throw config.error("groups", "divisor of the " + channels + " channels");
    }
    return placed(new GroupNorm(groups, channels, config.number("epsilon", 1e-3), affine), axis);
  }
}
