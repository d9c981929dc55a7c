package lamina.layer;

import lamina.op.AxisPart;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A part of an axis, as Python's {@code x[start:stop:step]}.
 *
 * @param dim the axis, which counts the batch; negative from the last
 * @param start the first element; negative from the end
 * @param stop the element behind the last one; negative from the end; null for all that follow
 * @param step how far apart elements are, at least 1
 */
public record Slice(int dim, int start, Integer stop, int step) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Slice", "dim, start=0, stop=None, step=1", "a part of an axis: Slice(1, 0, -1)") {
        @Override
        public Layer layer(LayerArguments args) {
          return Slice.of(args);
        }
      };

  private static Layer of(LayerArguments args) {
    return new Slice(
        args.integer("dim", Integer.MIN_VALUE),
        args.integer("start", Integer.MIN_VALUE),
        args.isNone("stop") ? null : args.integer("stop", Integer.MIN_VALUE),
        args.integer("step", 1));
  }

  @Override
  public String type() {
    return "Slice";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    int axis = Axis.of(dim, input, "dim");
    Dim size = input.dim(axis);
    if (size.isNumber()) {
      return input.with(axis, Dim.of(count(size.value())));
    }
    Dim first = start < 0 ? size.plus(start) : Dim.of(start);
    Dim end = stop == null ? size : stop < 0 ? size.plus(stop) : Dim.of(stop);
    return input.with(axis, end.minus(first).ceilDiv(step));
  }

  private long count(long size) {
    long end = stop == null ? size : within(stop, size);
    long count = Math.floorDiv(end - within(start, size) + step - 1, step);
    if (count < 1) {
      throw new InputException("takes nothing of axis " + dim + ", which has " + size);
    }
    return count;
  }

  /** Python cuts what lies beyond the ends. */
  private static long within(int index, long size) {
    return Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Shape shape = Shape.of(input.shape());
    int axis = Axis.of(dim, shape, "dim");
    int first = (int) within(start, input.dim(axis));
    AxisPart part = new AxisPart(axis, first, (int) output(shape).dim(axis).value(), step);
    pass.record((dy, gradients) -> part.backward(dy, input.shape()));
    return part.forward(input);
  }
}
