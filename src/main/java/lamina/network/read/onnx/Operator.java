package lamina.network.read.onnx;

import java.util.List;
import java.util.Map;
import lamina.layer.Layer;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** A node on the walk: its inputs as values, its attributes, and where its outputs go. */
final class Operator {
  private final Walk walk;
  private final OnnxNode node;

  Operator(Walk walk, OnnxNode node) {
    this.walk = walk;
    this.node = node;
  }

  Walk walk() {
    return walk;
  }

  OnnxNode node() {
    return node;
  }

  int opset() {
    return walk.opset();
  }

  /** How many inputs it names, left out ones among them. */
  int count() {
    return node.inputs().size();
  }

  /** An input; null if it is left out. */
  Value optional(int index) {
    return walk.value(node, index);
  }

  /** An input that must be there. */
  Value input(int index) {
    Value value = walk.value(node, index);
    if (value == null) {
      throw node.error("needs its input " + (index + 1));
    }
    if (value.items() != null || value.isNone()) {
      throw node.error(
          "takes a tensor, but '"
              + value.name()
              + (value.isNone() ? "' is an optional value without one" : "' is a sequence"));
    }
    return value;
  }

  /** An input that must be there, a tensor or a sequence. */
  Value whole(int index) {
    Value value = walk.value(node, index);
    return value == null ? input(index) : value;
  }

  /** An input that is a sequence. */
  List<Value> items(int index) {
    Value value = walk.value(node, index);
    if (value == null || value.items() == null) {
      throw node.error(
          "needs a sequence of tensors"
              + (value == null ? "" : ", but takes '" + value.name() + "'"));
    }
    return value.items();
  }

  /** The data type of an input by ONNX's number; 0 if it is unknown or left out. */
  int elementType(int index) {
    return index < count() ? walk.type(node.inputs().get(index)) : 0;
  }

  Shape shape(int index) {
    return Walk.shape(input(index));
  }

  int rank(int index) {
    return shape(index).rank();
  }

  /** Whether an output is there and somebody takes it. */
  boolean wants(int output) {
    return output < node.outputs().size() && walk.isUsed(node.outputs().get(output));
  }

  /** An input that decides what the layer is. */
  Tensor elements(int index) {
    return walk.elements(node, input(index));
  }

  /** Whole numbers of an input that decides what the layer is; null if it is left out. */
  long[] integers(int index) {
    Value value = optional(index);
    if (value == null) {
      return null;
    }
    Tensor tensor = walk.elements(node, value);
    if (!value.isInteger()) {
      throw node.error("takes whole numbers as '" + value.name() + "'");
    }
    return tensor.longs();
  }

  /**
   * Sizes of an input, which may have symbols; null if it is left out.
   *
   * @throws Unresolved if nothing is known of them
   */
  List<Dim> sizes(int index) {
    Value value = optional(index);
    if (value == null) {
      return null;
    }
    List<Dim> known = value.knownContents();
    if (known != null) {
      return known;
    }
    integers(index);
    throw new IllegalStateException("integers without contents");
  }

  /** Sizes of an input that must be there. */
  List<Dim> neededSizes(int index) {
    input(index);
    return sizes(index);
  }

  /** Whole numbers of an attribute, or since an opset of an input; null if there are none. */
  long[] integers(String attribute, int index, int sinceOpset) {
    return opset() >= sinceOpset && !node.has(attribute)
        ? integers(index)
        : node.integers(attribute);
  }

  /** A number of an input. */
  double number(int index, double otherwise) {
    Value value = optional(index);
    if (value == null) {
      return otherwise;
    }
    Tensor tensor = walk.elements(node, value);
    if (tensor.size() != 1) {
      throw node.error("takes one number as '" + value.name() + "', not " + tensor.size());
    }
    return tensor.get(0);
  }

  /** An axis counted from the first. */
  int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new InputException("has the axis " + axis + " for an input of " + rank + " axes");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  Value emit(Layer layer, Value... operands) {
    return emit(0, layer, List.of(operands), Map.of(), isInteger(operands));
  }

  Value emit(Layer layer, Map<String, Value> parameters, Value operand) {
    return emit(0, layer, List.of(operand), parameters, false);
  }

  Value emit(
      int output,
      Layer layer,
      List<Value> operands,
      Map<String, Value> parameters,
      boolean isInteger) {
    return walk.emit(new LayerOutput(node, output, layer, operands, parameters, isInteger));
  }

  /** A step on the way to the output. */
  Value between(String suffix, Layer layer, Value... operands) {
    return walk.emit(
        new LayerOutput(
            node.part(suffix), 0, layer, List.of(operands), Map.of(), isInteger(operands)));
  }

  /** A step on the way to the output that has weights. */
  Value between(String suffix, Layer layer, Map<String, Value> parameters, Value operand) {
    return walk.emit(
        new LayerOutput(node.part(suffix), 0, layer, List.of(operand), parameters, false));
  }

  /** A step that gives whole numbers, or numbers, whatever it takes. */
  Value typed(String suffix, boolean isInteger, Layer layer, Value... operands) {
    return walk.emit(
        new LayerOutput(node.part(suffix), 0, layer, List.of(operands), Map.of(), isInteger));
  }

  /** A constant tensor that no node of the file gives. */
  Value constant(String suffix, Tensor tensor) {
    boolean isInteger = tensor.dtype() == DType.INT64;
    return Value.constant(
        node.outputs().get(0) + suffix,
        Shape.of(tensor.shape()),
        isInteger,
        () -> isInteger ? tensor : tensor.as(walk.dtype()));
  }

  /** A constant that no node of the file gives. */
  Value number(String suffix, double value, int... shape) {
    return Value.constant(
        node.outputs().get(0) + suffix,
        Shape.of(shape),
        false,
        () -> Tensor.filled(walk.dtype(), value, shape));
  }

  private static boolean isInteger(Value... operands) {
    for (Value operand : operands) {
      if (!operand.isInteger()) {
        return false;
      }
    }
    return true;
  }

  /** Says what an output is that needs no layer. */
  void put(int output, Value value) {
    walk.put(node.outputs().get(output), value);
  }

  Unresolved unresolved(String why, Shape shape) {
    return new Unresolved(why, shape);
  }

  Unresolved unresolved(String why) {
    return new Unresolved(why);
  }

  InputException error(String message) {
    return node.error(message);
  }
}
