package lamina.network.read.onnx;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.PaddingMode;
import lamina.kernel.Window;
import lamina.layer.Add;
import lamina.layer.Conv;
import lamina.layer.GridSample;
import lamina.layer.Mul;
import lamina.layer.Permute;
import lamina.layer.Pick;
import lamina.layer.Reshape;
import lamina.layer.SamePadding;
import lamina.op.GridSampling;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * DeformConv: each tap of the kernel reads the input where an offset moves it to, between four
 * elements. The input is read at all places by GridSample; what is left is a convolution of size 1.
 */
final class DeformConvOperator {
  private static final int AXES = 2;

  private DeformConvOperator() {}

  static void apply(Operator op) {
    OnnxNode node = op.node();
    Shape x = op.shape(0);
    Shape weight = op.shape(1);
    Shape offset = op.shape(2);
    if (x.rank() != 4 || weight.rank() != 4 || offset.rank() != 4) {
      throw op.unresolved("moves its kernel over " + (x.rank() - 2) + " axes; 2 are known");
    }
    int groups = node.size("group", 1, 1);
    int parts = node.size("offset_group", 1, 1);
    Window window = WindowOperators.layer(op, weight, false).window();
    Dim rows = window.outputSize(0, x.dim(2));
    Dim columns = window.outputSize(1, x.dim(3));
    int taps = Math.multiplyExact(window.kernel()[0], window.kernel()[1]);
    check(op, new Shape(List.of(x.dim(0), Dim.of(2L * parts * taps), rows, columns)), offset);
    boolean isKnown = sample(x).isNumber() && sample(offset).isNumber();
    if (!isKnown) {
      Dim filters = weight.dim(0);
      throw op.unresolved(
          "reads places of an input whose sizes are not known",
          new Shape(List.of(x.dim(0), filters, rows, columns)));
    }
    long channels = x.dim(1).value();
    boolean isEmpty = x.dim(2).is(0) || x.dim(3).is(0);
    boolean fits =
        !isEmpty && channels % parts == 0 && weight.dim(1).times(groups).equals(x.dim(1));
    if (!fits) {
      throw op.error(
          "has the kernel "
              + weight
              + ", "
              + groups
              + " groups and "
              + parts
              + " of offsets for "
              + x);
    }
    Value read = sampled(op, window, parts, taps, (int) rows.value(), (int) columns.value());
    if (op.optional(4) != null) {
      Shape all = new Shape(List.of(x.dim(0), Dim.of((long) parts * taps), rows, columns));
      check(op, all, op.shape(4));
      Value mask = shaped(op, "/mask", op.input(4), x.dim(0), parts, 1, taps, rows, columns);
      read = op.between("/masked", new Mul(), read, mask);
    }
    Value stacked = shaped(op, "/stacked", read, x.dim(0), channels * taps, rows, columns);
    convolve(op, stacked, weight, groups, taps);
  }

  private static Shape sample(Shape batch) {
    return new Shape(batch.dims().subList(1, batch.rank()));
  }

  private static void check(Operator op, Shape wanted, Shape given) {
    boolean fits = given.rank() == wanted.rank();
    for (int axis = 0; fits && axis < given.rank(); axis++) {
      Dim a = wanted.dim(axis);
      Dim b = given.dim(axis);
      fits = !a.isNumber() || !b.isNumber() || a.equals(b);
    }
    if (!fits) {
      throw op.error("needs offsets or a mask of " + wanted + ", not " + given);
    }
  }

  private static Value shaped(Operator op, String suffix, Value value, Object... sizes) {
    List<Dim> dims =
        Arrays.stream(sizes)
            .map(size -> size instanceof Dim dim ? dim : Dim.of(((Number) size).longValue()))
            .toList();
    return op.between(suffix, new Reshape("Reshape", new Shape(dims)), value);
  }

  /**
   * The input as each tap reads it: {@code (N, groups of offsets, channels, taps, rows, columns)}.
   */
  private static Value sampled(
      Operator op, Window window, int parts, int taps, int rows, int columns) {
    Shape x = op.shape(0);
    Dim samples = x.dim(0);
    int[] size = {(int) x.dim(2).value(), (int) x.dim(3).value()};
    Tensor.elements(taps, rows, columns, AXES);
    double[] base = new double[taps * rows * columns * AXES];
    double[] factor = {2.0 / size[1], 2.0 / size[0]};
    for (int i = 0; i < base.length / AXES; i++) {
      int[] tap = {
        i / columns / rows / window.kernel()[1], i / columns / rows % window.kernel()[1]
      };
      int[] place = {i / columns % rows, i % columns};
      for (int axis = 0; axis < AXES; axis++) {
        double at =
            place[axis] * window.stride()[axis]
                - window.padBefore()[axis]
                + tap[axis] * window.dilation()[axis];
        // In the grid −1 and 1 are the edges of the input, and the last axis comes first.
        base[AXES * i + 1 - axis] = (2 * at + 1) / size[axis] - 1;
      }
    }
    Value moves = shaped(op, "/moves", op.input(2), samples, parts, taps, AXES, rows, columns);
    int[] last = {0, 1, 2, 4, 5, 3};
    Value ordered = op.between("/ordered", new Permute(last), moves);
    int[][] swap = new int[last.length][];
    swap[5] = new int[] {1, 0};
    Value swapped = op.between("/swapped", new Pick("Reverse", ordered.shape(), swap, 0), ordered);
    Value scaled =
        op.between("/scaled", new Mul(), swapped, op.constant("/factor", Tensor.of(factor, AXES)));
    Value standing = op.constant("/base", Tensor.of(base, taps, rows, columns, AXES));
    Value places = op.between("/places", new Add(), scaled, standing);
    Dim images = samples.times(parts);
    long channels = x.dim(1).value();
    Value grid = shaped(op, "/grid", places, images, (long) taps * rows, columns, AXES);
    Value split = shaped(op, "/split", op.input(0), images, channels / parts, size[0], size[1]);
    GridSampling rule =
        new GridSampling(GridSampling.Mode.LINEAR, GridSampling.Outside.ZEROS, false);
    Value read = op.between("/read", new GridSample(rule), split, grid);
    return shaped(op, "/taps", read, samples, parts, channels / parts, taps, rows, columns);
  }

  private static void convolve(Operator op, Value stacked, Shape weight, int groups, int taps) {
    int filters = (int) weight.dim(0).value();
    long depth = weight.dim(1).value() * taps;
    Map<String, Value> weights = new LinkedHashMap<>();
    weights.put("weight", shaped(op, "/kernel", op.input(1), filters, depth, 1, 1));
    if (op.optional(3) != null) {
      weights.put("bias", op.input(3));
    }
    int[] one = {1, 1};
    Window point = new Window(one, one, one, new int[AXES], new int[AXES]);
    Dim in = Dim.of(depth * groups);
    boolean bias = weights.containsKey("bias");
    Conv conv = new Conv(in, filters, point, SamePadding.NO, groups, bias, PaddingMode.ZEROS);
    op.emit(conv, weights, stacked);
  }
}
