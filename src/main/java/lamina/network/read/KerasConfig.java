package lamina.network.read;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The configuration of one layer of Keras.
 *
 * @param type the name of its class
 * @param members its arguments by name
 * @param source what messages call the model
 * @param obeyed the members that were read; the others are refused if they may matter
 */
record KerasConfig(String type, Map<?, ?> members, String source, Set<String> obeyed) {
  /** What changes neither a model that is run nor its training, whatever its value. */
  private static final Set<String> HARMLESS =
      Set.of(
          "name",
          "dtype",
          "batch_input_shape",
          "batch_shape",
          "build_input_shape",
          "input_dtype",
          "ragged",
          "sparse",
          "optional",
          "input_length",
          "input_shape",
          "input_dim",
          "nb_words",
          "seed",
          "renorm_clipping",
          "renorm_momentum",
          "fused",
          "synchronized",
          "unit_forget_bias",
          "implementation",
          "unroll",
          "consume_less",
          "build_config",
          "registered_name",
          "autocast");

  /** What changes training alone, where it is not obeyed: it is named. */
  private static final Set<String> OF_TRAINING =
      Set.of(
          "trainable",
          "rate",
          "p",
          "stddev",
          "sigma",
          "noise_shape",
          "dropout",
          "recurrent_dropout",
          "dropout_U",
          "dropout_W",
          "l1",
          "l2");

  /** The layer of an object with its class and config, in the words of Keras 2. */
  static KerasConfig of(Map<?, ?> object, String source) {
    String type = KerasDocument.type((String) object.get("class_name"));
    Object config = object.get("config");
    // A Sequential of old versions has a list as its config.
    Map<?, ?> members = config instanceof Map<?, ?> map ? map : Map.of("layers", config);
    return new KerasConfig(type, KerasDocument.members(type, members), source);
  }

  KerasConfig(String type, Map<?, ?> members, String source) {
    this(type, members, source, new HashSet<>());
  }

  /**
   * Refuses the first member that nothing has read and that may change what the layer computes.
   *
   * @throws InputException naming it
   */
  void refuseTheRest() {
    for (Map.Entry<?, ?> member : members.entrySet()) {
      String name = (String) member.getKey();
      Object value = member.getValue();
      boolean isHarmless =
          HARMLESS.contains(name)
              || name.endsWith("_initializer")
              || isOfTraining(name)
              || value == null
              || Boolean.FALSE.equals(value);
      if (!isHarmless && !obeyed.contains(name)) {
        throw refused(name);
      }
    }
  }

  private static boolean isOfTraining(String name) {
    return OF_TRAINING.contains(name)
        || name.endsWith("_regularizer")
        || name.endsWith("_constraint");
  }

  /** The members that nothing has read and that would change training. */
  List<String> ofTraining() {
    List<String> names = new ArrayList<>();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      String name = (String) member.getKey();
      Object value = member.getValue();
      boolean isOff =
          name.equals("trainable")
              ? !Boolean.FALSE.equals(value)
              : value == null || (value instanceof Number number && number.doubleValue() == 0);
      if (isOfTraining(name) && !obeyed.contains(name) && !isOff) {
        names.add(name);
      }
    }
    return names;
  }

  /** The message about a member whose value cannot be obeyed. */
  InputException refused(String name) {
    return new InputException(
        source
            + ": "
            + type
            + " '"
            + name()
            + "' has "
            + name
            + " "
            + members.get(name)
            + ", which is not supported; write the network as layers without it");
  }

  /** The value of a member as it is, or null. */
  Object value(String name) {
    return get(name);
  }

  private Object get(String name) {
    obeyed.add(name);
    return members.get(name);
  }

  /** A number, or another one if it is missing. */
  double number(String name, double otherwise) {
    Object value = get(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw error(name, "number");
  }

  /** A number, or null if it is missing. */
  Number numberOrNull(String name) {
    return get(name) == null ? null : Double.valueOf(number(name, 0));
  }

  String name() {
    return text("name", type.toLowerCase(Locale.ROOT));
  }

  InputException error(String name, String expected) {
    return new InputException(
        source
            + ": "
            + type
            // The name itself may be what is wrong.
            + (members.get("name") instanceof String own ? " '" + own + "'" : "")
            + " has the "
            + name
            + " "
            + members.get(name)
            + ", which is no "
            + expected);
  }

  String text(String name, String otherwise) {
    Object value = get(name);
    if (value != null && !(value instanceof String)) {
      throw error(name, "word");
    }
    return value == null ? otherwise : (String) value;
  }

  /**
   * A word.
   *
   * @param missing the word if the member is missing
   * @param empty the word if it is null
   */
  String wordOr(String name, String missing, String empty) {
    return text(name, members.containsKey(name) ? empty : missing);
  }

  /** True or false, which may be written as 1 and 0. */
  boolean flag(String name, boolean otherwise) {
    Object value = get(name);
    if (value == null || value instanceof Boolean) {
      return value == null ? otherwise : (Boolean) value;
    }
    if (value instanceof Long number && (number == 0 || number == 1)) {
      return number == 1;
    }
    throw error(name, "truth value");
  }

  /**
   * One of some words, whatever the case of its letters.
   *
   * @throws InputException if it is another one
   */
  String choice(String name, String otherwise, String... words) {
    String word = text(name, otherwise).toLowerCase(Locale.ROOT);
    if (!List.of(words).contains(word)) {
      throw refused(name);
    }
    return word;
  }

  /**
   * A number from 1 on.
   *
   * @throws InputException if it is none
   */
  int size(String name) {
    int size = integer(name);
    if (size < 1) {
      throw error(name, "number from 1 on");
    }
    return size;
  }

  int integer(String name) {
    return integer(name, get(name), -1);
  }

  private int integer(String name, Object value, int least) {
    if (value instanceof Long number && number >= least && number <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw error(name, "whole number");
  }

  int[] integers(String name) {
    return integers(name, -1);
  }

  /** One axis or several, those below 0 counted from the last. */
  int[] axes(String name) {
    return integers(name, -100);
  }

  private int[] integers(String name, int least) {
    Object value = get(name);
    List<?> list = value instanceof List<?> several ? several : Collections.singletonList(value);
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(name, list.get(i), least);
    }
    return values;
  }

  /** One number an axis, or one for all; {@code otherwise} if it is missing. */
  int[] perAxis(String name, int axes, int[] otherwise) {
    if (members.get(name) == null) {
      return otherwise;
    }
    int[] given = integers(name);
    if (given.length != 1 && given.length != axes) {
      throw error(name, "number an axis");
    }
    int[] values = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      values[axis] = given[given.length == 1 ? 0 : axis];
    }
    return values;
  }

  boolean isChannelsLast() {
    return choice("data_format", "channels_last", "channels_last", "channels_first")
        .equals("channels_last");
  }

  /** The configuration of the layer that this one wraps, or null. */
  KerasConfig inner(String name) {
    return get(name) instanceof Map<?, ?> layer
            && layer.get("class_name") instanceof String
            && layer.get("config") != null
        ? of(layer, source)
        : null;
  }

  /** The shape of one sample if this says it; sizes left open become symbols. */
  Shape inputShape() {
    Object shape = members.get("batch_shape");
    shape = shape == null ? members.get("batch_input_shape") : shape;
    shape = shape == null ? sampleShape() : shape;
    if (!(shape instanceof List<?> list) || list.isEmpty()) {
      return null;
    }
    List<Dim> dims = new ArrayList<>();
    String[] names =
        list.size() == 4 ? new String[] {"H", "W", "C"} : new String[] {"T", "F", "G", "J"};
    for (int i = 1; i < list.size(); i++) {
      dims.add(
          list.get(i) instanceof Long size
              ? Dim.of(size)
              : Dim.symbol(names[Math.min(i - 1, names.length - 1)]));
    }
    return new Shape(dims);
  }

  /** Keras 1 and code by hand say the shape of a sample, or its only size. */
  private List<?> sampleShape() {
    List<Object> shape = new ArrayList<>();
    shape.add(null);
    if (members.get("input_shape") instanceof List<?> sample) {
      shape.addAll(sample);
      return shape;
    }
    shape.add(members.get("input_dim"));
    return type.equals("Dense") && members.get("input_dim") instanceof Long ? shape : null;
  }
}
