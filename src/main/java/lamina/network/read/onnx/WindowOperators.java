package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.PaddingMode;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.layer.Cast;
import lamina.layer.Conv;
import lamina.layer.ConvTranspose;
import lamina.layer.GlobalPool;
import lamina.layer.MaxUnpool;
import lamina.layer.Overlap;
import lamina.layer.Pool;
import lamina.layer.PoolIndices;
import lamina.layer.SamePadding;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** Convolutions and pooling. */
final class WindowOperators {
  private WindowOperators() {}

  static void conv(Operator op) {
    boolean bias = op.optional(2) != null;
    op.emit(layer(op, op.shape(1), bias), weights(op), op.input(0));
  }

  /** The convolution with a kernel of this shape that a node's attributes describe. */
  static Conv layer(Operator op, Shape kernel, boolean bias) {
    Shape weight = kernelShape(op, kernel);
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
    return new Conv(
        weight.dim(1).times(groups), out, window, same, groups, bias, PaddingMode.ZEROS);
  }

  static void convTranspose(Operator op) {
    Shape weight = kernelShape(op, op.shape(1));
    int axes = weight.rank() - 2;
    int groups = op.node().size("group", 1, 1);
    int out = Math.multiplyExact(size(op, weight.dim(1)), groups);
    Window window = window(op, weight);
    int[] extra = op.node().sizes("output_padding", axes, 0, 0);
    String pad = op.node().text("auto_pad", "NOTSET");
    long[] wanted = op.node().integers("output_shape");
    if (wanted != null && wanted.length != axes && wanted.length != axes + 2) {
      throw op.error("has " + wanted.length + " numbers in 'output_shape' but needs " + axes);
    }
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
    Value x = op.input(0);
    if (x.isInteger()) {
      x = op.typed("/numbers", false, new Cast(Cast.Kind.NUMBER, DType.FLOAT64), x);
    }
    Pool pool = new Pool(kind, window, rounding, same, counted, 0, norm);
    if (op.wants(0) && op.input(0).isInteger()) {
      Cast whole = new Cast(Cast.Kind.INT64, DType.FLOAT64);
      op.emit(0, whole, List.of(op.between("/pooled", pool, x)), Map.of(), true);
    } else if (op.wants(0)) {
      op.emit(pool, x);
    }
    if (op.wants(1)) {
      PoolIndices indices =
          new PoolIndices(window, rounding, node.integer("storage_order", 0) == 1);
      op.emit(1, indices, List.of(x), Map.of(), true);
    }
  }

  /** What a MaxPool of the same attributes would make of the output. */
  static void maxUnpool(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    int axes = shape.rank() - 2;
    checkAxes(op, axes);
    if (!shape.isNumber() || !op.input(1).isInteger()) {
      throw op.unresolved("needs an input whose sizes are known, and whole numbers as indices");
    }
    if (!node.has("kernel_shape")) {
      throw op.error("needs a 'kernel_shape'");
    }
    int[] kernel = node.sizes("kernel_shape", axes, 1, 1);
    int[] strides = node.sizes("strides", axes, 1, 1);
    int[] pads = node.sizes("pads", 2 * axes, 0, 0);
    Shape pooled = shape;
    for (int axis = 0; axis < axes; axis++) {
      long size =
          (shape.dim(axis + 2).value() - 1) * strides[axis]
              + kernel[axis]
              - pads[axis]
              - pads[axes + axis];
      if (size < 1) {
        throw op.error("would give " + size + " elements on axis " + (axis + 2));
      }
      pooled = pooled.with(axis + 2, Dim.of(size));
    }
    Shape target = pooled;
    if (op.optional(2) != null) {
      target = new Shape(op.sizes(2));
      boolean fits = target.rank() == pooled.rank() && target.isNumber();
      for (int axis = 0; fits && axis < pooled.rank(); axis++) {
        fits = target.dim(axis).value() >= pooled.dim(axis).value();
      }
      if (!fits) {
        throw op.error("wants the shape " + target + ", which does not hold " + pooled);
      }
    }
    Tensor.elements(target.sizes());
    Tensor.elements(pooled.sizes());
    op.emit(0, new MaxUnpool(pooled, target), List.of(op.input(0), op.input(1)), Map.of(), false);
  }

  /**
   * Where blocks lie over an image; all numbers are one for each axis.
   *
   * @param steps how many blocks there are
   * @param strides how far apart two of them begin
   * @param pads how far the first begins before the image
   * @param dilations how far apart two elements of a block lie
   */
  private record BlockGrid(
      long[] image, long[] block, int[] steps, int[] strides, int[] pads, int[] dilations) {

    /** Where an element of a block lies in the image; -1 if it is outside. */
    long place(long ofBlock, long ofElement) {
      long restOfBlock = ofBlock;
      long restOfElement = ofElement;
      long place = 0;
      long stride = 1;
      for (int axis = image.length - 1; axis >= 0; axis--) {
        long at =
            restOfBlock % steps[axis] * strides[axis]
                - pads[axis]
                + restOfElement % block[axis] * dilations[axis];
        if (at < 0 || at >= image[axis]) {
          return -1;
        }
        restOfBlock /= steps[axis];
        restOfElement /= block[axis];
        place += at * stride;
        stride *= image[axis];
      }
      return place;
    }
  }

  /** Blocks laid over an image where a window would have taken them from; overlaps are added. */
  static void overlap(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    long[] image = op.integers(1);
    long[] block = op.integers(2);
    if (!shape.isNumber() || shape.rank() != 3 || image == null || block == null) {
      throw op.unresolved("needs an input (N, C·block, L) whose sizes are known, not " + shape);
    }
    int axes = image.length;
    if (axes == 0 || block.length != axes) {
      throw op.error("needs an image and a block of as many axes");
    }
    int[] dilations = node.sizes("dilations", axes, 1, 1);
    int[] strides = node.sizes("strides", axes, 1, 1);
    int[] pads = node.sizes("pads", 2 * axes, 0, 0);
    long elements = 1;
    long positions = 1;
    List<Dim> dims = new ArrayList<>(List.of(shape.dim(0), Dim.ONE));
    int[] steps = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      if (image[axis] < 1 || block[axis] < 1 || block[axis] > Integer.MAX_VALUE) {
        throw op.error("has an image or block of " + Math.min(image[axis], block[axis]));
      }
      long span = dilations[axis] * (block[axis] - 1) + 1;
      long room = image[axis] + pads[axis] + pads[axes + axis] - span;
      steps[axis] = room < 0 ? 0 : (int) Math.min(room / strides[axis] + 1, Integer.MAX_VALUE);
      positions *= steps[axis];
      elements *= Math.min(block[axis], shape.dim(1).value() + 1);
      dims.add(Dim.of(image[axis]));
    }
    if (!shape.dim(2).is(positions) || shape.dim(1).value() % elements != 0) {
      String needed = elements + " channels and " + positions + " blocks";
      throw op.error("needs a multiple of " + needed + ", not " + shape);
    }
    dims.set(1, shape.dim(1).floorDiv(elements));
    int[] places = new int[Tensor.elements(shape.sizes())];
    Shape target = new Shape(dims);
    int plane = Tensor.elements(target.sizes()) / Math.max(1, shape.sizes()[0] * target.sizes()[1]);
    BlockGrid grid = new BlockGrid(image, block, steps, strides, pads, dilations);
    for (int i = 0; i < places.length; i++) {
      long place = grid.place(i % positions, i / positions % elements);
      places[i] = place < 0 ? -1 : (int) (i / (positions * elements) * plane + place);
    }
    op.emit(new Overlap("Col2Im", target, places), op.input(0));
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

  private static Shape kernelShape(Operator op, Shape weight) {
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
    if (node.has("kernel_shape") && !Arrays.equals(stated, sizes)) {
      throw op.error(
          "has the kernel_shape " + Arrays.toString(stated) + " but the kernel " + kernel);
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
        Arrays.copyOf(pads, axes),
        Arrays.copyOfRange(pads, axes, 2 * axes));
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
