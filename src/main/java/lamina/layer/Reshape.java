package lamina.layer;

import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The same elements in another shape: ONNX's Reshape, Flatten, Squeeze and Unsqueeze, once the
 * input's shape is known.
 *
 * @param type the operator's name
 * @param target the output's shape
 */
public record Reshape(String type, Shape target) implements Layer {
  @Override
  public Shape output(Shape input) {
    if (input.isNumber()
        && target.isNumber()
        && input.elements().value() != target.elements().value()) {
      throw new InputException(
          "makes "
              + target
              + " of "
              + input
              + ", which has "
              + input.elements()
              + " elements rather than "
              + target.elements());
    }
    return target;
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> dy.reshape(input.shape()));
    return input.reshape(target.sizes());
  }
}
