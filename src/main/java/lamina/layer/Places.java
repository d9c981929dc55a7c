package lamina.layer;

import lamina.op.Gathers;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * An element of the input at every place of the output, or 0: ONNX's ReverseSequence and Trilu,
 * once the input's shape is known.
 *
 * @param type the operator's name
 * @param places flat offsets in the input; −1 for 0
 */
public record Places(String type, Shape target, int[] places) implements Layer {
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
    if (input.dtype() != DType.INT64) {
      pass.record((dy, gradients) -> Gathers.takeBackward(dy, places, input.shape()));
    }
    return Gathers.take(input, places, target.sizes());
  }
}
