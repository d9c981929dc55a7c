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
    boolean isTraining = op.optional(2) != null && op.number(2, 0) != 0;
    if (isTraining && op.number(1, 0.5) != 0) {
      throw op.unresolved("is in training mode; export the model for evaluation");
    }
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
    List<Dim> sizes = op.neededSizes(0);
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
    if (shape.isNumber()) {
      op.put(0, Value.constant(name, shape, isInteger, () -> filled(value, shape)));
    } else {
      op.put(0, Value.ofShape(name, shape, isInteger));
    }
  }

  private static Tensor filled(Tensor value, Shape shape) {
    Tensor tensor = Tensor.unset(value.dtype(), shape.sizes());
    switch (value.dtype()) {
      case FLOAT64 -> Arrays.fill(tensor.doubles(), value.doubles()[0]);
      case FLOAT32 -> Arrays.fill(tensor.floats(), value.floats()[0]);
      case INT64 -> Arrays.fill(tensor.longs(), value.longs()[0]);
    }
    return tensor;
  }

  static void eyeLike(Operator op) {
    Shape shape = op.shape(0);
    long diagonal = op.node().integer("k", 0);
    int type = op.node().size("dtype", op.input(0).isInteger() ? 7 : 1, 0);
    boolean isInteger = type != 1 && type != 10 && type != 11 && type != 16;
    if (!shape.isNumber() || shape.rank() != 2) {
      throw op.unresolved("is of a shape that is not known");
    }
    DType dtype = isInteger ? DType.INT64 : op.walk().dtype();
    op.put(
        0,
        Value.constant(
            op.node().outputs().get(0),
            shape,
            isInteger,
            () -> diagonal(dtype, shape.sizes(), diagonal)));
  }

  private static Tensor diagonal(DType dtype, int[] shape, long diagonal) {
    Tensor ones = Tensor.zeros(DType.INT64, shape);
    for (int row = 0; row < shape[0]; row++) {
      long column = row + diagonal;
      if (column >= 0 && column < shape[1]) {
        ones.longs()[row * shape[1] + (int) column] = 1;
      }
    }
    return ones.as(dtype);
  }

  /** Numbers from a start up to a limit in equal steps. */
  static void range(Operator op) {
    List<Dim> limits = op.input(1).isInteger() ? op.input(1).knownContents() : null;
    boolean isOpen = limits != null && limits.size() == 1 && !limits.get(0).isNumber();
    if (isOpen && op.number(2, 1) == 1) {
      // As many as a size that has a symbol.
      Dim length = limits.get(0).minus(Dim.of((long) op.number(0, 0)));
      op.put(0, Value.ofShape(op.node().outputs().get(0), new Shape(List.of(length)), true));
      return;
    }
    double start = op.number(0, 0);
    double limit = op.number(1, 0);
    double step = op.number(2, 1);
    double count = Math.max(0, Math.ceil((limit - start) / step));
    if (step == 0 || Double.isNaN(count) || count > Tensor.MAX_ELEMENTS) {
      throw op.error("would go from " + start + " to " + limit + " in steps of " + step);
    }
    boolean isInteger = op.input(0).isInteger();
    DType type = isInteger ? DType.INT64 : op.walk().dtype();
    double[] values = new double[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = start + i * step;
    }
    op.put(
        0,
        Value.constant(
            op.node().outputs().get(0),
            Shape.of(values.length),
            isInteger,
            () -> Tensor.of(values, values.length).as(type)));
  }

  /** The indices of all elements other than 0, a column each. */
  static void nonZero(Operator op) {
    Tensor x = op.elements(0);
    int count = 0;
    for (int i = 0; i < x.size(); i++) {
      count += x.get(i) != 0 ? 1 : 0;
    }
    int rank = x.rank();
    int[] strides = Tensor.strides(x.shape());
    long[] indices = new long[Tensor.elements(rank, count)];
    int column = 0;
    for (int i = 0; i < x.size(); i++) {
      if (x.get(i) == 0) {
        continue;
      }
      for (int axis = 0; axis < rank; axis++) {
        indices[axis * count + column] = i / strides[axis] % x.dim(axis);
      }
      column++;
    }
    int found = count;
    op.put(
        0,
        Value.constant(
            op.node().outputs().get(0),
            Shape.of(rank, found),
            true,
            () -> Tensor.of(indices, rank, found)));
  }
}
