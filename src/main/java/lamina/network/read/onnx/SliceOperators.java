package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.layer.Gather;
import lamina.layer.OneHot;
import lamina.layer.Pick;
import lamina.layer.Places;
import lamina.layer.Reshape;
import lamina.layer.Scatter;
import lamina.op.Gathers;
import lamina.op.Picks;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** Operators that choose elements. */
final class SliceOperators {
  private SliceOperators() {}

  /** Bounds are attributes before opset 10, then inputs; they are clipped as Python's are. */
  static void slice(Operator op) {
    Shape shape = op.shape(0);
    boolean isOld = op.opset() < 10;
    List<Dim> starts = isOld ? dims(op, "starts") : op.sizes(1);
    List<Dim> ends = isOld ? dims(op, "ends") : op.sizes(2);
    long[] axes = isOld ? op.node().integers("axes") : op.integers(3);
    long[] steps = isOld ? null : op.integers(4);
    if (starts == null || ends == null || starts.size() != ends.size()) {
      throw op.error("needs as many starts as ends");
    }
    int count = starts.size();
    if ((axes != null && axes.length != count) || (steps != null && steps.length != count)) {
      throw op.error("needs as many axes and steps as the " + count + " starts");
    }
    Shape target = shape;
    int[][] picks = new int[shape.rank()][];
    boolean isKnown = true;
    for (int i = 0; i < count; i++) {
      int axis = op.axis(axes == null ? i : axes[i], shape.rank());
      long step = steps == null ? 1 : steps[i];
      if (step == 0 || step > Integer.MAX_VALUE || step < -Integer.MAX_VALUE) {
        throw op.error("has the step " + step);
      }
      Dim size = shape.dim(axis);
      if (!size.isNumber() || !starts.get(i).isNumber() || !ends.get(i).isNumber()) {
        target = target.with(axis, symbolic(op, size, starts.get(i), ends.get(i), step));
        isKnown = false;
        continue;
      }
      long n = size.value();
      long start = starts.get(i).value();
      long end = ends.get(i).value();
      start = start < 0 ? start + n : start;
      end = end < 0 && end > -n - 1 ? end + n : end < 0 ? -1 : end;
      start = Math.min(Math.max(start, 0), step > 0 ? n : n - 1);
      end = Math.min(Math.max(end, step > 0 ? 0 : -1), n);
      long length =
          step > 0
              ? Math.max(0, -Math.floorDiv(start - end, step))
              : Math.max(0, -Math.floorDiv(end - start, -step));
      picks[axis] = Picks.steps((int) start, (int) step, (int) length);
      target = target.with(axis, Dim.of(length));
    }
    op.emit(new Pick("Slice", target, isKnown ? picks : null, 0), op.input(0));
  }

  /** The size of a slice where sizes are symbols, which are taken to be larger than bounds. */
  private static Dim symbolic(Operator op, Dim size, Dim start, Dim end, long step) {
    if (step < 1) {
      throw op.unresolved("steps back on an axis whose size is not known");
    }
    Dim from = start.isNumber() && start.value() < 0 ? size.plus(start.value()) : start;
    Dim to = end;
    if (end.isNumber() && end.value() < 0) {
      to = size.plus(end.value());
    } else if (end.isNumber() && end.value() >= Integer.MAX_VALUE) {
      to = size;
    }
    return to.minus(from).ceilDiv(step);
  }

  private static List<Dim> dims(Operator op, String attribute) {
    long[] values = op.node().integers(attribute);
    if (values == null) {
      throw op.error("needs the attribute '" + attribute + "'");
    }
    List<Dim> dims = new ArrayList<>();
    for (long value : values) {
      dims.add(Dim.of(value));
    }
    return dims;
  }

  /** Each part that is wanted is a slice. */
  static void split(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    int axis = op.axis(node.integer("axis", 0), shape.rank());
    int parts = node.outputs().size();
    long[] sizes = op.integers("split", 1, 13);
    if (sizes == null) {
      Dim size = shape.dim(axis);
      if (!size.isNumber()) {
        throw op.unresolved("shares out an axis whose size is not known");
      }
      sizes = new long[parts];
      long each = -Math.floorDiv(-size.value(), parts);
      for (int i = 0; i < parts; i++) {
        sizes[i] = Math.max(0, Math.min(each, size.value() - i * each));
      }
    }
    long sum = 0;
    for (long size : sizes) {
      sum += size;
      if (size < 0) {
        throw op.error("has a part of " + size);
      }
    }
    boolean isWhole = !shape.dim(axis).isNumber() || shape.dim(axis).is(sum);
    if (sizes.length != parts || !isWhole) {
      throw op.error(
          "splits "
              + shape.dim(axis)
              + " into "
              + Arrays.toString(sizes)
              + " for "
              + parts
              + " outputs");
    }
    int start = 0;
    for (int i = 0; i < parts; i++) {
      int length = (int) sizes[i];
      if (op.wants(i)) {
        int[][] picks = new int[shape.rank()][];
        picks[axis] = Picks.steps(start, 1, length);
        Pick pick = new Pick("Split", shape.with(axis, Dim.of(length)), picks, 0);
        op.emit(i, pick, List.of(op.input(0)), Map.of(), op.input(0).isInteger());
      }
      start += length;
    }
  }

  /** Negative pads crop. */
  static void pad(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    int rank = shape.rank();
    List<Dim> pads = op.opset() < 11 ? dims(node.integers("pads")) : op.sizes(1);
    long[] axes = op.opset() < 18 ? null : op.integers(3);
    int count = axes == null ? rank : axes.length;
    if (pads == null || pads.size() != 2 * count) {
      throw op.error("needs two pads for each of " + count + " axes");
    }
    double fill = op.opset() < 11 ? node.number("value", 0) : op.number(2, 0);
    String mode = node.text("mode", "constant");
    Shape target = shape;
    int[][] picks = new int[rank][];
    boolean isKnown = true;
    for (int i = 0; i < count; i++) {
      int axis = op.axis(axes == null ? i : axes[i], rank);
      if (!pads.get(i).isNumber() || !pads.get(count + i).isNumber()) {
        // How much is padded depends on a size that has a symbol.
        Dim added = pads.get(i).plus(pads.get(count + i));
        target = target.with(axis, shape.dim(axis).plus(added));
        isKnown = false;
        continue;
      }
      long before = pads.get(i).value();
      long after = pads.get(count + i).value();
      if (Math.abs(before) > Integer.MAX_VALUE || Math.abs(after) > Integer.MAX_VALUE) {
        throw op.error("has pads of " + before + " and " + after);
      }
      if (before == 0 && after == 0) {
        continue;
      }
      Dim size = shape.dim(axis).plus(before + after);
      target = target.with(axis, size);
      if (!size.isNumber()) {
        isKnown = false;
        continue;
      }
      if (size.value() < 0) {
        throw op.error("crops " + shape + " by more than it has");
      }
      Tensor.elements(target.with(axis, size).isNumber() ? target.sizes() : new int[0]);
      picks[axis] =
          padded(op, mode, (int) shape.dim(axis).value(), (int) before, (int) size.value());
    }
    op.emit(new Pick("Pad", target, isKnown ? picks : null, fill), op.input(0));
  }

  private static List<Dim> dims(long... sizes) {
    return sizes == null ? null : Arrays.stream(sizes).mapToObj(Dim::of).toList();
  }

  /** Sizes around the middle: what is too long is cropped, what is too short filled with zeros. */
  static void centre(Operator op) {
    Shape shape = op.shape(0);
    long[] wanted = op.integers(1);
    long[] axes = op.node().integers("axes");
    int count = axes == null ? shape.rank() : axes.length;
    if (wanted == null || wanted.length != count) {
      throw op.error("needs a size for each of " + count + " axes");
    }
    Shape target = shape;
    int[][] picks = new int[shape.rank()][];
    for (int i = 0; i < count; i++) {
      int axis = op.axis(axes == null ? i : axes[i], shape.rank());
      Dim size = shape.dim(axis);
      if (wanted[i] < 0 || wanted[i] > Integer.MAX_VALUE) {
        throw op.error("wants the size " + wanted[i]);
      }
      if (!size.isNumber()) {
        throw op.unresolved("crops an axis whose size is not known");
      }
      target = target.with(axis, Dim.of(wanted[i]));
      Tensor.elements(target.isNumber() ? target.sizes() : new int[0]);
      long less = size.value() - wanted[i];
      int start = (int) (less >= 0 ? less / 2 : -(-less / 2));
      picks[axis] = padded(op, "constant", (int) size.value(), -start, (int) wanted[i]);
    }
    op.emit(new Pick("CenterCropPad", target, picks, 0), op.input(0));
  }

  private static int[] padded(Operator op, String mode, int size, int before, int count) {
    if (size == 0 && !mode.equals("constant")) {
      throw op.error("has nothing to pad an empty axis with");
    }
    int[] picks = new int[count];
    for (int i = 0; i < count; i++) {
      int place = i - before;
      boolean isInside = place >= 0 && place < size;
      picks[i] =
          switch (mode) {
            case "constant" -> isInside ? place : -1;
            case "edge" -> Math.min(Math.max(place, 0), size - 1);
            case "wrap" -> Math.floorMod(place, size);
            case "reflect" -> {
              int period = Math.max(1, 2 * (size - 1));
              int folded = Math.floorMod(place, period);
              yield size == 1 ? 0 : folded < size ? folded : period - folded;
            }
            default -> throw op.error("has the unknown mode '" + mode + "'");
          };
    }
    return picks;
  }

  static void gather(Operator op, Gather.Kind kind) {
    int rank = op.rank(0);
    if (rank == 0) {
      throw op.error("needs an axis to gather from, not a scalar");
    }
    if (!op.input(1).isInteger()) {
      throw op.error("needs whole numbers as indices");
    }
    int axis;
    if (kind == Gather.Kind.ROWS) {
      axis = op.node().size("batch_dims", 0, 0);
      Shape indices = op.shape(1);
      if (indices.rank() == 0 || !indices.dim(-1).isNumber()) {
        throw op.unresolved("has indices whose shape is not known");
      }
      long length = indices.dim(-1).value();
      if (axis + length > rank || axis >= indices.rank()) {
        throw op.error("has rows of " + length + " indices for " + op.shape(0));
      }
    } else {
      axis = op.axis(op.node().integer("axis", 0), rank);
    }
    if (kind == Gather.Kind.ELEMENTS && op.rank(1) != rank) {
      throw op.error("needs indices of as many axes as " + op.shape(0) + ", not " + op.shape(1));
    }
    op.emit(
        0,
        new Gather(kind, axis),
        List.of(op.input(0), op.input(1)),
        Map.of(),
        op.input(0).isInteger());
  }

  static void scatter(Operator op) {
    OnnxNode node = op.node();
    boolean rows = node.type().equals("ScatterND");
    int axis = rows ? 0 : op.axis(node.integer("axis", 0), op.rank(0));
    if (!op.input(1).isInteger() || op.input(0).isInteger() != op.input(2).isInteger()) {
      throw op.error("needs whole numbers as indices, and updates of the type of its data");
    }
    String reduction = node.text("reduction", "none");
    Gathers.Meeting meeting =
        switch (reduction) {
          case "none" -> Gathers.Meeting.NONE;
          case "add" -> Gathers.Meeting.ADD;
          case "mul" -> Gathers.Meeting.MUL;
          case "max" -> Gathers.Meeting.MAX;
          case "min" -> Gathers.Meeting.MIN;
          default -> throw op.error("has the unknown reduction '" + reduction + "'");
        };
    if (op.shape(1).isNumber()
        && op.shape(2).isNumber()
        && !rows
        && !op.shape(1).equals(op.shape(2))) {
      throw op.error("needs an update for each index, not " + op.shape(2) + " for " + op.shape(1));
    }
    op.emit(
        0,
        new Scatter(rows, axis, meeting),
        List.of(op.input(0), op.input(1), op.input(2)),
        Map.of(),
        op.input(0).isInteger());
  }

  /** The entries whose condition is true. */
  static void compress(Operator op) {
    Tensor condition = op.elements(1);
    Shape shape = op.shape(0);
    Value x = op.input(0);
    int axis = 0;
    if (!op.node().has("axis")) {
      x = op.between("/flat", new Reshape("Reshape", new Shape(List.of(shape.elements()))), x);
      shape = x.shape();
    } else {
      axis = op.axis(op.node().integer("axis", 0), shape.rank());
    }
    if (!shape.dim(axis).isNumber()) {
      throw op.unresolved("chooses from an axis whose size is not known");
    }
    int[] kept = new int[condition.size()];
    int count = 0;
    for (int i = 0; i < Math.min(condition.size(), shape.dim(axis).value()); i++) {
      if (condition.get(i) != 0) {
        kept[count++] = i;
      }
    }
    int[][] picks = new int[shape.rank()][];
    picks[axis] = Arrays.copyOf(kept, count);
    op.emit(new Pick("Compress", shape.with(axis, Dim.of(count)), picks, 0), x);
  }

  static void reverseSequence(Operator op) {
    int time = op.axis(op.node().integer("time_axis", 0), op.rank(0));
    int batch = op.axis(op.node().integer("batch_axis", 1), op.rank(0));
    long[] lengths = op.integers(1);
    Shape shape = op.shape(0);
    if (!shape.isNumber() || lengths == null) {
      throw op.unresolved("reverses sequences whose sizes are not known");
    }
    int[] sizes = shape.sizes();
    if (time == batch || lengths.length != sizes[batch]) {
      throw op.error("needs a length for each of the " + sizes[batch] + " sequences");
    }
    int[] strides = Tensor.strides(sizes);
    int[] places = new int[Tensor.elements(sizes)];
    for (int i = 0; i < places.length; i++) {
      int t = i / strides[time] % sizes[time];
      long length = lengths[i / strides[batch] % sizes[batch]];
      if (length < 0 || length > sizes[time]) {
        throw op.error("has a sequence of " + length + " among " + sizes[time] + " steps");
      }
      places[i] = t < length ? i + (int) (length - 1 - 2L * t) * strides[time] : i;
    }
    op.emit(new Places("ReverseSequence", shape, places), op.input(0));
  }

  /** The triangle above or below a diagonal of matrices, 0 elsewhere. */
  static void triangle(Operator op) {
    Shape shape = op.shape(0);
    long diagonal = op.optional(1) == null ? 0 : (long) op.number(1, 0);
    boolean upper = op.node().flag("upper", true);
    if (!shape.isNumber() || shape.rank() < 2) {
      throw op.unresolved("takes matrices whose sizes are not known");
    }
    int[] sizes = shape.sizes();
    int columns = sizes[sizes.length - 1];
    int rows = sizes[sizes.length - 2];
    int[] places = new int[Tensor.elements(sizes)];
    for (int i = 0; i < places.length; i++) {
      long row = i / columns % rows;
      long column = i % columns;
      boolean isKept = upper ? column - row >= diagonal : column - row <= diagonal;
      places[i] = isKept ? i : -1;
    }
    op.emit(new Places("Trilu", shape, places), op.input(0));
  }

  static void oneHot(Operator op) {
    double depth = op.number(1, 0);
    if (depth < 1 || depth > Integer.MAX_VALUE || depth != Math.rint(depth)) {
      throw op.error("has the depth " + depth);
    }
    int axis = op.axis(op.node().integer("axis", -1), op.rank(0) + 1);
    op.emit(
        0,
        new OneHot(axis, (int) depth),
        List.of(op.input(0), op.input(2)),
        Map.of(),
        op.input(2).isInteger());
  }
}
