package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Concat;
import lamina.layer.Permute;
import lamina.layer.Pick;
import lamina.layer.Reshape;
import lamina.op.Broadcast;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
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
    List<Dim> wanted = op.neededSizes(1);
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

  /** The size of the axis that is left open, which the other sizes decide. */
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
    for (Value operand : operands) {
      if (operand.isInteger() != operands[0].isInteger()) {
        throw op.error("joins whole numbers and numbers: '" + operand.name() + "'");
      }
    }
    op.emit(new Concat(axis), operands);
  }

  /** Drops the axes that are given, or all of size 1. */
  static void squeeze(Operator op) {
    Shape shape = op.shape(0);
    long[] axes = op.integers("axes", 1, 13);
    boolean[] goes = new boolean[shape.rank()];
    if (axes == null) {
      for (int axis = 0; axis < goes.length; axis++) {
        goes[axis] = shape.dim(axis).is(1);
      }
    } else {
      for (long axis : axes) {
        goes[op.axis(axis, shape.rank())] = true;
      }
    }
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < goes.length; axis++) {
      if (!goes[axis]) {
        dims.add(shape.dim(axis));
      } else if (shape.dim(axis).isNumber() && !shape.dim(axis).is(1)) {
        throw op.error("takes away axis " + axis + " of " + shape + ", which is not of size 1");
      }
    }
    op.emit(new Reshape("Squeeze", new Shape(dims)), op.input(0));
  }

  /** Adds axes of size 1, at places counted in the output. */
  static void unsqueeze(Operator op) {
    Shape shape = op.shape(0);
    long[] axes = op.integers("axes", 1, 13);
    if (axes == null) {
      throw op.error("needs axes");
    }
    int rank = shape.rank() + axes.length;
    boolean[] isNew = new boolean[rank];
    for (long axis : axes) {
      int at = op.axis(axis, rank);
      if (isNew[at]) {
        throw op.error("puts in axis " + at + " twice");
      }
      isNew[at] = true;
    }
    List<Dim> dims = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      dims.add(isNew[axis] ? Dim.ONE : shape.dim(next++));
    }
    op.emit(new Reshape("Unsqueeze", new Shape(dims)), op.input(0));
  }

  static void transpose(Operator op) {
    int rank = op.rank(0);
    long[] given = op.node().integers("perm");
    int[] axes = new int[rank];
    boolean[] seen = new boolean[rank];
    if (given != null && given.length != rank) {
      throw op.error("needs an order of " + rank + " axes, not of " + given.length);
    }
    for (int i = 0; i < rank; i++) {
      axes[i] = given == null ? rank - 1 - i : op.axis(given[i], rank);
      if (seen[axes[i]]) {
        throw op.error("names axis " + axes[i] + " twice");
      }
      seen[axes[i]] = true;
    }
    op.emit(new Permute(axes), op.input(0));
  }

  /** The sizes of the input, or of some of its axes, as numbers or symbols. */
  static void shape(Operator op) {
    List<Dim> dims = op.shape(0).dims();
    int rank = dims.size();
    int start = bound(op.node().integer("start", 0), rank);
    int end = bound(op.node().integer("end", rank), rank);
    putSizes(op, Shape.of(Math.max(0, end - start)), dims.subList(start, Math.max(start, end)));
  }

  private static int bound(long given, int rank) {
    return (int) Math.min(Math.max(given < 0 ? given + rank : given, 0), rank);
  }

  static void size(Operator op) {
    putSizes(op, Shape.of(), List.of(op.shape(0).elements()));
  }

  private static void putSizes(Operator op, Shape shape, List<Dim> sizes) {
    op.put(0, Value.ofSizes(op.node().outputs().get(0), shape, sizes, op.input(0).origins()));
  }

  /**
   * Repeats elements until the tensor has the shape that its own and the wanted one broadcast to.
   */
  static void expand(Operator op) {
    Shape target = Broadcast.shape(List.of(op.shape(0), new Shape(op.neededSizes(1))));
    stretch(op, target);
  }

  private static void stretch(Operator op, Shape target) {
    Shape shape = op.shape(0);
    List<Dim> dims = new ArrayList<>(shape.dims());
    while (dims.size() < target.rank()) {
      dims.add(0, Dim.ONE);
    }
    Value x = op.input(0);
    if (dims.size() > shape.rank()) {
      x = op.between("/aligned", new Reshape("Reshape", new Shape(dims)), x);
    }
    int[][] picks = new int[dims.size()][];
    for (int axis = 0; axis < picks.length; axis++) {
      if (dims.get(axis).is(1) && !target.dim(axis).is(1) && target.isNumber()) {
        picks[axis] = new int[(int) target.dim(axis).value()];
      }
    }
    op.emit(new Pick("Expand", target, target.isNumber() ? picks : null, 0), x);
  }

  static void tile(Operator op) {
    Shape shape = op.shape(0);
    long[] repeats = op.integers(1);
    if (repeats == null || repeats.length != shape.rank()) {
      throw op.error("needs a number of repeats for each axis of " + shape);
    }
    Shape target = shape;
    for (int axis = 0; axis < repeats.length; axis++) {
      if (repeats[axis] < 0) {
        throw op.error("repeats " + repeats[axis] + " times");
      }
      target = target.with(axis, shape.dim(axis).times(repeats[axis]));
    }
    int[][] picks = new int[shape.rank()][];
    if (target.isNumber()) {
      int[] sizes = target.sizes();
      Tensor.elements(sizes);
      for (int axis = 0; axis < picks.length; axis++) {
        if (repeats[axis] != 1) {
          picks[axis] = new int[sizes[axis]];
          for (int i = 0; i < sizes[axis]; i++) {
            picks[axis][i] = i % (int) shape.dim(axis).value();
          }
        }
      }
    }
    op.emit(new Pick("Tile", target, target.isNumber() ? picks : null, 0), op.input(0));
  }

  /**
   * Moves channels into blocks of space. Where in a block, the first channels' axes say, or the
   * last (CRD).
   */
  static void depthToSpace(Operator op) {
    Shape s = images(op);
    long block = op.node().size("blocksize", 0, 1);
    boolean columnsFirst = op.node().oneOf("mode", "DCR", "CRD").equals("CRD");
    Dim rest = divided(op, s.dim(1), block * block);
    Dim b = Dim.of(block);
    List<Dim> apart =
        columnsFirst
            ? List.of(s.dim(0), rest, b, b, s.dim(2), s.dim(3))
            : List.of(s.dim(0), b, b, rest, s.dim(2), s.dim(3));
    int[] order = columnsFirst ? new int[] {0, 1, 4, 2, 5, 3} : new int[] {0, 3, 4, 1, 5, 2};
    Value x = op.between("/apart", new Reshape("Reshape", new Shape(apart)), op.input(0));
    Value moved = op.between("/moved", new Permute(order), x);
    op.emit(
        new Reshape(
            "DepthToSpace",
            new Shape(List.of(s.dim(0), rest, s.dim(2).times(block), s.dim(3).times(block)))),
        moved);
  }

  static void spaceToDepth(Operator op) {
    Shape s = images(op);
    long block = op.node().size("blocksize", 0, 1);
    Dim b = Dim.of(block);
    Dim rows = divided(op, s.dim(2), block);
    Dim columns = divided(op, s.dim(3), block);
    List<Dim> apart = List.of(s.dim(0), s.dim(1), rows, b, columns, b);
    Value x = op.between("/apart", new Reshape("Reshape", new Shape(apart)), op.input(0));
    Value moved = op.between("/moved", new Permute(new int[] {0, 3, 5, 1, 2, 4}), x);
    op.emit(
        new Reshape(
            "SpaceToDepth",
            new Shape(List.of(s.dim(0), s.dim(1).times(block * block), rows, columns))),
        moved);
  }

  private static Shape images(Operator op) {
    if (op.rank(0) != 4) {
      throw op.error("needs an input (N, C, H, W), not " + op.shape(0));
    }
    return op.shape(0);
  }

  private static Dim divided(Operator op, Dim size, long divisor) {
    if (size.isNumber() && size.value() % divisor != 0) {
      throw op.error("needs a multiple of " + divisor + ", not " + size);
    }
    return size.floorDiv(divisor);
  }
}
