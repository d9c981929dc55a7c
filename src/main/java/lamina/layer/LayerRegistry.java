package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.recurrent.RecurrentLayer;
import lamina.text.NearSpelling;

/**
 * Every layer there is. A new layer is a file of its own, which states its {@link LayerType}, and a
 * line here, in the family it belongs to.
 */
public final class LayerRegistry {
  /**
   * Families of layers. The types of a family are loaded together, once a name is looked for that
   * those before it do not have: to load all of them takes some milliseconds, and a network needs
   * few.
   */
  private enum Family {
    WINDOWS,
    RECURRENT,
    NORMALIZATIONS,
    ACTIVATIONS,
    OTHERS,
    CONTAINERS
  }

  /** The families in the order in which a name is looked for, the most frequent ones first. */
  private static final List<Family> SEARCHED =
      List.of(
          Family.CONTAINERS,
          Family.WINDOWS,
          Family.ACTIVATIONS,
          Family.NORMALIZATIONS,
          Family.RECURRENT,
          Family.OTHERS);

  private static final Map<Family, Map<String, LayerType>> LOADED = new EnumMap<>(Family.class);

  private LayerRegistry() {}

  private static List<LayerType> types(Family family) {
    return switch (family) {
      case WINDOWS ->
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
              Unflatten.TYPE);
      case RECURRENT ->
          Arrays.asList(
              RecurrentLayer.RNN, RecurrentLayer.LSTM, RecurrentLayer.GRU, Embedding.TYPE);
      case NORMALIZATIONS ->
          Arrays.asList(
              BatchNorm.TYPE,
              BatchNorm.INSTANCE,
              LayerNorm.TYPE,
              GroupNorm.TYPE,
              LocalResponseNorm.TYPE,
              LayerNorm.RMS,
              LayerNorm2d.TYPE,
              Dropout.TYPE,
              StochasticDepth.TYPE,
              StochasticDepth.DROP_PATH);
      case ACTIVATIONS -> ActivationLayer.types();
      case OTHERS ->
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
              Concat.TYPE);
      case CONTAINERS ->
          List.of(
              new LayerType("Sequential", "*args", "layers one after another") {
                @Override
                public Layer layer(LayerArguments args) {
                  return null;
                }
              });
    };
  }

  private static synchronized Map<String, LayerType> byName(Family family) {
    Map<String, LayerType> byName = LOADED.get(family);
    if (byName == null) {
      byName = new LinkedHashMap<>();
      for (LayerType type : types(family)) {
        for (String name : type.names()) {
          byName.put(name, type);
        }
      }
      LOADED.put(family, byName);
    }
    return byName;
  }

  /** All kinds of layers in the order of the documentation, families together. */
  public static List<LayerType> types() {
    Set<LayerType> types = new LinkedHashSet<>();
    for (Family family : Family.values()) {
      types.addAll(byName(family).values());
    }
    return List.copyOf(types);
  }

  /** The names of all layers in PyTorch, families together. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Family family : Family.values()) {
      names.addAll(byName(family).keySet());
    }
    return names;
  }

  /** The kind of layer of a name in PyTorch, or null. */
  public static LayerType find(String name) {
    for (Family family : SEARCHED) {
      LayerType type = byName(family).get(name);
      if (type != null) {
        return type;
      }
    }
    return null;
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
    String near = NearSpelling.hint(name, names());
    if (!near.isEmpty() || name.length() < 3) {
      return near;
    }
    // Such as Pool, which is a part of several names.
    List<String> holders = new ArrayList<>();
    for (String candidate : names()) {
      if (holders.size() < 3 && NearSpelling.plain(candidate).contains(NearSpelling.plain(name))) {
        holders.add("'" + candidate + "'");
      }
    }
    return holders.isEmpty() ? "" : "; did you mean " + String.join(" or ", holders) + "?";
  }

  /** PyTorch's name for one of Keras or ONNX, or null. */
  private static String translated(String name) {
    for (LayerType type : types()) {
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
