package lamina.layer;

import lamina.op.Gathers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * Every element added to a place of the output, zeros where none comes: ONNX's Col2Im, once the
 * input's shape is known.
 *
 * @param type the operator's name
 * @param places flat offsets in the output; −1 for elements that go nowhere
 */
public record Overlap(String type, Shape target, int[] places) implements Layer {
  @Override
  public Shape output(Shape input) {
    return target;
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> Gathers.take(dy, places, input.shape()));
    return Gathers.takeBackward(input, places, target.sizes());
  }
}
