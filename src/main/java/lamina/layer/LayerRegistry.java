package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.recurrent.RecurrentLayer;
import lamina.text.NearSpelling;

/**
 * Every layer there is. A new layer is a file of its own, which states its {@link LayerType}, and a
 * line here.
 */
public final class LayerRegistry {
  /** All kinds of layers in the order of the documentation, families together. */
  public static final List<LayerType> TYPES = types();

  private static final Map<String, LayerType> BY_NAME = byName();

  /** The names of all layers in PyTorch, families together. */
  public static final List<String> NAMES = List.copyOf(BY_NAME.keySet());

  private LayerRegistry() {}

  private static List<LayerType> types() {
    List<LayerType> types =
        new ArrayList<>(
            Arrays.asList(
                Conv.TYPE,
                ConvTranspose.TYPE,
                Pool.MAX,
                Pool.AVERAGE_1D,
                Pool.AVERAGE,
                Pool.LP,
                AdaptivePool.AVERAGE,
                AdaptivePool.MAX,
                Linear.TYPE,
                Flatten.TYPE,
                Unflatten.TYPE,
                RecurrentLayer.RNN,
                RecurrentLayer.LSTM,
                RecurrentLayer.GRU,
                Embedding.TYPE,
                BatchNorm.TYPE,
                BatchNorm.INSTANCE,
                LayerNorm.TYPE,
                GroupNorm.TYPE,
                LocalResponseNorm.TYPE,
                LayerNorm.RMS,
                LayerNorm2d.TYPE,
                Dropout.TYPE,
                StochasticDepth.TYPE,
                StochasticDepth.DROP_PATH));
    types.addAll(ActivationLayer.types());
    types.addAll(
        Arrays.asList(
            TrainedRelu.TYPE,
            RandomizedRelu.TYPE,
            ActivationLayer.SOFTMAX_2D,
            Upsample.TYPE,
            Upsample.FIXED,
            Pad.ZERO,
            Pad.CONSTANT,
            Pad.REFLECTION,
            Pad.REPLICATION,
            Pad.CIRCULAR,
            PixelShuffle.TYPE,
            PixelShuffle.INVERSE,
            ChannelShuffle.TYPE,
            Identity.TYPE,
            Tokenize.TYPE,
            Select.TYPE,
            Narrow.TYPE,
            Permute.TYPE,
            Transpose.TYPE,
            Mean.TYPE,
            Chunk.TYPE,
            Slice.TYPE,
            View.TYPE,
            Squeeze.TYPE,
            Unsqueeze.TYPE,
            Affine.TYPE,
            Power.TYPE,
            Add.TYPE,
            Mul.TYPE,
            MatMul.TYPE,
            Extremum.MAXIMUM,
            Extremum.MINIMUM,
            Concat.TYPE,
            new LayerType("Sequential", "*args", "layers one after another") {
              @Override
              public Layer layer(LayerArguments args) {
                return null;
              }
            }));
    return Collections.unmodifiableList(types);
  }

  private static Map<String, LayerType> byName() {
    Map<String, LayerType> byName = new LinkedHashMap<>();
    for (LayerType type : TYPES) {
      for (String name : type.names()) {
        byName.put(name, type);
      }
    }
    return byName;
  }

  /** The kind of layer of a name in PyTorch, or null. */
  public static LayerType find(String name) {
    return BY_NAME.get(name);
  }

  /**
   * The layer that a call describes.
   *
   * @return null if there is no layer of this name, or it is a Sequential
   * @throws lamina.text.InputException if the arguments do not fit the constructor
   */
  public static Layer create(Call call, Compatibility compatibility) {
    LayerType type = find(call.type());
    return type == null
        ? null
        : type.layer(new LayerArguments(call, type.arguments(call.type()), compatibility));
  }

  /**
   * The end of a message about an unknown layer: PyTorch's name of a layer that Keras or ONNX call
   * so, else the near spelling, or nothing.
   */
  public static String hint(String name) {
    String torch = translated(name);
    if (torch != null) {
      return "; did you mean '" + torch + "'?";
    }
    String near = NearSpelling.hint(name, NAMES);
    if (!near.isEmpty() || name.length() < 3) {
      return near;
    }
    // Such as Pool, which is a part of several names.
    List<String> holders = new ArrayList<>();
    for (String candidate : NAMES) {
      if (holders.size() < 3 && NearSpelling.plain(candidate).contains(NearSpelling.plain(name))) {
        holders.add("'" + candidate + "'");
      }
    }
    return holders.isEmpty() ? "" : "; did you mean " + String.join(" or ", holders) + "?";
  }

  /** PyTorch's name for one of Keras or ONNX, or null. */
  private static String translated(String name) {
    for (LayerType type : TYPES) {
      int keras = type.keras().indexOf(name);
      if (keras >= 0 || type.onnx().contains(name)) {
        List<String> names = type.names();
        boolean isFamily = names.size() > 2 && names.get(0).endsWith("1d");
        // One name for any number of axes: images are the most frequent.
        boolean isForAll = isFamily && (keras < 0 || type.keras().size() == 1);
        return names.get(isForAll ? 1 : Math.min(Math.max(0, keras), names.size() - 1));
      }
    }
    return null;
  }
}
