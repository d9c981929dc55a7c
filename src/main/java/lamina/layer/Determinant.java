package lamina.layer;

import lamina.op.Determinants;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** The determinants of the square matrices in the last two axes: ONNX's Det. */
public record Determinant() implements Layer {
  @Override
  public String type() {
    return "Det";
  }

  @Override
  public Shape output(Shape input) {
    if (input.rank() < 2 || !input.dim(-1).equals(input.dim(-2))) {
      throw new InputException("needs square matrices, not " + input);
    }
    return new Shape(input.dims().subList(0, input.rank() - 2));
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> Determinants.backward(input, dy));
    return Determinants.forward(input);
  }
}
