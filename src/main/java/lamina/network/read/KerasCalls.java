package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.text.InputException;

/**
 * Reads what the calls of layers take in a functional model: {@code [name, call, tensor]}, or the
 * tensors of Keras 3 with their history.
 *
 * @param source what messages call the model
 */
record KerasCalls(String source) {
  /** What a call takes, in the forms of Keras 2 and 3. */
  List<KerasReference> taken(Object call, String name) {
    if (call instanceof Map<?, ?> form) {
      List<KerasReference> taken = new ArrayList<>();
      addTensors(form.get("args"), taken, name);
      int given = taken.size();
      addTensors(form.get("kwargs"), taken, name);
      // Tensors by name count as inputs; other arguments may change what the layer does.
      if (taken.size() == given && form.get("kwargs") instanceof Map<?, ?> more) {
        checkMore(more, "the inbound_nodes of '" + name + "'");
      }
      return taken;
    }
    return references(call, "the inbound_nodes of '" + name + "'");
  }

  /** The tensors among the arguments of Keras 3, however they are nested. */
  private void addTensors(Object value, List<KerasReference> taken, String name) {
    if (value instanceof Map<?, ?> object && "__keras_tensor__".equals(object.get("class_name"))) {
      Object history =
          object.get("config") instanceof Map<?, ?> config ? config.get("keras_history") : null;
      taken.addAll(references(history, "the inbound_nodes of '" + name + "'"));
    } else if (value instanceof Map<?, ?> object) {
      object.values().forEach(member -> addTensors(member, taken, name));
    } else if (value instanceof List<?> list) {
      list.forEach(element -> addTensors(element, taken, name));
    }
  }

  /**
   * One reference, or a list of them; in TensorFlow's JSON a dictionary of arguments may follow.
   */
  List<KerasReference> references(Object value, String where) {
    if (!(value instanceof List<?> list)) {
      throw new InputException(
          source + ": " + where + " must be a list such as [[\"name\", 0, 0]]");
    }
    if (!list.isEmpty() && list.get(0) instanceof String name) {
      boolean isPair =
          list.size() > 2 && list.get(1) instanceof Long && list.get(2) instanceof Long;
      if (!isPair || (Long) list.get(1) < 0 || (Long) list.get(1) > 100_000) {
        throw new InputException(
            source + ": " + where + " has '" + name + "' without the numbers of call and tensor");
      }
      if ((Long) list.get(2) != 0) {
        throw new InputException(
            source
                + ": "
                + where
                + " takes output "
                + list.get(2)
                + " of '"
                + name
                + "'; layers of one output are read");
      }
      if (list.size() > 3 && list.get(3) instanceof Map<?, ?> more) {
        checkMore(more, where);
      }
      return List.of(new KerasReference(name, ((Long) list.get(1)).intValue()));
    }
    List<KerasReference> references = new ArrayList<>();
    for (Object element : list) {
      references.addAll(references(element, where));
    }
    return references;
  }

  /** Arguments of a call beside its inputs: only whether it is in training may be said. */
  private void checkMore(Map<?, ?> more, String where) {
    for (Map.Entry<?, ?> argument : more.entrySet()) {
      boolean isHarmless =
          List.of("training", "name", "mask").contains(argument.getKey())
              || argument.getValue() == null;
      if (!isHarmless) {
        throw new InputException(
            source
                + ": "
                + where
                + " calls it with "
                + argument.getKey()
                + ", which is not supported");
      }
    }
  }
}
