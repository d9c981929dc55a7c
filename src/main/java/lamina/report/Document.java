package lamina.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.tensor.Tensor;

/** What a command found out: a main tensor (may be null) and further members, in order. */
public final class Document {
  private final Tensor main;
  private final Map<String, Object> members = new LinkedHashMap<>();

  /** A document without a main tensor. */
  public Document() {
    this(null);
  }

  /** A document of a tensor. */
  public Document(Tensor main) {
    this.main = main;
  }

  /**
   * Adds a member, or replaces the one of this name.
   *
   * @param value a Tensor, Document, String, Integer, Long, Double or Boolean, a List of those, or
   *     null
   * @return this
   * @throws IllegalArgumentException for a value of another type, or a name that the main tensor's
   *     own members have
   */
  public Document put(String name, Object value) {
    if (main != null && (name.equals("shape") || name.equals("dtype") || name.equals("data"))) {
      throw new IllegalArgumentException("'" + name + "' belongs to the main tensor");
    }
    check(value);
    members.put(name, value);
    return this;
  }

  private static void check(Object value) {
    if (value instanceof List<?> list) {
      for (Object element : list) {
        check(element);
      }
    } else if (!(value == null
        || value instanceof Tensor
        || value instanceof Document
        || value instanceof String
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean)) {
      throw new IllegalArgumentException("no writer for " + value.getClass().getName());
    }
  }

  /** The main tensor, or null. */
  public Tensor main() {
    return main;
  }

  /** The further members, in order; a view. */
  public Map<String, Object> members() {
    return Collections.unmodifiableMap(members);
  }

  /**
   * A member by its name or along a path of names, {@code stats.mean}; the main tensor is {@code
   * data}.
   *
   * @return null if there is none
   */
  public Object member(String name) {
    if (name.equals("data") && main != null) {
      return main;
    }
    if (members.containsKey(name)) {
      return members.get(name);
    }
    for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      if (members.get(name.substring(0, dot)) instanceof Document inner) {
        Object found = inner.member(name.substring(dot + 1));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** The names that {@link #member} knows, without those within members. */
  public List<String> memberNames() {
    List<String> names = new ArrayList<>(members.keySet());
    if (main != null) {
      names.add(0, "data");
    }
    return names;
  }
}
