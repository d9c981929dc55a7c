package lamina.layer;

import lamina.op.Picks;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * Elements chosen on each axis by itself: ONNX's Slice, Split, Tile, Expand and Pad, once the
 * input's shape is known.
 *
 * @param type the operator's name
 * @param target the output's shape
 * @param picks for each axis the indices to take, −1 for none, or null for all; null as a whole
 *     where sizes are symbols, which nothing can run on
 * @param fill what −1 gives
 */
public record Pick(String type, Shape target, int[][] picks, double fill) implements Layer {
  @Override
  public Shape output(Shape input) {
    return target;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (input.dtype() != DType.INT64) {
      pass.record((dy, gradients) -> Picks.backward(dy, picks, input.shape()));
    }
    return Picks.forward(input, picks, fill);
  }
}
