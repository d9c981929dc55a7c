package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.PaddingMode;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.layer.Conv;
import lamina.layer.ConvTranspose;
import lamina.layer.GlobalPool;
import lamina.layer.Pool;
import lamina.layer.PoolIndices;
import lamina.layer.SamePadding;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** Convolutions and pooling. */
final class WindowOperators {
  private WindowOperators() {}

  static void conv(Operator op) {
    Shape weight = kernelShape(op);
    int groups = op.node().size("group", 1, 1);
    int out = size(op, weight.dim(0));
    if (out % groups != 0) {
      throw op.error("has " + groups + " groups, which do not divide " + out + " filters");
    }
    Window window = window(op, weight);
    int[] size = spatial(op);
    String pad = op.node().text("auto_pad", "NOTSET");
    SamePadding same = SamePadding.NO;
    if (pad.equals("SAME_UPPER") && size == null) {
      same = SamePadding.UPPER;
    } else if (pad.startsWith("SAME_")) {
      window = window.withSamePadding(known(op, size), pad.equals("SAME_LOWER"));
    }
    op.emit(
        new Conv(
            weight.dim(1).times(groups),
            out,
            window,
            same,
            groups,
            op.optional(2) != null,
            PaddingMode.ZEROS),
        weights(op),
        op.input(0));
  }

  static void convTranspose(Operator op) {
    Shape weight = kernelShape(op);
    int axes = weight.rank() - 2;
    int groups = op.node().size("group", 1, 1);
    int out = Math.multiplyExact(size(op, weight.dim(1)), groups);
    Window window = window(op, weight);
    int[] extra = op.node().sizes("output_padding", axes, 0, 0);
    String pad = op.node().text("auto_pad", "NOTSET");
    long[] wanted = op.node().integers("output_shape");
    if (wanted != null || pad.startsWith("SAME_")) {
      int[] before = new int[axes];
      int[] after = new int[axes];
      for (int axis = 0; axis < axes; axis++) {
        long stride = window.stride()[axis];
        int in = known(op, spatial(op))[axis];
        long output = wanted == null ? in * stride : wanted[wanted.length - axes + axis];
        long total = stride * (in - 1) + extra[axis] + window.span(axis) - output;
        if (total < 0) {
          extra[axis] = Math.toIntExact(extra[axis] - total);
          total = 0;
        }
        int less = (int) (total / 2);
        int more = (int) (total - less);
        // ONNX puts the odd one after the output only for SAME_UPPER.
        boolean upper = pad.equals("SAME_UPPER");
        before[axis] = upper ? less : more;
        after[axis] = upper ? more : less;
      }
      window = window.withPadding(before, after);
    }
    op.emit(
        new ConvTranspose(weight.dim(0), out, window, extra, groups, op.optional(2) != null),
        weights(op),
        op.input(0));
  }

  static void pool(Operator op) {
    OnnxNode node = op.node();
    long[] given = node.integers("kernel_shape");
    int axes = op.rank(0) - 2;
    if (given == null || given.length != axes) {
      throw op.error(
          "needs a 'kernel_shape' with a size for each spatial axis of the input " + op.shape(0));
    }
    checkAxes(op, axes);
    List<Dim> kernel = new ArrayList<>(op.shape(0).dims().subList(0, 2));
    for (int size : node.sizes("kernel_shape", axes, 1, 1)) {
      kernel.add(Dim.of(size));
    }
    Window window = window(op, new Shape(kernel));
    String pad = node.text("auto_pad", "NOTSET");
    boolean open = pad.equals("SAME_UPPER") && spatial(op) == null;
    SamePadding same = open ? SamePadding.UPPER : SamePadding.NO;
    if (pad.startsWith("SAME_") && !open) {
      window = window.withSamePadding(known(op, spatial(op)), pad.equals("SAME_LOWER"));
    }
    Pool.Kind kind =
        switch (node.type()) {
          case "MaxPool" -> Pool.Kind.MAX;
          case "AveragePool" -> Pool.Kind.AVERAGE;
          default -> Pool.Kind.ABSOLUTE_LP;
        };
    Rounding rounding = node.flag("ceil_mode", false) ? Rounding.CEIL : Rounding.FLOOR;
    boolean counted = node.flag("count_include_pad", false);
    double norm = kind == Pool.Kind.ABSOLUTE_LP ? node.integer("p", 2) : 0;
    if (op.wants(0)) {
      op.emit(new Pool(kind, window, rounding, same, counted, 0, norm), op.input(0));
    }
    if (op.wants(1)) {
      PoolIndices indices =
          new PoolIndices(window, rounding, node.integer("storage_order", 0) == 1);
      op.emit(1, indices, List.of(op.input(0)), Map.of(), true);
    }
  }

  static void globalPool(Operator op) {
    int axes = op.rank(0) - 2;
    if (axes < 1) {
      throw op.error("needs an input (N, C, spatial...), not " + op.shape(0));
    }
    checkAxes(op, axes);
    op.emit(new GlobalPool(op.node().type().equals("GlobalMaxPool"), axes, true), op.input(0));
  }

  private static void checkAxes(Operator op, int axes) {
    if (axes < 1 || axes > 3) {
      throw op.unresolved("has " + axes + " spatial axes; 1 to 3 are known");
    }
  }

  private static Map<String, Value> weights(Operator op) {
    Map<String, Value> weights = new LinkedHashMap<>();
    weights.put("weight", op.input(1));
    Value bias = op.optional(2);
    if (bias != null) {
      if (Walk.shape(bias).rank() != 1) {
        throw op.error("needs a bias of one axis, not " + bias.shape());
      }
      weights.put("bias", bias);
    }
    return weights;
  }

  private static Shape kernelShape(Operator op) {
    Shape weight = op.shape(1);
    if (!weight.isNumber()) {
      throw op.unresolved("has a kernel whose shape is not known");
    }
    checkAxes(op, weight.rank() - 2);
    if (op.rank(0) != weight.rank()) {
      throw op.error(
          "needs as many axes in its input as in its kernel " + weight + ", not " + op.shape(0));
    }
    for (Dim size : weight.dims()) {
      if (size.is(0)) {
        throw op.error("has the empty kernel " + weight);
      }
    }
    return weight;
  }

  private static int size(Operator op, Dim dim) {
    if (dim.value() > Integer.MAX_VALUE) {
      throw op.error("has a size of " + dim);
    }
    return (int) dim.value();
  }

  /** The window of a kernel {@code (., ., sizes...)} with the padding that attributes name. */
  private static Window window(Operator op, Shape kernel) {
    OnnxNode node = op.node();
    int axes = kernel.rank() - 2;
    int[] sizes = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      sizes[axis] = size(op, kernel.dim(axis + 2));
    }
    int[] stated = node.sizes("kernel_shape", axes, 1, 1);
    if (node.has("kernel_shape") && !java.util.Arrays.equals(stated, sizes)) {
      throw op.error(
          "has the kernel_shape "
              + java.util.Arrays.toString(stated)
              + " but the kernel "
              + kernel);
    }
    String pad = node.text("auto_pad", "NOTSET");
    if (!List.of("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER", "").contains(pad)) {
      throw op.error("has the unknown auto_pad '" + pad + "'");
    }
    int[] pads = new int[2 * axes];
    if (pad.equals("NOTSET") || pad.isEmpty()) {
      pads = node.sizes("pads", 2 * axes, 0, 0);
    }
    return new Window(
        sizes,
        node.sizes("strides", axes, 1, 1),
        node.sizes("dilations", axes, 1, 1),
        java.util.Arrays.copyOf(pads, axes),
        java.util.Arrays.copyOfRange(pads, axes, 2 * axes));
  }

  /** The input's spatial sizes; null if one is a symbol. */
  private static int[] spatial(Operator op) {
    Shape shape = op.shape(0);
    int[] sizes = new int[shape.rank() - 2];
    for (int axis = 0; axis < sizes.length; axis++) {
      if (!shape.dim(axis + 2).isNumber()) {
        return null;
      }
      sizes[axis] = size(op, shape.dim(axis + 2));
    }
    return sizes;
  }

  private static int[] known(Operator op, int[] sizes) {
    if (sizes == null) {
      throw op.unresolved("has padding that depends on sizes that are not known");
    }
    return sizes;
  }
}
