package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.PaddingMode;
import lamina.op.Paddings;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Padding of 1 to 3 spatial axes: ZeroPad, ConstantPad, ReflectionPad, ReplicationPad and
 * CircularPad.
 *
 * @param type which of them
 * @param before padding before the first element, axis by axis; negative cuts off
 * @param after padding after the last element
 */
public record Pad(String type, int[] before, int[] after, PaddingMode mode) implements Layer {
  /** print(model) shows a value of these too. */
  static final LayerType ZERO =
      new LayerType("ZeroPad#d", "padding, value=0.0", "zeros around the input") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, PaddingMode.Kind.CONSTANT);
        }
      }.keras("ZeroPadding#D").onnx("Pad");

  static final LayerType CONSTANT =
      new LayerType("ConstantPad#d", "padding, value", "a constant around the input") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, PaddingMode.Kind.CONSTANT);
        }
      }.onnx("Pad");

  static final LayerType REFLECTION =
      new LayerType(
          "ReflectionPad#d", "padding", "the input mirrored at its edges, which are not repeated") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, PaddingMode.Kind.REFLECT);
        }
      }.onnx("Pad");

  static final LayerType REPLICATION =
      new LayerType("ReplicationPad#d", "padding", "the input's edges repeated") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, PaddingMode.Kind.REPLICATE);
        }
      }.onnx("Pad");

  static final LayerType CIRCULAR =
      new LayerType("CircularPad#d", "padding", "the input continued from its other end") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, PaddingMode.Kind.CIRCULAR);
        }
      }.onnx("Pad");

  private static Layer of(LayerArguments args, PaddingMode.Kind kind) {
    boolean constant = kind == PaddingMode.Kind.CONSTANT;
    int axes = args.spatial();
    int[] list = args.list("padding", constant ? Integer.MIN_VALUE : 0);
    if (list.length != 1 && list.length != 2 * axes) {
      throw args.error(
          "padding",
          "must have one number or " + 2 * axes + " (before and after, the last axis first)",
          args.value("padding"));
    }
    int[] before = new int[axes];
    int[] after = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      int place = 2 * (axes - 1 - axis);
      before[axis] = list[list.length == 1 ? 0 : place];
      after[axis] = list[list.length == 1 ? 0 : place + 1];
    }
    double value = constant ? args.number("value") : 0;
    return new Pad(args.type(), before, after, new PaddingMode(kind, value));
  }

  private int axes() {
    return before.length;
  }

  @Override
  public Ranks ranks() {
    return Ranks.channelsAnd(axes());
  }

  @Override
  public Shape output(Shape input) {
    Shape output = input;
    for (int axis = 0; axis < axes(); axis++) {
      Dim size = input.dim(axis - axes());
      mode.check(axis, size, before[axis]);
      mode.check(axis, size, after[axis]);
      Dim padded = size.plus((long) before[axis] + after[axis]);
      if (padded.isNumber() && padded.value() < 1) {
        throw new InputException("cuts the " + size + " elements of an axis down to " + padded);
      }
      output = output.with(axis - axes(), padded);
    }
    return output;
  }

  @Override
  public Reach reach(Shape input) {
    Reach reach = Reach.uniform(axes(), 0, 0, 1);
    for (int axis = 0; axis < axes(); axis++) {
      reach.offset()[axis] = -before[axis];
    }
    return reach;
  }

  @Override
  public List<String> explanation(Shape input) {
    List<String> lines = new ArrayList<>();
    for (int axis = 0; axis < axes(); axis++) {
      lines.add(
          SizeFormula.axis(axis, axes())
              + "_out = "
              + input.dim(axis - axes())
              + " + "
              + before[axis]
              + " + "
              + after[axis]
              + " = "
              + output(input).dim(axis - axes()));
    }
    return lines;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> Paddings.padBackward(dy, input.shape(), before, after, mode));
    return Paddings.pad(input, before, after, mode);
  }
}
