package lamina.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.format.JsonValues;
import lamina.format.Npz;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * What somebody answered, or what was to be answered: members by their paths ({@code h_n}, {@code
 * layers.0.output}), each a tensor, a text, or a list of sizes of which some are symbols. What has
 * no name of its own is {@link #MAIN}.
 */
public final class Answer {
  /** The path of what an answer is if it has no members. */
  public static final String MAIN = "data";

  private final Map<String, Object> members;
  private final boolean table;

  private Answer(Map<String, Object> members, boolean table) {
    this.members = members;
    this.table = table;
  }

  /** An answer of one tensor. */
  public static Answer of(Tensor tensor) {
    return new Answer(Map.of(MAIN, tensor), false);
  }

  /** A matrix out of a file that can hold nothing else; its shape is not the answerer's choice. */
  static Answer ofTable(Tensor matrix) {
    return new Answer(Map.of(MAIN, matrix), true);
  }

  /** An answer of one text. */
  public static Answer of(String text) {
    return new Answer(Map.of(MAIN, text.strip()), false);
  }

  /** An answer of named tensors; a lone one needs no name. */
  public static Answer of(Map<String, Tensor> tensors) {
    if (tensors.size() == 1) {
      return of(tensors.values().iterator().next());
    }
    Map<String, Object> members = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> members.put(name.equals(Npz.MAIN) ? MAIN : name, tensor));
    return new Answer(members, false);
  }

  /** An answer of members by their paths, each as {@link #member} gives them. */
  public static Answer ofMembers(Map<String, Object> members) {
    return new Answer(new LinkedHashMap<>(members), false);
  }

  /**
   * An answer out of JSON, such as a command prints it.
   *
   * @param sourceName what messages call the text
   * @throws InputException if the text is no JSON, or a document in it contradicts itself
   */
  public static Answer ofJson(String json, String sourceName) {
    return ofValue(JsonValues.read(json, sourceName), sourceName);
  }

  /** An answer out of the values of {@link JsonValues}. */
  public static Answer ofValue(Object value, String sourceName) {
    Map<String, Object> members = new LinkedHashMap<>();
    new Builder(members, sourceName).put("", value);
    return new Answer(members, false);
  }

  /** The members by their paths, in order; a view. */
  public Map<String, Object> members() {
    return Collections.unmodifiableMap(members);
  }

  /** Whether this is one tensor without members of other names. */
  private boolean isBare() {
    return members.size() == 1 && members.get(MAIN) instanceof Tensor;
  }

  /**
   * What of a command's result a given answer is about: a tensor without a name is about the main
   * member alone, whatever else the command gives.
   */
  public Answer askedBy(Answer given) {
    boolean main = members.size() > 1 && members.containsKey(MAIN) && given.isBare();
    return main ? select(List.of(MAIN)) : this;
  }

  /**
   * The answer without all but some members.
   *
   * @throws InputException if one of them is missing
   */
  Answer select(List<String> paths) {
    Map<String, Object> selected = new LinkedHashMap<>();
    for (String path : paths) {
      Object member = member(path);
      if (member == null) {
        throw new InputException(
            "there is no member '" + path + "'; there is " + String.join(", ", members.keySet()));
      }
      selected.put(path, member);
    }
    return new Answer(selected, table);
  }

  /** Whether this is a matrix only because its file can hold nothing else. */
  public boolean isTable() {
    return table;
  }

  /**
   * A member by its path: a Tensor, a String, a {@code List<String>} of sizes, or null. The shape
   * of a tensor is a member too.
   */
  public Object member(String path) {
    Object found = members.get(path);
    if (found != null) {
      return found;
    }
    boolean own = path.equals("shape");
    if (own || path.endsWith(".shape")) {
      String of = own ? MAIN : path.substring(0, path.length() - ".shape".length());
      if (members.get(of) instanceof Tensor tensor) {
        return sizes(tensor.shape());
      }
    }
    return null;
  }

  private static Tensor sizes(int[] shape) {
    double[] sizes = new double[shape.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape[i];
    }
    return Tensor.of(sizes, sizes.length);
  }

  /** Sorts values into members. */
  private record Builder(Map<String, Object> members, String source) {
    void put(String path, Object value) {
      String name = path.isEmpty() ? MAIN : path;
      if (value instanceof Tensor || isNumber(value)) {
        members.put(name, value instanceof Tensor ? value : Tensor.scalar(number(value)));
      } else if (value instanceof List<?> list) {
        list(path, name, list);
      } else if (value instanceof Map<?, ?> object) {
        object(path, name, object);
      } else {
        members.put(name, value == null ? "null" : value.toString().strip());
      }
    }

    private void list(String path, String name, List<?> list) {
      if (isNumeric(list)) {
        members.put(name, tensor(list, name));
      } else if (list.stream().allMatch(e -> e instanceof String || e instanceof Number)) {
        List<String> sizes = new ArrayList<>();
        list.forEach(element -> sizes.add(element.toString().strip()));
        members.put(name, sizes);
      } else {
        String prefix = path.isEmpty() ? "" : path + ".";
        members.put(prefix + "length", Tensor.scalar(list.size()));
        for (int i = 0; i < list.size(); i++) {
          put(prefix + i, list.get(i));
        }
      }
    }

    private void object(String path, String name, Map<?, ?> object) {
      boolean document = object.containsKey("data");
      if (document) {
        put(path, object.get("data"));
        if (object.get("shape") instanceof List<?> shape
            && members.get(name) instanceof Tensor data) {
          members.put(name, shaped(data, tensor(shape, "shape"), name));
        }
      }
      for (Map.Entry<?, ?> member : object.entrySet()) {
        String key = (String) member.getKey();
        if (!document || !List.of("data", "shape", "dtype").contains(key)) {
          put(path.isEmpty() ? key : path + "." + key, member.getValue());
        }
      }
    }

    /** Flat data takes the shape beside it; nested data must have it. */
    private Tensor shaped(Tensor data, Tensor shape, String name) {
      int[] sizes = new int[shape.size()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = (int) shape.get(i);
      }
      if (Arrays.equals(sizes, data.shape())) {
        return data;
      }
      if (data.rank() != 1 || Tensor.elements(sizes) != data.size()) {
        throw new InputException(
            source
                + ": "
                + name
                + " has the shape "
                + Tensor.text(data.shape())
                + " but says it has "
                + Tensor.text(sizes));
      }
      return data.reshape(sizes);
    }

    private static boolean isNumber(Object value) {
      return value instanceof Number
          || "NaN".equals(value)
          || "Infinity".equals(value)
          || "-Infinity".equals(value);
    }

    private static double number(Object value) {
      return value instanceof Number number
          ? number.doubleValue()
          : Double.parseDouble((String) value);
    }

    /** Whether all that is in nested lists is numbers. */
    private static boolean isNumeric(List<?> list) {
      for (Object element : list) {
        if (!(element instanceof List<?> inner ? isNumeric(inner) : isNumber(element))) {
          return false;
        }
      }
      return true;
    }

    private Tensor tensor(List<?> list, String name) {
      List<Integer> shape = new ArrayList<>();
      Object first = list;
      while (first instanceof List<?> inner) {
        shape.add(inner.size());
        first = inner.isEmpty() ? null : inner.get(0);
      }
      int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
      Tensor tensor = Tensor.zeros(DType.FLOAT64, sizes);
      fill(list, tensor, 0, 0, name);
      return tensor;
    }

    private int fill(List<?> list, Tensor tensor, int axis, int at, String name) {
      boolean last = axis == tensor.rank() - 1;
      if (list.size() != tensor.dim(axis)) {
        throw ragged(name, axis, list.size() + " elements, another " + tensor.dim(axis));
      }
      int next = at;
      for (Object element : list) {
        if (last == element instanceof List) {
          throw ragged(name, axis, "a number where another has a list");
        }
        if (element instanceof List<?> inner) {
          next = fill(inner, tensor, axis + 1, next, name);
        } else {
          tensor.doubles()[next++] = number(element);
        }
      }
      return next;
    }

    private InputException ragged(String name, int axis, String what) {
      return new InputException(
          source + ": the lists of " + name + " are ragged: at depth " + axis + " one has " + what);
    }
  }
}
