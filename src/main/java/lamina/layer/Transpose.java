package lamina.layer;

import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * Two axes change places: {@code Transpose(1, 2)}. As torch.transpose, which has no module; the
 * batch counts among the axes, and a negative one counts from the last.
 */
public record Transpose(int dim0, int dim1) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Transpose", "dim0, dim1", "two axes change places, the batch counted among them") {
        @Override
        public Layer layer(LayerArguments args) {
          return Transpose.of(args);
        }
      }.onnx("Transpose");

  private static Layer of(LayerArguments args) {
    return new Transpose(
        args.integer("dim0", Integer.MIN_VALUE), args.integer("dim1", Integer.MIN_VALUE));
  }

  @Override
  public String type() {
    return "Transpose";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  private Permute order(Shape input) {
    int[] order = new int[input.rank()];
    for (int axis = 0; axis < order.length; axis++) {
      order[axis] = axis;
    }
    int first = Axis.of(dim0, input, "dim0");
    int second = Axis.of(dim1, input, "dim1");
    order[first] = second;
    order[second] = first;
    return new Permute(order);
  }

  @Override
  public Shape output(Shape input) {
    return order(input).output(input);
  }

  @Override
  public Reach reach(Shape input) {
    return order(input).reach(input);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    return order(Shape.of(input.shape())).forward(input, weights, pass);
  }
}
