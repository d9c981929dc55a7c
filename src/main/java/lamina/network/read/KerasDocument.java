package lamina.network.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lamina.format.JsonValues;

/**
 * Finds the model of Keras in the wrappings that people have: {@code to_json()}, also as a quoted
 * string, {@code get_config()}, TensorFlow.js's {@code model.json}, the attribute of an HDF5 file;
 * and translates the members of Keras 1.
 */
final class KerasDocument {
  /** Members of Keras 1 and what they are called since Keras 2. */
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          Map.entry("nb_filter", "filters"),
          Map.entry("filter_length", "kernel_size"),
          Map.entry("subsample", "strides"),
          Map.entry("subsample_length", "strides"),
          Map.entry("stride", "strides"),
          Map.entry("border_mode", "padding"),
          Map.entry("pool_length", "pool_size"),
          Map.entry("length", "size"),
          Map.entry("bias", "use_bias"),
          Map.entry("inner_activation", "recurrent_activation"),
          Map.entry("atrous_rate", "dilation_rate"));

  private KerasDocument() {}

  /**
   * The model: an object with {@code class_name} and {@code config}, or null if this is none.
   *
   * @param value what was read from JSON
   */
  static Map<?, ?> model(Object value, String source) {
    Map<?, ?> model = found(value, source);
    return model == null ? null : (Map<?, ?>) plain(model);
  }

  /**
   * Tuples, shapes and arrays as lists and numbers: TensorFlow writes {@code {"class_name":
   * "__tuple__", "items": [3, 3]}}, old versions {@code {"type": "ndarray", "value": 0.3}}.
   */
  private static Object plain(Object value) {
    if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(element -> plain.add(plain(element)));
      return plain;
    }
    if (!(value instanceof Map<?, ?> object)) {
      return value;
    }
    if (Set.of("__tuple__", "TensorShape").contains(String.valueOf(object.get("class_name")))
        && object.get("items") != null) {
      return plain(object.get("items"));
    }
    if ("ndarray".equals(object.get("type")) && object.containsKey("value")) {
      return plain(object.get("value"));
    }
    boolean isArray =
        "__numpy__".equals(object.get("class_name"))
            && object.get("config") instanceof Map<?, ?> config
            && config.containsKey("value");
    if (isArray) {
      return plain(((Map<?, ?>) object.get("config")).get("value"));
    }
    Map<Object, Object> plain = new LinkedHashMap<>();
    object.forEach((name, member) -> plain.put(name, plain(member)));
    return plain;
  }

  private static Map<?, ?> found(Object value, String source) {
    if (value instanceof String text && text.strip().startsWith("{")) {
      return found(JsonValues.read(text, source), source);
    }
    if (value instanceof List<?> list) {
      return isLayers(list) ? Map.of("class_name", "Sequential", "config", list) : null;
    }
    if (!(value instanceof Map<?, ?> object)) {
      return null;
    }
    for (String wrapping : List.of("modelTopology", "model_config", "model")) {
      Map<?, ?> inner = object.get(wrapping) == null ? null : found(object.get(wrapping), source);
      if (inner != null) {
        Map<Object, Object> model = new LinkedHashMap<>(inner);
        if (object.get("keras_version") != null) {
          model.putIfAbsent("keras_version", object.get("keras_version"));
        }
        return model;
      }
    }
    if (object.get("class_name") instanceof String && object.containsKey("config")) {
      return object;
    }
    boolean isConfig = object.get("layers") instanceof List<?> list && isLayers(list);
    if (!isConfig) {
      return null;
    }
    boolean isGraph = object.containsKey("input_layers");
    return Map.of("class_name", isGraph ? "Functional" : "Sequential", "config", object);
  }

  private static boolean isLayers(List<?> list) {
    return !list.isEmpty()
        && list.get(0) instanceof Map<?, ?> first
        && first.get("class_name") instanceof String;
  }

  /** The name of a class since Keras 2: {@code Convolution2D} is {@code Conv2D}. */
  static String type(String type) {
    return switch (type) {
      case "AtrousConvolution1D" -> "Conv1D";
      case "AtrousConvolution2D" -> "Conv2D";
      case "Deconvolution2D" -> "Conv2DTranspose";
      case "TimeDistributedDense" -> "Dense";
      default -> type.replace("Convolution", "Conv");
    };
  }

  /** The members of a layer by their names since Keras 2. */
  static Map<String, Object> members(String type, Map<?, ?> members) {
    Map<String, Object> renamed = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      String name = (String) member.getKey();
      Object value = member.getValue();
      if (name.equals("dim_ordering")) {
        renamed.put("data_format", "th".equals(value) ? "channels_first" : "channels_last");
      } else if (name.equals("output_dim") && !type.equals("Embedding")) {
        renamed.put("units", value);
      } else if (!isOfTraining(name)) {
        renamed.put(RENAMED.getOrDefault(name, name), value);
      }
    }
    List<Object> kernel = new ArrayList<>();
    for (String name : List.of("nb_row", "nb_col", "kernel_dim1", "kernel_dim2", "kernel_dim3")) {
      if (renamed.get(name) instanceof Long size) {
        renamed.remove(name);
        kernel.add(size);
      }
    }
    if (!kernel.isEmpty()) {
      renamed.put("kernel_size", kernel);
    }
    return renamed;
  }

  /** Members of Keras 1 that say how training starts and what it keeps small. */
  private static boolean isOfTraining(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("init")
        || lower.endsWith("_init")
        || Set.of("w_learning_rate_multiplier", "b_learning_rate_multiplier").contains(lower);
  }
}
