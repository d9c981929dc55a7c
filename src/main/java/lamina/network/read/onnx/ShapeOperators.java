package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Concat;
import lamina.layer.Reshape;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** Operators that move elements, and the arithmetic on shapes. */
final class ShapeOperators {
  private ShapeOperators() {}

  /** All axes before the given one become one, and all others another. */
  static void flatten(Operator op) {
    Shape shape = op.shape(0);
    long given = op.node().integer("axis", 1);
    int axis = given == shape.rank() ? shape.rank() : op.axis(given, Math.max(1, shape.rank()));
    List<Dim> dims = new ArrayList<>();
    dims.add(new Shape(shape.dims().subList(0, axis)).elements());
    dims.add(new Shape(shape.dims().subList(axis, shape.rank())).elements());
    op.emit(new Reshape("Flatten", new Shape(dims)), op.input(0));
  }

  /** A size of 0 is the input's, unless allowzero is set; -1 follows from the others. */
  static void reshape(Operator op) {
    Shape shape = op.shape(0);
    List<Dim> wanted = op.sizes(1);
    boolean allowZero = op.node().flag("allowzero", false);
    List<Dim> dims = new ArrayList<>();
    int open = -1;
    for (int axis = 0; axis < wanted.size(); axis++) {
      Dim size = wanted.get(axis);
      if (size.is(0) && !allowZero) {
        if (axis >= shape.rank()) {
          throw op.error("keeps the size of axis " + axis + ", which " + shape + " has not");
        }
        size = shape.dim(axis);
      } else if (size.is(-1)) {
        if (open >= 0) {
          throw op.error("leaves two sizes open: " + wanted);
        }
        open = axis;
        size = Dim.ONE;
      } else if (size.isNumber() && size.value() < 0) {
        throw op.error("wants the size " + size);
      }
      dims.add(size);
    }
    if (open >= 0) {
      dims.set(open, rest(op, shape, dims));
    }
    op.emit(new Reshape("Reshape", new Shape(dims)), op.input(0));
  }

  /** What the other sizes leave of all elements. */
  private static Dim rest(Operator op, Shape shape, List<Dim> others) {
    List<Dim> left = new ArrayList<>(shape.dims());
    Dim divisor = Dim.ONE;
    for (Dim dim : others) {
      if (!left.remove(dim)) {
        divisor = divisor.times(dim);
      }
    }
    Dim elements = new Shape(left).elements();
    if (divisor.equals(elements)) {
      return Dim.ONE;
    }
    if (!divisor.isNumber()) {
      throw op.unresolved("has a size that does not follow from " + shape);
    }
    if (divisor.is(0)) {
      return Dim.ZERO;
    }
    if (elements.isNumber() && elements.value() % divisor.value() != 0) {
      throw op.error("cannot share the elements of " + shape + " out among rows of " + divisor);
    }
    return elements.floorDiv(divisor.value());
  }

  static void concat(Operator op) {
    int axis = op.axis(op.node().integer("axis", 1), op.rank(0));
    Value[] operands = new Value[op.count()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = op.input(i);
    }
    if (operands.length == 1) {
      op.put(0, operands[0]);
      return;
    }
    op.emit(new Concat(axis), operands);
  }
}
