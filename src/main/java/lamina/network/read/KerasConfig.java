package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The configuration of one layer of Keras.
 *
 * @param type the name of its class
 * @param members its arguments by name
 * @param source what messages call the model
 */
record KerasConfig(String type, Map<?, ?> members, String source) {
  String name() {
    return text("name", type.toLowerCase(Locale.ROOT));
  }

  InputException error(String name, String expected) {
    return new InputException(
        source
            + ": "
            + type
            + " '"
            + name()
            + "' has the "
            + name
            + " "
            + members.get(name)
            + ", which is no "
            + expected);
  }

  String text(String name, String otherwise) {
    return members.get(name) instanceof String text ? text : otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    return members.get(name) instanceof Boolean flag ? flag : otherwise;
  }

  int integer(String name) {
    return integer(name, members.get(name));
  }

  private int integer(String name, Object value) {
    if (value instanceof Long number && number >= -1 && number <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw error(name, "whole number");
  }

  int[] integers(String name) {
    List<?> list = members.get(name) instanceof List<?> several ? several : List.of(integer(name));
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i) instanceof Integer number ? number : integer(name, list.get(i));
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
    return !text("data_format", "channels_last").equals("channels_first");
  }

  /** The configuration of the layer that this one wraps, or null. */
  KerasConfig inner(String name) {
    return members.get(name) instanceof Map<?, ?> layer
            && layer.get("class_name") instanceof String innerType
            && layer.get("config") instanceof Map<?, ?> innerMembers
        ? new KerasConfig(innerType, innerMembers, source)
        : null;
  }

  /** The shape of one sample if this says it; sizes left open become symbols. */
  Shape inputShape() {
    Object shape = members.get("batch_shape");
    shape = shape == null ? members.get("batch_input_shape") : shape;
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
}
