package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lamina.layer.Cast;
import lamina.layer.Layer;
import lamina.layer.Overflow;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * An output of a node that a layer gives.
 *
 * @param output which of the node's outputs
 * @param plain the layer before what it gives is cut to a narrow type
 * @param layer the layer that gives it
 * @param operands what flows into the layer
 * @param parameters the layer's weights by the names that it gives them
 */
record LayerOutput(
    OnnxNode node,
    int output,
    Layer plain,
    Layer layer,
    List<Value> operands,
    Map<String, Value> parameters,
    boolean isInteger) {

  LayerOutput(
      OnnxNode node,
      int output,
      Layer layer,
      List<Value> operands,
      Map<String, Value> parameters,
      boolean isInteger) {
    this(node, output, layer, layer, operands, parameters, isInteger);
  }

  /** The same, cut to the range of a narrow type. */
  LayerOutput cut(Cast.Kind narrow) {
    Layer cut = Overflow.of(plain, narrow);
    return new LayerOutput(node, output, plain, cut, operands, parameters, isInteger);
  }

  /** The name of the value that it is. */
  String name() {
    return node.outputs().get(output);
  }

  /** What the part should be called that gives it. */
  String partName() {
    return output == 0 && !node.name().isEmpty() ? node.name() : name();
  }

  Shape shape() {
    List<Shape> shapes = new ArrayList<>();
    operands.forEach(operand -> shapes.add(Walk.shape(operand)));
    return LayerValues.shape(layer, shapes);
  }

  /** Whether all that the layer takes is constant. */
  boolean isConstant() {
    return operands.stream().allMatch(Value::isConstant)
        && parameters.values().stream().allMatch(Value::isConstant);
  }

  /** Whether it repeats a weight: then it is a part of the network, through which gradients go. */
  boolean repeatsWeight() {
    return node.type().equals("Expand") && operands.get(0).isParameter() && !isInteger;
  }

  /** The inputs of the network that it depends on. */
  BitSet origins() {
    BitSet origins = new BitSet();
    operands.forEach(operand -> origins.or(operand.origins()));
    parameters.values().forEach(parameter -> origins.or(parameter.origins()));
    return origins;
  }

  /** The value that it is where all that the layer takes is constant. */
  Value constant(Shape shape) {
    Supplier<Tensor> elements = () -> LayerValues.computed(node, layer, operands, parameters);
    Value value = Value.constant(name(), shape, isInteger, elements);
    // A weight in another order is a weight.
    boolean isWeight =
        operands.size() == 1
            && operands.get(0).isParameter()
            && shape.elements().equals(operands.get(0).shape().elements());
    return isWeight ? value.asParameter() : value;
  }

  /** The elements with the symbols of the inputs' sizes in them; null if they are not known. */
  List<Dim> symbolicElements() {
    return parameters.isEmpty() ? SymbolicElements.of(plain, operands) : null;
  }
}
