package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.layer.GridSample;
import lamina.layer.MatMul;
import lamina.layer.Permute;
import lamina.layer.Reshape;
import lamina.layer.RoiAlign;
import lamina.op.GridSampling;
import lamina.op.RegionPooling;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** Operators of detectors: images read at positions that the network finds, and the best boxes. */
final class DetectionOperators {
  private static final int AXES = 4;

  private DetectionOperators() {}

  static void gridSample(Operator op) {
    OnnxNode node = op.node();
    // Opset 20 gave modes of any number of axes other words.
    GridSampling.Mode mode =
        switch (node.text("mode", "linear")) {
          case "linear", "bilinear" -> GridSampling.Mode.LINEAR;
          case "nearest" -> GridSampling.Mode.NEAREST;
          case "cubic", "bicubic" -> GridSampling.Mode.CUBIC;
          default -> throw op.error("has the unknown mode '" + node.text("mode", "") + "'");
        };
    GridSampling.Outside outside =
        switch (node.text("padding_mode", "zeros")) {
          case "zeros" -> GridSampling.Outside.ZEROS;
          case "border" -> GridSampling.Outside.BORDER;
          case "reflection" -> GridSampling.Outside.REFLECTION;
          default ->
              throw op.error(
                  "has the unknown padding_mode '" + node.text("padding_mode", "") + "'");
        };
    GridSampling rule = new GridSampling(mode, outside, node.flag("align_corners", false));
    boolean isInteger = op.input(0).isInteger();
    op.emit(0, new GridSample(rule), List.of(op.input(0), op.input(1)), Map.of(), isInteger);
  }

  /** Where each output of a grid lies in the input, by matrices (N, axes, axes + 1). */
  static void affineGrid(Operator op) {
    List<Dim> sizes = op.neededSizes(1);
    Shape size = new Shape(sizes);
    int axes = size.rank() - 2;
    Shape matrices = new Shape(List.of(op.shape(0).dim(0), Dim.of(axes), Dim.of(axes + 1L)));
    if (axes < 2 || axes > 3 || !op.shape(0).equals(matrices)) {
      throw op.error("needs matrices (N, axes, axes + 1) for " + size + ", not " + op.shape(0));
    }
    if (!size.isNumber()) {
      throw op.unresolved("is for sizes that are not known");
    }
    boolean aligns = op.node().flag("align_corners", false);
    int[] spatial = Arrays.copyOfRange(size.sizes(), 2, size.rank());
    int[] strides = Tensor.strides(spatial);
    int count = Tensor.elements(spatial);
    double[] positions = new double[Tensor.elements(axes + 1, count)];
    for (int i = 0; i < count; i++) {
      for (int axis = 0; axis < axes; axis++) {
        int n = spatial[axis];
        double at = i / strides[axis] % n;
        double place = aligns ? (n == 1 ? 0 : 2 * at / (n - 1) - 1) : (2 * at + 1) / n - 1;
        // The last axis comes first, and 1 for the shift last.
        positions[(axes - 1 - axis) * count + i] = place;
      }
      positions[axes * count + i] = 1;
    }
    Value base = op.constant("/base", Tensor.of(positions, axes + 1, count));
    Value moved = op.between("/moved", new MatMul(), op.input(0), base);
    Value rows = op.between("/rows", new Permute(new int[] {0, 2, 1}), moved);
    List<Dim> dims = new ArrayList<>(sizes);
    dims.remove(1);
    dims.add(Dim.of(axes));
    op.emit(new Reshape("AffineGrid", new Shape(dims)), rows);
  }

  static void roiAlign(Operator op) {
    OnnxNode node = op.node();
    boolean isNew = op.opset() >= 16;
    String shift =
        node.text("coordinate_transformation_mode", isNew ? "half_pixel" : "output_half_pixel");
    if (!shift.equals("half_pixel") && !shift.equals("output_half_pixel")) {
      throw op.error("has the unknown coordinate_transformation_mode '" + shift + "'");
    }
    String mode = node.text("mode", "avg");
    if (!mode.equals("avg") && !mode.equals("max")) {
      throw op.error("has the unknown mode '" + mode + "'");
    }
    RegionPooling rule =
        new RegionPooling(
            mode.equals("max"),
            node.size("output_height", 1, 1),
            node.size("output_width", 1, 1),
            node.size("sampling_ratio", 0, 0),
            node.number("spatial_scale", 1),
            shift.equals("half_pixel"));
    if (!op.input(2).isInteger()) {
      throw op.error("needs whole numbers as images of its regions");
    }
    List<Value> operands = List.of(op.input(0), op.input(1), op.input(2));
    op.emit(0, new RoiAlign(rule), operands, Map.of(), false);
  }

  /**
   * The boxes of the best scores of each class, less those that overlap a better one: rows of
   * image, class and box.
   */
  static void suppress(Operator op) {
    Tensor boxes = op.elements(0);
    Tensor scores = op.elements(1);
    long[] most = op.optional(2) == null ? new long[1] : op.integers(2);
    double overlap = op.number(3, 0);
    double least = op.number(4, Double.NEGATIVE_INFINITY);
    boolean fits =
        boxes.rank() == 3
            && scores.rank() == 3
            && boxes.dim(2) == AXES
            && boxes.dim(0) == scores.dim(0)
            && boxes.dim(1) == scores.dim(2);
    if (!fits || most.length != 1) {
      throw op.error(
          "needs boxes (N, B, 4), scores (N, C, B) and one number of boxes, not "
              + op.shape(0)
              + " and "
              + op.shape(1));
    }
    boolean isCentre = op.node().flag("center_point_box", false);
    Suppression rule = new Suppression(most[0], overlap, least);
    int classes = scores.dim(1);
    int count = scores.dim(2);
    List<Long> chosen = new ArrayList<>();
    for (int image = 0; image < scores.dim(0); image++) {
      double[][] corners = new double[count][];
      for (int box = 0; box < count; box++) {
        corners[box] = corners(boxes, (image * count + box) * AXES, isCentre);
      }
      for (int kind = 0; kind < classes; kind++) {
        double[] own = new double[count];
        for (int box = 0; box < count; box++) {
          own[box] = scores.get((image * classes + kind) * count + box);
        }
        for (int box : rule.best(corners, own)) {
          chosen.addAll(List.of((long) image, (long) kind, (long) box));
        }
      }
    }
    long[] rows = chosen.stream().mapToLong(Long::longValue).toArray();
    op.put(0, op.constant("/chosen", Tensor.of(rows, rows.length / 3, 3)));
  }

  /**
   * Which boxes are kept.
   *
   * @param most how many at most
   * @param overlap up to what overlap two are kept
   * @param least above what score one is kept
   */
  private record Suppression(long most, double overlap, double least) {
    /** The best boxes by their scores, best first. */
    List<Integer> best(double[][] corners, double[] scores) {
      Integer[] order = new Integer[scores.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Double.compare(scores[b], scores[a]));
      List<Integer> chosen = new ArrayList<>();
      for (int box : order) {
        if (chosen.size() >= most || !(scores[box] > least)) {
          break;
        }
        if (chosen.stream().noneMatch(other -> shared(corners[box], corners[other]) > overlap)) {
          chosen.add(box);
        }
      }
      return chosen;
    }
  }

  /** Top, left, bottom and right of a box of two corners, or of a centre, a width and a height. */
  private static double[] corners(Tensor boxes, int from, boolean isCentre) {
    double a = boxes.get(from);
    double b = boxes.get(from + 1);
    double c = boxes.get(from + 2);
    double d = boxes.get(from + 3);
    return isCentre
        ? new double[] {b - d / 2, a - c / 2, b + d / 2, a + c / 2}
        : new double[] {Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)};
  }

  /** The intersection of two boxes over their union. */
  private static double shared(double[] a, double[] b) {
    double height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
    double width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
    if (height <= 0 || width <= 0) {
      return 0;
    }
    double both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]);
    return height * width / (both - height * width);
  }
}
