package lamina.layer;

import lamina.op.AxisPart;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * One of several parts of an axis, as torch.chunk divides it: all of {@code ⌈size / chunks⌉}
 * elements, the last one of what is left.
 *
 * @param chunks how many parts
 * @param dim the axis, which counts the batch; negative from the last
 * @param index which part
 */
public record Chunk(int chunks, int dim, int index) implements Layer {
  static final LayerType TYPE =
      new LayerType("Chunk", "chunks, dim=0, index=0", "one of several equal parts of an axis") {
        @Override
        public Layer layer(LayerArguments args) {
          return Chunk.of(args);
        }
      };

  private static Layer of(LayerArguments args) {
    int chunks = args.integer("chunks", 1);
    int index = args.integer("index", -chunks);
    if (index >= chunks) {
      throw args.error("index", "must be below the number of chunks, " + chunks, index);
    }
    return new Chunk(
        chunks, args.integer("dim", Integer.MIN_VALUE), index < 0 ? index + chunks : index);
  }

  @Override
  public String type() {
    return "Chunk";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    int axis = Axis.of(dim, input, "dim");
    Dim size = input.dim(axis);
    Dim part = size.ceilDiv(chunks);
    if (!size.isNumber()) {
      return input.with(axis, index < chunks - 1 ? part : size.minus(part.times(chunks - 1L)));
    }
    long left = size.value() - index * part.value();
    if (left < 1) {
      throw new InputException(
          "has no part " + index + ": axis " + dim + " of " + size + " gives parts of " + part);
    }
    return input.with(axis, Dim.of(Math.min(left, part.value())));
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Shape shape = Shape.of(input.shape());
    int axis = Axis.of(dim, shape, "dim");
    int first = index * ((input.dim(axis) + chunks - 1) / chunks);
    AxisPart part = new AxisPart(axis, first, (int) output(shape).dim(axis).value(), 1);
    pass.record((dy, gradients) -> part.backward(dy, input.shape()));
    return part.forward(input);
  }
}
