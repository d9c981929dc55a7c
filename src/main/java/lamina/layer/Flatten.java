package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Several neighbouring axes become one. A negative axis counts from the last one, which is -1. */
public record Flatten(int startDim, int endDim) implements Layer {
  static final LayerType TYPE =
      new LayerType("Flatten", "start_dim=1, end_dim=-1", "neighbouring axes become one") {
        @Override
        public Layer layer(LayerArguments args) {
          return Flatten.of(args);
        }
      }.keras("Flatten").onnx("Flatten");

  private static Layer of(LayerArguments args) {
    return new Flatten(
        args.integer("start_dim", Integer.MIN_VALUE), args.integer("end_dim", Integer.MIN_VALUE));
  }

  @Override
  public String type() {
    return "Flatten";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    // A scalar counts as one axis, as in PyTorch.
    Shape shape = input.rank() == 0 ? Shape.of(1) : input;
    int start = Axis.of(startDim, shape, "start_dim");
    int end = Axis.of(endDim, shape, "end_dim");
    if (start > end) {
      throw new InputException(
          "has start_dim " + startDim + " after end_dim " + endDim + " for the input " + input);
    }
    Dim product = Dim.ONE;
    List<Dim> dims = new ArrayList<>(shape.dims().subList(0, start));
    for (Dim dim : shape.dims().subList(start, end + 1)) {
      product = product.times(dim);
    }
    dims.add(product);
    dims.addAll(shape.dims().subList(end + 1, shape.rank()));
    return new Shape(dims);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> dy.reshape(input.shape()));
    return input.reshape(output(Shape.of(input.shape())).sizes());
  }
}
