package lamina.network.read.onnx;

import java.util.Arrays;
import java.util.List;
import lamina.layer.Resample;
import lamina.op.Interpolation;
import lamina.op.Interpolation.Mode;
import lamina.op.Interpolation.Nearest;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** Resize in all its modes, and Upsample, its forerunner. */
final class ResizeOperators {
  private static final String CROPS = "tf_crop_and_resize";

  private ResizeOperators() {}

  static void resize(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    int rank = shape.rank();
    boolean isOld = node.type().equals("Upsample") || op.opset() < 11;
    double[] scales = scales(op, isOld);
    List<Dim> sizes = isOld ? null : op.sizes(3);
    long[] given = op.opset() < 18 ? null : node.integers("axes");
    int[] axes = new int[given == null ? rank : given.length];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = given == null ? i : op.axis(given[i], rank);
    }
    boolean bySizes = scales == null;
    if (bySizes && sizes == null) {
      throw op.error("needs scales or sizes");
    }
    if ((bySizes ? sizes.size() : scales.length) != axes.length) {
      throw op.error("needs a scale or a size for each of " + axes.length + " axes");
    }
    double[] all = new double[rank];
    Arrays.fill(all, 1);
    Shape target = shape;
    if (bySizes) {
      target = bySizes(op, shape, axes, sizes, all);
    } else {
      for (int i = 0; i < axes.length; i++) {
        all[axes[i]] = scales[i];
        target = target.with(axes[i], scaled(op, shape.dim(axes[i]), scales[i]));
      }
    }
    Interpolation.Rule rule = rule(op, isOld);
    Interpolation.Taps[] taps =
        target.isNumber() && shape.isNumber()
            ? taps(op, rule, shape, target, all, axes, isOld)
            : null;
    op.emit(new Resample(node.type(), target, taps), op.input(0));
  }

  private static double[] scales(Operator op, boolean isOld) {
    if (op.node().type().equals("Upsample") && op.opset() < 9) {
      return op.node().numbers("scales");
    }
    int index = isOld ? 1 : 2;
    Value value = op.optional(index);
    if (value == null) {
      return null;
    }
    Tensor tensor = op.elements(index);
    if (tensor.size() == 0) {
      return null;
    }
    double[] scales = new double[tensor.size()];
    for (int i = 0; i < scales.length; i++) {
      // The nearest float32, which the file holds: 0.6 is 0.60000002.
      scales[i] = (float) tensor.get(i);
      if (!(scales[i] > 0) || Double.isInfinite(scales[i])) {
        throw op.error("has the scale " + scales[i]);
      }
    }
    return scales;
  }

  private static Dim scaled(Operator op, Dim size, double scale) {
    if (size.isNumber()) {
      double scaled = Math.floor(size.value() * scale);
      if (scaled > Tensor.MAX_ELEMENTS) {
        throw op.error("makes an axis of " + size + " too large, by the scale " + scale);
      }
      return Dim.of((long) scaled);
    }
    if (scale == Math.rint(scale)) {
      return size.times((long) scale);
    }
    double divisor = 1 / scale;
    if (divisor == Math.rint(divisor)) {
      return size.floorDiv((long) divisor);
    }
    throw op.unresolved("scales an axis whose size is not known by " + scale);
  }

  /** Sizes; with a policy all axes have one scale, the smallest or largest. */
  private static Shape bySizes(
      Operator op, Shape shape, int[] axes, List<Dim> sizes, double[] scales) {
    String policy = op.node().text("keep_aspect_ratio_policy", "stretch");
    Shape target = shape;
    double common = policy.equals("not_larger") ? Double.POSITIVE_INFINITY : 0;
    for (int i = 0; i < axes.length; i++) {
      Dim from = shape.dim(axes[i]);
      Dim to = sizes.get(i);
      if (to.isNumber() && to.value() < 0) {
        throw op.error("wants the size " + to);
      }
      target = target.with(axes[i], to);
      if (from.isNumber() && to.isNumber()) {
        scales[axes[i]] = (double) to.value() / from.value();
        common =
            policy.equals("not_larger")
                ? Math.min(common, scales[axes[i]])
                : Math.max(common, scales[axes[i]]);
      }
    }
    if (policy.equals("stretch")) {
      return target;
    }
    for (int axis : axes) {
      if (!shape.dim(axis).isNumber()) {
        throw op.unresolved("keeps the ratio of sizes that are not known");
      }
      scales[axis] = common;
      target = target.with(axis, Dim.of(Math.round(common * shape.dim(axis).value())));
    }
    return target;
  }

  private static String position(Operator op, boolean isOld) {
    return op.node().text("coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel");
  }

  private static Interpolation.Rule rule(Operator op, boolean isOld) {
    OnnxNode node = op.node();
    String mode = node.text("mode", "nearest");
    double outside = node.number("extrapolation_value", 0);
    return new Interpolation.Rule(
        switch (mode) {
          case "nearest" -> Mode.NEAREST;
          case "linear", "bilinear" -> Mode.LINEAR;
          case "cubic" -> Mode.CUBIC;
          default -> throw op.error("has the unknown mode '" + mode + "'");
        },
        nearest(op, isOld),
        node.number("cubic_coeff_a", -0.75),
        node.flag("exclude_outside", false),
        position(op, isOld).equals(CROPS) ? outside : Double.NaN,
        node.flag("antialias", false));
  }

  private static Interpolation.Taps[] taps(
      Operator op,
      Interpolation.Rule rule,
      Shape shape,
      Shape target,
      double[] scales,
      int[] axes,
      boolean isOld) {
    String position = position(op, isOld);
    boolean crops = position.equals(CROPS);
    double[] starts = new double[shape.rank()];
    double[] ends = new double[shape.rank()];
    Arrays.fill(ends, 1);
    if (crops) {
      Tensor region = op.elements(1);
      if (region.size() != 2 * axes.length) {
        throw op.error(
            "needs a region of interest with two bounds for each of " + axes.length + " axes");
      }
      for (int i = 0; i < axes.length; i++) {
        starts[axes[i]] = region.get(i);
        ends[axes[i]] = region.get(axes.length + i);
      }
    }
    Interpolation.Taps[] taps = new Interpolation.Taps[shape.rank()];
    for (int axis = 0; axis < taps.length; axis++) {
      int in = (int) shape.dim(axis).value();
      int out = (int) target.dim(axis).value();
      Axis resized = new Axis(in, out, scales[axis], starts[axis], ends[axis]);
      if (resized.isKept()) {
        continue;
      }
      double[] positions = new double[out];
      for (int o = 0; o < out; o++) {
        positions[o] = resized.position(op, position, o);
      }
      taps[axis] = rule.taps(in, positions, scales[axis]);
    }
    return taps;
  }

  private static Nearest nearest(Operator op, boolean isOld) {
    String nearest = op.node().text("nearest_mode", isOld ? "floor" : "round_prefer_floor");
    return switch (nearest) {
      case "round_prefer_floor" -> Nearest.ROUND_PREFER_FLOOR;
      case "round_prefer_ceil" -> Nearest.ROUND_PREFER_CEIL;
      case "floor" -> Nearest.FLOOR;
      case "ceil" -> Nearest.CEIL;
      default -> throw op.error("has the unknown nearest_mode '" + nearest + "'");
    };
  }

  /**
   * An axis that is resized.
   *
   * @param in its size before
   * @param out its size after
   * @param start where the region that is taken begins, as a part of the size
   * @param end where it ends
   */
  private record Axis(int in, int out, double scale, double start, double end) {
    boolean isKept() {
      return in == out && scale == 1 && start == 0 && end == 1;
    }

    /** Where in the input an element of the output lies. */
    double position(Operator op, String mode, int o) {
      return switch (mode) {
        case "half_pixel" -> (o + 0.5) / scale - 0.5;
        case "pytorch_half_pixel" -> out > 1 ? (o + 0.5) / scale - 0.5 : 0;
        case "half_pixel_symmetric" -> {
          double adjustment = out / (scale * in);
          yield in / 2.0 * (1 - adjustment) + (o + 0.5) / scale - 0.5;
        }
        // Of the size before it was rounded down, as ONNX's reference computes it.
        case "align_corners" -> scale * in > 1 ? o * (in - 1) / (scale * in - 1) : 0;
        case "asymmetric" -> o / scale;
        case CROPS ->
            out > 1
                ? start * (in - 1) + o * (end - start) * (in - 1) / (out - 1)
                : 0.5 * (start + end) * (in - 1);
        case "tf_half_pixel_for_nn" -> (o + 0.5) / scale;
        default -> throw op.error("has the unknown coordinate_transformation_mode '" + mode + "'");
      };
    }
  }
}
