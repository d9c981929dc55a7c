package lamina.layer;

import lamina.op.AxisPart;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A part of an axis: {@code Narrow(1, 0, 10)} takes the first ten steps of a sequence {@code (N, T,
 * I)}. As torch.narrow, which has no module.
 *
 * @param dim the axis, the batch counted; negative from the last one
 * @param start the first element
 * @param length how many
 */
public record Narrow(int dim, int start, int length) implements Layer {
  static final LayerType TYPE =
      new LayerType("Narrow", "dim, start, length", "a part of an axis") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Narrow(
              args.integer("dim", Integer.MIN_VALUE),
              args.integer("start", 0),
              args.integer("length", 1));
        }
      };

  @Override
  public String type() {
    return "Narrow";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    int axis = Axis.of(dim, input, "dim");
    Dim size = input.dim(axis);
    if (size.isNumber() && (long) start + length > size.value()) {
      throw new InputException(
          "takes elements "
              + start
              + " to "
              + ((long) start + length - 1)
              + " of axis "
              + dim
              + ", which has "
              + size);
    }
    return input.with(axis, Dim.of(length));
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Shape shape = Shape.of(input.shape());
    int axis = Axis.of(dim, shape, "dim");
    AxisPart part = new AxisPart(axis, start, (int) output(shape).dim(axis).value(), 1);
    pass.record((dy, gradients) -> part.backward(dy, input.shape()));
    return part.forward(input);
  }
}
