package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Cast;
import lamina.layer.Clip;
import lamina.layer.Conv;
import lamina.layer.ElementFunction;
import lamina.layer.Elementwise;
import lamina.layer.Layer;
import lamina.layer.MatMul;
import lamina.layer.Pick;
import lamina.layer.Reduce;
import lamina.layer.Reshape;
import lamina.op.BinaryFunction;
import lamina.op.Reductions;
import lamina.op.UnaryFunction;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/**
 * Whole numbers of few bits that stand for numbers, {@code (q − zero) · scale}. Their sums are
 * exact: products of matrices are computed in 64 bits, convolutions in float64.
 */
final class QuantizedOperators {
  private QuantizedOperators() {}

  private static final Layer SUB = new Elementwise("Sub", BinaryFunction.SUB);
  private static final Layer MUL = new Elementwise("Mul", BinaryFunction.MUL);
  private static final Layer DIV = new Elementwise("Div", BinaryFunction.DIV);
  private static final Layer ADD = new Elementwise("Add", BinaryFunction.ADD);

  private static Value number(Operator op, String suffix, Value value) {
    Cast cast = new Cast(Cast.Kind.NUMBER, op.walk().dtype());
    return value.isInteger() ? op.typed(suffix, false, cast, value) : value;
  }

  /**
   * Scales or zeros in a shape that stretches to the tensor that they are for.
   *
   * @param axis the axis that they count, if there are several
   */
  private static Value aligned(Operator op, String suffix, Value value, Shape shape, int axis) {
    Shape own = Walk.shape(value);
    if (own.elements().is(1)) {
      return own.rank() == 0
          ? value
          : op.between(suffix, new Reshape("Reshape", Shape.of()), value);
    }
    OnnxNode node = op.node();
    if (shape.rank() == 0) {
      throw op.error("needs one number in '" + value.name() + "' for a scalar, not " + own);
    }
    long block = node.integer("block_size", 0);
    if (own.rank() == shape.rank() && own.rank() > 1) {
      return blocks(op, suffix, value, shape, axis, block);
    }
    boolean fits =
        own.rank() == 1 && (own.equals(Shape.of(1)) || own.dim(0).equals(shape.dim(axis)));
    if (!fits && shape.dim(axis).isNumber()) {
      throw op.error(
          "needs one number in '"
              + value.name()
              + "' or one for each of "
              + shape.dim(axis)
              + " entries of axis "
              + axis
              + ", not "
              + own);
    }
    List<Dim> dims = new ArrayList<>(Collections.nCopies(shape.rank(), Dim.ONE));
    dims.set(axis, own.dim(0));
    return op.between(suffix, new Reshape("Reshape", new Shape(dims)), value);
  }

  /** Since opset 21: a number for each block of an axis. */
  private static Value blocks(
      Operator op, String suffix, Value value, Shape shape, int axis, long block) {
    Dim size = shape.dim(axis);
    if (!size.isNumber() || block < 1) {
      throw op.unresolved("has blocks whose size is not known");
    }
    if (!value.shape().dim(axis).is(-Math.floorDiv(-size.value(), block))) {
      throw op.error("has blocks of " + block + " but " + value.shape() + " scales for " + shape);
    }
    int[][] picks = new int[shape.rank()][];
    picks[axis] = new int[(int) size.value()];
    for (int i = 0; i < picks[axis].length; i++) {
      picks[axis][i] = (int) (i / block);
    }
    Shape repeated = value.shape().with(axis, size);
    return op.between(suffix, new Pick("Repeat", repeated, picks, 0), value);
  }

  private static int axis(Operator op, int otherwise) {
    int rank = op.rank(0);
    long given = op.node().integer("axis", otherwise);
    return rank == 0 || given >= rank ? 0 : op.axis(given, rank);
  }

  /** The nearest whole number of a kind, halves to the even one, after a shift. */
  private static void rounded(Operator op, int output, Value x, Value zero, int type) {
    Cast cast = PointwiseOperators.cast(op, type, true);
    if (cast.format() != null) {
      // The zero of such numbers is 0.
      op.emit(output, cast, List.of(x), Map.of(), false);
      return;
    }
    int bits =
        switch (cast.kind()) {
          case UINT2, INT2 -> 2;
          case UINT4, INT4 -> 4;
          case UINT8, INT8 -> 8;
          case UINT16, INT16 -> 16;
          default -> throw op.unresolved("makes the data type " + type + ", which is not known");
        };
    boolean isSigned = cast.kind().cut(-1) == -1;
    long least = isSigned ? -(1L << (bits - 1)) : 0;
    long most = least + (1L << bits) - 1;
    Value whole =
        op.between("/round" + output, new ElementFunction("Round", UnaryFunction.ROUND), x);
    if (zero != null) {
      whole = op.between("/shifted" + output, ADD, whole, zero);
    }
    Value bounded = op.between("/bounded" + output, new Clip(least, most), whole);
    op.emit(output, cast, List.of(bounded), Map.of(), true);
  }

  static void quantize(Operator op) {
    Shape shape = op.shape(0);
    int axis = axis(op, 1);
    Value scale = aligned(op, "/scale", op.input(1), shape, axis);
    Value zero = zero(op, 2, shape, axis);
    int ofZero = op.elementType(2);
    int type = ofZero != 0 ? ofZero : op.node().size("output_dtype", ElementTypes.UINT8, 0);
    Value x = number(op, "/x", op.input(0));
    rounded(op, 0, quotient(op, x, scale), zero, type == 0 ? ElementTypes.UINT8 : type);
  }

  /** In float32, as everybody divides: it decides which way halves go. */
  private static Value quotient(Operator op, Value x, Value scale) {
    Cast single = new Cast(Cast.Kind.NUMBER, DType.FLOAT32);
    Value dividend = op.typed("/single", false, single, x);
    Value divisor = op.typed("/singleScale", false, single, scale);
    Value quotient = op.between("/quotient", DIV, dividend, divisor);
    return op.typed("/scaled", false, new Cast(Cast.Kind.NUMBER, op.walk().dtype()), quotient);
  }

  /** A zero as a number; null if it is left out. */
  private static Value zero(Operator op, int index, Shape shape, int axis) {
    Value zero = op.optional(index);
    return zero == null
        ? null
        : number(op, "/zero" + index, aligned(op, "/z" + index, zero, shape, axis));
  }

  static void dequantize(Operator op) {
    Shape shape = op.shape(0);
    int axis = axis(op, 1);
    Value scale = aligned(op, "/scale", op.input(1), shape, axis);
    Value x = number(op, "/x", op.input(0));
    Value zero = zero(op, 2, shape, axis);
    Value off = zero == null ? x : op.between("/off", SUB, x, zero);
    op.emit(MUL, off, scale);
  }

  /** To uint8, with the scale and the zero that the elements themselves ask for. */
  static void dynamic(Operator op) {
    boolean[] all = new boolean[op.rank(0)];
    Arrays.fill(all, true);
    Value x = op.input(0);
    Value none = op.number("/none", 0);
    Value greatest = op.between("/max", new Reduce("ReduceMax", Reductions.MAX, all, false), x);
    Value least = op.between("/min", new Reduce("ReduceMin", Reductions.MIN, all, false), x);
    Value high = op.between("/high", new Elementwise("Max", BinaryFunction.MAX), greatest, none);
    Value low = op.between("/low", new Elementwise("Min", BinaryFunction.MIN), least, none);
    Value range = op.between("/range", SUB, high, low);
    Value scale = op.between("/scale", DIV, range, op.number("/steps", 255));
    Value zero = op.between("/zero", DIV, op.between("/below", SUB, none, low), scale);
    Value whole = op.between("/whole", new ElementFunction("Round", UnaryFunction.ROUND), zero);
    Value bounded = op.between("/zeroBounded", new Clip(0, 255), whole);
    rounded(op, 0, quotient(op, x, scale), bounded, ElementTypes.UINT8);
    if (op.wants(1)) {
      op.put(1, scale);
    }
    if (op.wants(2)) {
      Cast cast = new Cast(Cast.Kind.UINT8, op.walk().dtype());
      op.emit(2, cast, List.of(bounded), Map.of(), true);
    }
  }

  /** A matrix less its zeros: one for all, or one for each row or column. */
  private static Value centred(Operator op, String suffix, int index, int zero, boolean byRow) {
    Value x = op.input(index);
    Value z = op.optional(zero);
    if (z == null) {
      return x;
    }
    Shape own = Walk.shape(z);
    if (own.rank() == 1 && !own.dim(0).is(1) && byRow) {
      z = ControlOperators.unsqueezed(op, suffix + "/rows", z, 1);
    }
    return op.between(suffix, SUB, x, z);
  }

  static void matMulInteger(Operator op) {
    Value a = centred(op, "/a", 0, 2, true);
    Value b = centred(op, "/b", 1, 3, false);
    op.emit(new MatMul(), a, b);
  }

  static void matMul(Operator op) {
    Value a = centred(op, "/a", 0, 2, true);
    Value b = centred(op, "/b", 3, 5, false);
    Value product = number(op, "/numbers", op.between("/product", new MatMul(), a, b));
    Value scaleA = op.input(1);
    if (Walk.shape(scaleA).rank() == 1 && !scaleA.shape().dim(0).is(1)) {
      scaleA = ControlOperators.unsqueezed(op, "/rows", scaleA, 1);
    }
    Value scale = op.between("/scales", MUL, scaleA, op.input(4));
    Value factor = op.between("/factor", DIV, scale, op.input(6));
    Value y = op.between("/scaled", MUL, product, factor);
    rounded(op, 0, y, number(op, "/zero", op.input(7)), op.elementType(7));
  }

  /** The convolution of whole numbers less their zeros, as exact numbers. */
  private static Value convolution(
      Operator op, int kernel, int zeroOfX, int zeroOfKernel, int bias) {
    Cast exact = new Cast(Cast.Kind.NUMBER, DType.FLOAT64);
    Value x = op.input(0);
    if (op.optional(zeroOfX) != null) {
      Value zero = aligned(op, "/zeroOfX", op.input(zeroOfX), op.shape(0), 1);
      x = op.between("/centred", SUB, x, zero);
    }
    Value w = op.input(kernel);
    if (op.optional(zeroOfKernel) != null) {
      Value zero = aligned(op, "/zeroOfKernel", op.input(zeroOfKernel), op.shape(kernel), 0);
      w = op.between("/kernel", SUB, w, zero);
    }
    Map<String, Value> weights = new LinkedHashMap<>();
    weights.put("weight", op.typed("/weight", false, exact, w));
    if (bias > 0 && op.optional(bias) != null) {
      weights.put("bias", op.typed("/bias", false, exact, op.input(bias)));
    }
    Conv conv = WindowOperators.layer(op, op.shape(kernel), weights.containsKey("bias"));
    return op.between("/sums", conv, weights, op.typed("/exact", false, exact, x));
  }

  static void convInteger(Operator op) {
    Value sums = convolution(op, 1, 2, 3, 0);
    op.emit(0, new Cast(Cast.Kind.INT32, DType.FLOAT64), List.of(sums), Map.of(), true);
  }

  static void conv(Operator op) {
    Value sums = convolution(op, 3, 2, 5, 8);
    Value y = op.typed("/numbers", false, new Cast(Cast.Kind.NUMBER, op.walk().dtype()), sums);
    Value scale = op.between("/scales", MUL, op.input(1), op.input(4));
    Value factor = op.between("/factor", DIV, scale, op.input(6));
    Value scaled = op.between("/scaled", MUL, y, aligned(op, "/f", factor, y.shape(), 1));
    rounded(op, 0, scaled, number(op, "/zero", op.input(7)), op.elementType(7));
  }
}
