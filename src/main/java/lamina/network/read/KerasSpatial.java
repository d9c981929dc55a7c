package lamina.network.read;

import java.util.Arrays;
import java.util.List;
import lamina.kernel.PaddingMode;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.layer.ChannelsLast;
import lamina.layer.Conv;
import lamina.layer.ConvTranspose;
import lamina.layer.Dropout;
import lamina.layer.GlobalPool;
import lamina.layer.Layer;
import lamina.layer.LocallyConnected;
import lamina.layer.Pad;
import lamina.layer.Pool;
import lamina.layer.SamePadding;
import lamina.layer.Upsample;
import lamina.layer.recurrent.ConvLstm;
import lamina.op.Activation;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** The layers of Keras whose names end in 1D, 2D or 3D. */
final class KerasSpatial {
  private final KerasConfig config;
  private final int axes;
  private final KerasActivations activations;

  private KerasSpatial(KerasConfig config, int axes, KerasActivations activations) {
    this.config = config;
    this.axes = axes;
    this.activations = activations;
  }

  /**
   * What such a layer does, one or two layers; null if it is unknown.
   *
   * @param input the shape of its input, or null if unknown
   */
  static Layer[] layers(KerasConfig config, Shape input, KerasActivations activations) {
    String type = config.type();
    boolean isTransposed = type.endsWith("Transpose");
    String family = isTransposed ? type.substring(0, type.length() - "Transpose".length()) : type;
    int digit = family.charAt(family.length() - 2) - '0';
    if (digit < 1 || digit > 3) {
      return null;
    }
    family = family.substring(0, family.length() - 2);
    KerasSpatial spatial = new KerasSpatial(config, digit, activations);
    if (family.equals("ConvLSTM")) {
      return one(spatial.convLstm());
    }
    Layer[] layers = isTransposed ? spatial.transposed(family) : spatial.layers(family, input);
    if (layers != null && config.isChannelsLast()) {
      for (int i = 0; i < layers.length; i++) {
        layers[i] = new ChannelsLast(layers[i]);
      }
    }
    return layers;
  }

  private Layer[] layers(String family, Shape input) {
    return switch (family) {
      case "LocallyConnected" -> one(locallyConnected());
      case "Conv" -> one(conv(null, config.size("filters"), groups(), bias()));
      case "DepthwiseConv" -> one(depthwise(input, bias()));
      case "SeparableConv" ->
          new Layer[] {depthwise(input, false), pointwise(config.size("filters"))};
      case "MaxPooling", "AveragePooling" -> one(pool(family.startsWith("Max")));
      case "GlobalMaxPooling", "GlobalAveragePooling" ->
          one(new GlobalPool(family.startsWith("GlobalMax"), axes, config.flag("keepdims", false)));
      case "ZeroPadding" -> one(pad(1));
      case "Cropping" -> one(pad(-1));
      case "UpSampling" -> one(upsample());
      case "SpatialDropout" -> one(new Dropout("Dropout" + axes + "d", KerasPlain.rate(config)));
      default -> null;
    };
  }

  /** Keras's size: i·s padded the same, i·s + max(k − s, 0) without padding. */
  private Layer[] transposed(String family) {
    if (!family.equals("Conv")) {
      return null;
    }
    Window window = window("kernel_size", ones(), ones());
    int[] extra = window.withTransposedSamePadding(false).transposedSameOutputPadding();
    int[] before = new int[axes];
    int[] after = new int[axes];
    int[] given = config.perAxis("output_padding", axes, null);
    for (int axis = 0; axis < axes; axis++) {
      int span = (int) window.span(axis);
      int stride = window.stride()[axis];
      int pad = same() ? Math.max(span - stride, 0) : 0;
      extra[axis] = Math.max(stride - span, 0);
      if (given != null) {
        if (given[axis] < 0 || given[axis] >= stride) {
          throw config.error("output_padding", "number below the strides");
        }
        // With TensorFlow the wanted size decides where the padding goes.
        pad = same() ? Math.max(2 * (span / 2) - given[axis], 0) : 0;
        extra[axis] = same() ? Math.max(given[axis] - 2 * (span / 2), 0) : given[axis];
      }
      before[axis] = pad / 2;
      after[axis] = pad - pad / 2;
    }
    return one(
        new ConvTranspose(
            null, config.size("filters"), window.withPadding(before, after), extra, 1, bias()));
  }

  private Layer convLstm() {
    // The default of Keras 2 was the hard one.
    String gate = activations.isOld() ? "hard_sigmoid" : "sigmoid";
    boolean isStateful = config.flag("stateful", false);
    if (config.flag("return_state", false)) {
      throw config.refused("return_state");
    }
    return new ConvLstm(
        null,
        config.size("filters"),
        window("kernel_size", ones(), ones()),
        same(),
        bias(),
        config.flag("return_sequences", false),
        config.flag("go_backwards", false),
        config.isChannelsLast(),
        pointwise("recurrent_activation", gate),
        pointwise("activation", "tanh"),
        isStateful ? KerasSequences.STATEFUL : null);
  }

  /** A function of each element alone. */
  private Activation pointwise(String name, String otherwise) {
    Activation function = activations.member(config, name, otherwise).activation();
    if (function == null || function.kind().hasAxis()) {
      throw config.refused(name);
    }
    return function;
  }

  private Layer locallyConnected() {
    if (same()) {
      throw config.refused("padding");
    }
    Object implementation = config.value("implementation");
    if (implementation instanceof Long number && number != 1) {
      throw config.refused("implementation");
    }
    return new LocallyConnected(
        null,
        config.size("filters"),
        window("kernel_size", ones(), ones()),
        bias(),
        config.isChannelsLast());
  }

  private static Layer[] one(Layer layer) {
    return new Layer[] {layer};
  }

  private int groups() {
    return config.members().get("groups") == null ? 1 : config.size("groups");
  }

  private boolean bias() {
    return config.flag("use_bias", true);
  }

  private int[] ones() {
    int[] ones = new int[axes];
    Arrays.fill(ones, 1);
    return ones;
  }

  private Window window(String kernel, int[] otherwise, int[] stride) {
    int[] size = config.perAxis(kernel, axes, otherwise);
    int[] steps = config.perAxis("strides", axes, stride == null ? size : stride);
    int[] dilation = config.perAxis("dilation_rate", axes, ones());
    for (int axis = 0; axis < axes; axis++) {
      if (size[axis] < 1 || steps[axis] < 1 || dilation[axis] < 1) {
        throw config.error(kernel, "size from 1 on, or the strides or the dilation are not");
      }
    }
    Window window = new Window(size, steps, dilation, new int[axes], new int[axes]);
    if (padding().equals("causal")) {
      // Depthwise ones of one axis refuse it too, separable ones have it.
      if (!config.type().equals("Conv1D") && !config.type().equals("SeparableConv1D")) {
        throw config.refused("padding");
      }
      int[] before = new int[axes];
      before[0] = (int) window.span(0) - 1;
      return window.withPadding(before, new int[axes]);
    }
    return window;
  }

  private boolean same() {
    return padding().equals("same");
  }

  private String padding() {
    return config.choice("padding", "valid", "valid", "same", "causal");
  }

  private SamePadding samePadding() {
    return same() ? SamePadding.UPPER : SamePadding.NO;
  }

  private Layer conv(Dim in, int filters, int groups, boolean bias) {
    return new Conv(
        in,
        filters,
        window("kernel_size", ones(), ones()),
        samePadding(),
        groups,
        bias,
        PaddingMode.ZEROS);
  }

  private Layer depthwise(Shape input, boolean bias) {
    if (input == null) {
      throw new InputException(
          config.source()
              + ": "
              + config.type()
              + " '"
              + config.name()
              + "' needs the model's input shape to know its channels");
    }
    Dim channels = input.dim(config.isChannelsLast() ? -1 : 1);
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
    int count = (int) channels.value();
    int multiplier =
        config.members().get("depth_multiplier") == null ? 1 : config.size("depth_multiplier");
    return conv(channels, count * multiplier, count, bias);
  }

  private Layer pointwise(int filters) {
    Window window = new Window(ones(), ones(), ones(), new int[axes], new int[axes]);
    return new Conv(null, filters, window, SamePadding.NO, 1, bias(), PaddingMode.ZEROS);
  }

  private Layer pool(boolean maximum) {
    int[] two = ones();
    Arrays.fill(two, 2);
    return new Pool(
        maximum ? Pool.Kind.MAX : Pool.Kind.AVERAGE,
        window("pool_size", two, null),
        Rounding.FLOOR,
        samePadding(),
        false,
        0,
        0);
  }

  private Layer pad(int sign) {
    String name = sign > 0 ? "padding" : "cropping";
    int[] before = new int[axes];
    int[] after = new int[axes];
    List<?> given =
        config.value(name) instanceof List<?> list
            ? list
            : List.of(config.members().get(name) == null ? 1L : config.members().get(name));
    if (given.isEmpty()) {
      throw config.error(name, "number or pair of numbers an axis");
    }
    for (int axis = 0; axis < axes; axis++) {
      Object value = given.get(given.size() == axes ? axis : 0);
      // 1-D padding is a pair, others are a pair of pairs.
      List<?> pair = axes == 1 && given.size() == 2 ? given : List.of(value, value);
      pair = value instanceof List<?> two && two.size() == 2 ? two : pair;
      if (!(pair.get(0) instanceof Long first && pair.get(1) instanceof Long second)) {
        throw config.error(name, "number or pair of numbers an axis");
      }
      before[axis] = sign * first.intValue();
      after[axis] = sign * second.intValue();
    }
    return new Pad("ZeroPad" + axes + "d", before, after, PaddingMode.ZEROS);
  }

  private Layer upsample() {
    int[] two = ones();
    Arrays.fill(two, 2);
    int[] size = config.perAxis("size", axes, two);
    double[] factors = new double[axes];
    for (int axis = 0; axis < axes; axis++) {
      factors[axis] = size[axis];
    }
    String mode =
        axes == 2
            ? config.choice("interpolation", "nearest", "nearest", "bilinear")
            : config.choice("interpolation", "nearest", "nearest");
    return new Upsample("Upsample", null, factors, mode, false);
  }
}
