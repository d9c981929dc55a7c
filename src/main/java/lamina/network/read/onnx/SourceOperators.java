package lamina.network.read.onnx;

import java.util.Arrays;
import java.util.List;
import lamina.format.OnnxTensor;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** Operators that give tensors of their own, or what they take. */
final class SourceOperators {
  private SourceOperators() {}

  /** In evaluation nothing is dropped: the output is the input, the mask all ones. */
  static void dropout(Operator op) {
    op.put(0, op.input(0));
    if (op.wants(1)) {
      Shape shape = op.shape(0);
      op.put(
          1,
          Value.constant(
              op.node().outputs().get(1),
              shape,
              true,
              () -> Tensor.filled(DType.INT64, 1, shape.sizes())));
    }
  }

  static void constant(Operator op) {
    OnnxNode node = op.node();
    String name = node.outputs().get(0);
    if (node.has("value")) {
      op.put(0, op.walk().constant(name, node.tensor("value")));
    } else if (node.has("value_float")) {
      op.put(0, numbers(op, new double[] {node.number("value_float", 0)}));
    } else if (node.has("value_floats")) {
      double[] values = node.numbers("value_floats");
      op.put(0, numbers(op, values, values.length));
    } else if (node.has("value_int")) {
      long[] value = {node.integer("value_int", 0)};
      op.put(0, Value.constant(name, Shape.of(), true, () -> Tensor.of(value)));
    } else if (node.has("value_ints")) {
      long[] values = node.integers("value_ints");
      Shape shape = Shape.of(values.length);
      op.put(0, Value.constant(name, shape, true, () -> Tensor.of(values, values.length)));
    } else {
      throw op.unresolved("has no value that is read: strings and sparse tensors are not");
    }
  }

  private static Value numbers(Operator op, double[] values, int... shape) {
    return Value.constant(
        op.node().outputs().get(0),
        Shape.of(shape),
        false,
        () -> Tensor.of(values, shape).as(op.walk().dtype()));
  }

  /** A tensor of one value, zero if none is given, in the shape that the input names. */
  static void constantOfShape(Operator op) {
    List<Dim> sizes = op.sizes(0);
    for (Dim size : sizes) {
      if (size.isNumber() && size.value() < 0) {
        throw op.error("wants the size " + size);
      }
    }
    Shape shape = new Shape(sizes);
    OnnxTensor given = op.node().tensor("value");
    boolean isInteger = given != null && given.natural() == DType.INT64;
    DType type = isInteger ? DType.INT64 : op.walk().dtype();
    Tensor value = given == null ? Tensor.zeros(type) : given.tensor(type);
    if (value.size() != 1) {
      throw op.error("fills with one value, but has " + value.size());
    }
    String name = op.node().outputs().get(0);
    if (!shape.isNumber()) {
      throw op.unresolved("has a shape that is not known");
    }
    op.put(0, Value.constant(name, shape, isInteger, () -> filled(value, shape)));
  }

  private static Tensor filled(Tensor value, Shape shape) {
    Tensor tensor = Tensor.zeros(value.dtype(), shape.sizes());
    switch (value.dtype()) {
      case FLOAT64 -> Arrays.fill(tensor.doubles(), value.doubles()[0]);
      case FLOAT32 -> Arrays.fill(tensor.floats(), value.floats()[0]);
      case INT64 -> Arrays.fill(tensor.longs(), value.longs()[0]);
    }
    return tensor;
  }
}
