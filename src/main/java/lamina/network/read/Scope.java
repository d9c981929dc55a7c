package lamina.network.read;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Call;

/** What names stand for in pasted Python: numbers, lists, layers. */
final class Scope {
  private final Scope outer;
  private final Map<String, Object> values = new HashMap<>();

  /** Layers that others took by their name, so that they are no part of their own. */
  private final Map<Object, Boolean> taken;

  Scope(Scope outer) {
    this.outer = outer;
    this.taken = outer == null ? new IdentityHashMap<>() : outer.taken;
  }

  void put(String name, Object value) {
    values.put(name, value);
  }

  boolean has(String name) {
    return values.containsKey(name) || (outer != null && outer.has(name));
  }

  /** The value of a name; a layer counts as taken from now on. */
  Object take(String name) {
    Object value = look(name);
    if (value instanceof Call || value instanceof List<?>) {
      taken.put(value, true);
    }
    return value;
  }

  /** Undoes that the value counts as taken. */
  void release(Object value) {
    taken.remove(value);
  }

  Object look(String name) {
    return values.containsKey(name) ? values.get(name) : outer.look(name);
  }

  boolean isTaken(Object value) {
    return taken.containsKey(value);
  }
}
