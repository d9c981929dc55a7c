package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.format.OnnxTensor;
import lamina.format.ProtoInput;
import lamina.text.InputException;

/** ONNX's NodeProto: an operator, the names of its inputs and outputs, and its attributes. */
final class OnnxNode {
  private static final Map<String, Set<String>> WITHOUT_EFFECT =
      Map.of(
          "Dropout", Set.of("seed", "ratio", "is_test"),
          "BatchNormalization", Set.of("momentum", "is_test"),
          "ReduceSum", Set.of("keepdims"),
          "TopK", Set.of("sorted"),
          "SequenceEmpty", Set.of("dtype"),
          "Optional", Set.of("type"));

  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();

  /** Numbers are Long or Float, texts String, tensors OnnxTensor, graphs OnnxGraph, or lists. */
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  /** The names of the attributes that its operator has asked for. */
  private final Set<String> read = new HashSet<>();

  private String name = "";
  private String type = "";
  private String domain = "";

  static OnnxNode parse(ProtoInput in, OnnxTensor.Bytes bytes) {
    OnnxNode node = new OnnxNode();
    in.fields(
        field -> {
          switch (field) {
            case 1 -> node.inputs.add(in.text());
            case 2 -> node.outputs.add(in.text());
            case 3 -> node.name = in.text();
            case 4 -> node.type = in.text();
            case 5 -> in.message(() -> readAttribute(in, bytes, node.attributes));
            case 7 -> node.domain = in.text();
            default -> {
              return false;
            }
          }
          return true;
        });
    return node;
  }

  /** A node that no file has. */
  static OnnxNode of(String type, List<String> inputs, String output) {
    OnnxNode node = new OnnxNode();
    node.type = type;
    node.inputs.addAll(inputs);
    node.outputs.add(output);
    return node;
  }

  /** An attribute of a function's node that is what the function's call has under a name. */
  private record Reference(String name) {}

  /** Reads ONNX's AttributeProto into a table by name. */
  static void readAttribute(ProtoInput in, OnnxTensor.Bytes bytes, Map<String, Object> attributes) {
    String[] key = {""};
    Object[] single = {null};
    List<Object> many = new ArrayList<>();
    long[] kind = {0};
    String[] reference = {""};
    in.fields(
        field -> {
          switch (field) {
            case 1 -> key[0] = in.text();
            case 2 -> single[0] = in.single();
            case 3 -> single[0] = in.integer();
            case 4 -> single[0] = in.text();
            case 5 -> in.message(() -> single[0] = OnnxTensor.parse(in, bytes, in.name()));
            case 6 -> in.message(() -> single[0] = OnnxGraph.parse(in, bytes));
            case 7 -> in.floats(value -> many.add((float) value));
            case 8 -> in.integers(many::add);
            case 9 -> many.add(in.text());
            case 20 -> kind[0] = in.integer();
            case 21 -> reference[0] = in.text();
            default -> {
              return false;
            }
          }
          return true;
        });
    // Kinds of several values may hold none; writers leave out single values that are 0.
    Object value = kind[0] > 5 || (single[0] == null && !many.isEmpty()) ? many : single[0];
    if (value == null) {
      value = kind[0] == 1 ? (Object) 0f : kind[0] == 3 ? (Object) "" : (Object) 0L;
    }
    attributes.put(key[0], reference[0].isEmpty() ? value : new Reference(reference[0]));
  }

  /** The names of its inputs; empty for one that is left out. */
  List<String> inputs() {
    return inputs;
  }

  /** The names of its outputs; empty for one that nobody wants. */
  List<String> outputs() {
    return outputs;
  }

  String name() {
    return name;
  }

  /** The operator. */
  String type() {
    return type;
  }

  /** Whose operator it is; empty for ONNX's own. */
  String domain() {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  /** The names of the attributes that nobody has asked for: they change nothing. */
  List<String> unread() {
    List<String> unread = new ArrayList<>(attributes.keySet());
    unread.removeAll(read);
    // Those that by ONNX's words change no result, or only that of training, and the branch of an
    // If
    // that is not taken.
    unread.removeAll(WITHOUT_EFFECT.getOrDefault(type, Set.of()));
    unread.removeIf(attribute -> attributes.get(attribute) instanceof OnnxGraph);
    unread.remove("consumed_inputs");
    return unread;
  }

  boolean has(String attribute) {
    read.add(attribute);
    return attributes.containsKey(attribute);
  }

  /** This node with the attributes of a function's call in place of references to them. */
  OnnxNode resolved(Map<String, Object> given) {
    if (attributes.values().stream().noneMatch(Reference.class::isInstance)) {
      return this;
    }
    OnnxNode node = copy(inputs);
    attributes.forEach(
        (key, value) -> {
          Object actual = value instanceof Reference to ? given.get(to.name()) : value;
          if (actual != null) {
            node.attributes.put(key, actual);
          }
        });
    return node;
  }

  /** This node without inputs of some names: they are left out. */
  OnnxNode without(Set<String> missing) {
    List<String> kept = new ArrayList<>();
    inputs.forEach(input -> kept.add(missing.contains(input) ? "" : input));
    OnnxNode node = copy(kept);
    node.attributes.putAll(attributes);
    return node;
  }

  /** The same operator without attributes. */
  private OnnxNode copy(List<String> newInputs) {
    OnnxNode node = new OnnxNode();
    node.name = name;
    node.type = type;
    node.domain = domain;
    node.inputs.addAll(newInputs);
    node.outputs.addAll(outputs);
    return node;
  }

  /** A step of this node on its way to its output, under a name of its own. */
  OnnxNode part(String suffix) {
    OnnxNode part = new OnnxNode();
    part.type = type;
    part.domain = domain;
    part.name = name.isEmpty() ? "" : name + suffix;
    part.outputs.add(outputs.get(0) + suffix);
    return part;
  }

  /** What messages call it: {@code node 'conv1' Conv}. */
  String label() {
    String shown = name.isEmpty() && !outputs.isEmpty() ? outputs.get(0) : name;
    return "node '" + shown + "' " + type;
  }

  /** The text that messages and reports show: the operator with its attributes. */
  String text() {
    StringBuilder text = new StringBuilder(type).append('(');
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      Object value = attribute.getValue();
      if (value instanceof OnnxTensor || value instanceof OnnxGraph) {
        continue;
      }
      String shown = value.toString();
      if (shown.length() <= 40) {
        text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ");
        text.append(attribute.getKey()).append('=').append(shown);
      }
    }
    return text.append(')').toString();
  }

  InputException error(String message) {
    return InputException.about(label(), message);
  }

  private <T> T get(String attribute, Class<T> as, String what, T otherwise) {
    read.add(attribute);
    Object value = attributes.get(attribute);
    if (value == null) {
      return otherwise;
    }
    if (!as.isInstance(value)) {
      throw error("has an attribute '" + attribute + "' that is no " + what);
    }
    return as.cast(value);
  }

  long integer(String attribute, long otherwise) {
    return get(attribute, Long.class, "whole number", otherwise);
  }

  int size(String attribute, long otherwise, int least) {
    long value = integer(attribute, otherwise);
    if (value < least || value > Integer.MAX_VALUE) {
      throw error("has the attribute '" + attribute + "' " + value);
    }
    return (int) value;
  }

  boolean flag(String attribute, boolean otherwise) {
    return integer(attribute, otherwise ? 1 : 0) != 0;
  }

  /** A number, as exact as its shortest decimal notation: 0.1 rather than 0.10000000149. */
  double number(String attribute, double otherwise) {
    Float value = get(attribute, Float.class, "number", null);
    return value == null ? otherwise : Double.parseDouble(value.toString());
  }

  String text(String attribute, String otherwise) {
    return get(attribute, String.class, "text", otherwise);
  }

  /** One of two words, the first of which is meant if there is no such attribute. */
  String oneOf(String attribute, String otherwise, String other) {
    String word = text(attribute, otherwise);
    if (!word.equals(otherwise) && !word.equals(other)) {
      throw error(
          "has the " + attribute + " '" + word + "'; it is '" + otherwise + "' or '" + other + "'");
    }
    return word;
  }

  OnnxTensor tensor(String attribute) {
    return get(attribute, OnnxTensor.class, "tensor", null);
  }

  OnnxGraph graph(String attribute) {
    return get(attribute, OnnxGraph.class, "graph", null);
  }

  /** Whole numbers; null if there is no such attribute. */
  long[] integers(String attribute) {
    List<?> values = get(attribute, List.class, "list of whole numbers", null);
    if (values == null) {
      return null;
    }
    long[] integers = new long[values.size()];
    for (int i = 0; i < integers.length; i++) {
      if (!(values.get(i) instanceof Long value)) {
        throw error("has an attribute '" + attribute + "' that is no list of whole numbers");
      }
      integers[i] = value;
    }
    return integers;
  }

  /**
   * Sizes, one for each of so many axes.
   *
   * @param otherwise what each is if there is no such attribute
   * @param least the smallest that is allowed
   */
  int[] sizes(String attribute, int count, int otherwise, int least) {
    long[] given = integers(attribute);
    int[] sizes = new int[count];
    Arrays.fill(sizes, otherwise);
    if (given == null) {
      return sizes;
    }
    if (given.length != count) {
      throw error("has " + given.length + " numbers in '" + attribute + "' but needs " + count);
    }
    for (int i = 0; i < count; i++) {
      if (given[i] < least || given[i] > Integer.MAX_VALUE) {
        throw error("has " + given[i] + " in '" + attribute + "'");
      }
      sizes[i] = (int) given[i];
    }
    return sizes;
  }

  /** Numbers; null if there is no such attribute. */
  double[] numbers(String attribute) {
    List<?> values = get(attribute, List.class, "list of numbers", null);
    if (values == null) {
      return null;
    }
    double[] numbers = new double[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(values.get(i) instanceof Float value)) {
        throw error("has an attribute '" + attribute + "' that is no list of numbers");
      }
      numbers[i] = Double.parseDouble(value.toString());
    }
    return numbers;
  }

  /** Texts; null if there is no such attribute. */
  List<String> texts(String attribute) {
    List<?> values = get(attribute, List.class, "list of texts", null);
    if (values == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof String text)) {
        throw error("has an attribute '" + attribute + "' that is no list of texts");
      }
      texts.add(text);
    }
    return texts;
  }
}
