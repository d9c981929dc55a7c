package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.AxisPart;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * One element of an axis, which disappears: {@code Select(1, -1)} takes the last step of a sequence
 * {@code (N, T, I)}. As torch.select, which has no module.
 */
public record Select(int dim, int index) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Select", "dim, index", "one element of an axis, such as the last step: Select(1, -1)") {
        @Override
        public Layer layer(LayerArguments args) {
          return Select.of(args);
        }
      }.onnx("Gather");

  private static Layer of(LayerArguments args) {
    return new Select(
        args.integer("dim", Integer.MIN_VALUE), args.integer("index", Integer.MIN_VALUE));
  }

  @Override
  public String type() {
    return "Select";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    int axis = Axis.of(dim, input, "dim");
    Dim size = input.dim(axis);
    if (size.isNumber() && (index >= size.value() || index < -size.value())) {
      throw new InputException("has index " + index + " but axis " + dim + " has " + size);
    }
    List<Dim> dims = new ArrayList<>(input.dims());
    dims.remove(axis);
    return new Shape(dims);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Shape shape = Shape.of(input.shape());
    int axis = Axis.of(dim, shape, "dim");
    int[] selected = output(shape).sizes();
    AxisPart part = new AxisPart(axis, index < 0 ? index + input.dim(axis) : index, 1, 1);
    int[] kept = input.shape();
    kept[axis] = 1;
    pass.record((dy, gradients) -> part.backward(dy.reshape(kept), input.shape()));
    return part.forward(input).reshape(selected);
  }
}
