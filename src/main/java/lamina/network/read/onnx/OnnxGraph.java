package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import lamina.format.OnnxTensor;
import lamina.format.ProtoInput;
import lamina.layer.Cast;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** ONNX's GraphProto: nodes, the tensors that come with them, and what is said of values. */
final class OnnxGraph {
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
  private final List<Info> inputs = new ArrayList<>();
  private final List<Info> outputs = new ArrayList<>();
  private final Map<String, Info> values = new HashMap<>();
  private boolean hasSparse;

  /**
   * ONNX's ValueInfoProto.
   *
   * @param type the number of the elements' data type; 0 if it is unknown or neither tensors nor
   *     sequences of them
   * @param shape null if it is unknown; that of each tensor of a sequence
   * @param isOptional whether it may be not there
   * @param isSequence whether it is a sequence of tensors
   */
  record Info(String name, int type, Shape shape, boolean isOptional, boolean isSequence) {
    /** Whether it is a tensor and nothing else. */
    boolean isTensor() {
      return !isOptional && !isSequence;
    }

    /** Whether the elements are integers or truth values. */
    boolean isInteger() {
      return type != 0 && Cast.Kind.ofOnnx(type) != Cast.Kind.NUMBER;
    }
  }

  static OnnxGraph parse(ProtoInput in, OnnxTensor.Bytes bytes) {
    OnnxGraph graph = new OnnxGraph();
    in.fields(
        field -> {
          switch (field) {
            case 1 -> in.message(() -> graph.nodes.add(OnnxNode.parse(in, bytes)));
            case 5 -> in.message(() -> graph.addInitializer(in, bytes));
            case 11 -> in.message(() -> graph.inputs.add(info(in)));
            case 12 -> in.message(() -> graph.outputs.add(info(in)));
            case 13 ->
                in.message(
                    () -> {
                      Info info = info(in);
                      graph.values.put(info.name(), info);
                    });
            case 15 -> {
              graph.hasSparse = true;
              return false;
            }
            default -> {
              return false;
            }
          }
          return true;
        });
    if (graph.hasSparse) {
      throw in.error("has sparse initializers, which are not read; store them as dense tensors");
    }
    for (Info output : graph.outputs) {
      graph.values.putIfAbsent(output.name(), output);
    }
    return graph;
  }

  private void addInitializer(ProtoInput in, OnnxTensor.Bytes bytes) {
    OnnxTensor tensor = OnnxTensor.parse(in, bytes, in.name());
    if (initializers.put(tensor.name(), tensor) != null) {
      throw in.error("has two initializers '" + tensor.name() + "'");
    }
  }

  private static Info info(ProtoInput in) {
    String[] name = {""};
    long[] type = {0};
    List<Dim> dims = new ArrayList<>();
    boolean[] hasShape = {false};
    boolean[] isOptional = {false};
    boolean[] isSequence = {false};
    // TypeProto: a tensor, or a sequence or an optional value of another type.
    IntPredicate[] kinds = {null};
    kinds[0] =
        kind -> {
          if (kind == 1) {
            in.message(() -> tensorType(in, type, dims, hasShape));
            return true;
          }
          boolean wraps = kind == 4 || kind == 9;
          isSequence[0] |= kind == 4;
          isOptional[0] |= kind == 9;
          if (wraps) {
            in.message(() -> in.fields(part -> part == 1 && within(in, kinds[0])));
          }
          return wraps;
        };
    in.fields(
        field -> {
          if (field == 1) {
            name[0] = in.text();
            return true;
          }
          return field == 2 && within(in, kinds[0]);
        });
    List<Dim> known = new ArrayList<>();
    for (int axis = 0; axis < dims.size(); axis++) {
      known.add(dims.get(axis) == null ? symbol(name[0] + "_" + axis) : dims.get(axis));
    }
    Shape shape = hasShape[0] ? new Shape(known) : null;
    return new Info(name[0], (int) type[0], shape, isOptional[0], isSequence[0]);
  }

  /** Reads a message; true, so that it may stand where a field was read. */
  private static boolean within(ProtoInput in, IntPredicate fields) {
    in.message(() -> in.fields(fields));
    return true;
  }

  private static void tensorType(ProtoInput in, long[] type, List<Dim> dims, boolean[] hasShape) {
    in.fields(
        field -> {
          if (field == 1) {
            type[0] = in.integer();
            return true;
          }
          if (field != 2) {
            return false;
          }
          hasShape[0] = true;
          in.message(
              () ->
                  in.fields(
                      part -> {
                        if (part != 1) {
                          return false;
                        }
                        in.message(() -> dims.add(dim(in)));
                        return true;
                      }));
          return true;
        });
  }

  /** A size; null if the file leaves it open. */
  private static Dim dim(ProtoInput in) {
    Dim[] size = {null};
    in.fields(
        field -> {
          if (field == 1) {
            long value = in.integer();
            size[0] = value < 0 ? null : Dim.of(value);
          } else if (field == 2) {
            String text = in.text();
            size[0] = text.isBlank() ? null : symbol(text);
          } else {
            return false;
          }
          return true;
        });
    return size[0];
  }

  /** A symbol of a name that may have any characters: the others become underscores. */
  static Dim symbol(String name) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean isDigit = c >= '0' && c <= '9';
      if (plain.length() == 0 && !isLetter) {
        plain.append('n');
      }
      plain.append(isLetter || isDigit ? c : '_');
    }
    return Dim.symbol(plain.length() == 0 ? "n" : plain.toString());
  }

  /**
   * This graph with so many inputs in place of each that is a sequence or optional, and nodes that
   * join them.
   *
   * @param counts by the inputs' names; −1 for none
   */
  OnnxGraph unfolded(Map<String, Integer> counts) {
    OnnxGraph graph = new OnnxGraph();
    graph.initializers.putAll(initializers);
    graph.outputs.addAll(outputs);
    graph.values.putAll(values);
    for (Info input : inputs) {
      if (input.isTensor()) {
        graph.inputs.add(input);
        continue;
      }
      List<String> items = new ArrayList<>();
      for (int i = 0; i < counts.get(input.name()); i++) {
        String item = input.name() + "[" + i + "]";
        items.add(item);
        // Each may have another shape.
        graph.inputs.add(new Info(item, input.type(), null, false, false));
      }
      boolean isSequence = input.isSequence() && counts.get(input.name()) >= 0;
      String type = isSequence ? "SequenceConstruct" : "Optional";
      graph.nodes.add(OnnxNode.of(type, items, input.name()));
    }
    graph.nodes.addAll(nodes);
    return graph;
  }

  List<OnnxNode> nodes() {
    return nodes;
  }

  Map<String, OnnxTensor> initializers() {
    return initializers;
  }

  /** All inputs, also those that initializers give a value. */
  List<Info> inputs() {
    return inputs;
  }

  List<Info> outputs() {
    return outputs;
  }

  /** What the file says of a value between nodes; null if nothing. */
  Info info(String value) {
    return values.get(value);
  }
}
