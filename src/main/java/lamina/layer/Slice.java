package lamina.layer;

import lamina.op.Blocks;
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
    Tensor y = Tensor.zeros(input.dtype(), output(shape).sizes());
    copy(input, y, axis, true);
    pass.record(
        (dy, gradients) -> {
          Tensor dx = Tensor.zeros(dy.dtype(), input.shape());
          copy(dx, dy, axis, false);
          return dx;
        });
    return y;
  }

  /** Copies the elements from the whole to the part, or back. */
  private void copy(Tensor whole, Tensor part, int axis, boolean out) {
    int inner = 1;
    for (int i = axis + 1; i < whole.rank(); i++) {
      inner *= whole.dim(i);
    }
    int size = whole.dim(axis);
    int count = part.dim(axis);
    int first = (int) within(start, size);
    int blocks = part.size() / (count * inner);
    for (int block = 0; block < blocks; block++) {
      for (int i = 0; i < count; i++) {
        int wholeOffset = (block * size + first + i * step) * inner;
        int partOffset = (block * count + i) * inner;
        if (out) {
          Blocks.copy(whole, wholeOffset, part, partOffset, inner);
        } else {
          Blocks.copy(part, partOffset, whole, wholeOffset, inner);
        }
      }
    }
  }
}
