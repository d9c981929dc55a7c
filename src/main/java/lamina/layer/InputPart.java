package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.AxisPart;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * One of several inputs that come as one: samples {@code (N, all elements)} have the elements of
 * all inputs one after another.
 *
 * @param start the first element
 * @param sample the shape of one sample of this input
 */
public record InputPart(int start, Shape sample) implements Layer {
  @Override
  public String type() {
    return "Input";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(1, 2, 1);
  }

  @Override
  public Shape output(Shape input) {
    if (input.rank() == 1) {
      return sample;
    }
    List<Dim> dims = new ArrayList<>(sample.dims());
    dims.add(0, input.dim(0));
    return new Shape(dims);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int axis = input.rank() - 1;
    AxisPart part = new AxisPart(axis, start, (int) sample.elements().value(), 1);
    Tensor flat = part.forward(input);
    pass.record((dy, gradients) -> part.backward(dy.reshape(flat.shape()), input.shape()));
    return flat.reshape(output(Shape.of(input.shape())).sizes());
  }
}
