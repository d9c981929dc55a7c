package lamina.layer;

import lamina.op.Interpolation;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * Each axis resampled by itself: ONNX's Resize and Upsample, once the input's shape is known.
 *
 * @param type the operator's name
 * @param target the output's shape
 * @param taps for each axis what its elements are made of, or null if it stays; null as a whole
 *     where sizes are symbols
 */
public record Resample(String type, Shape target, Interpolation.Taps[] taps) implements Layer {
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
    Tensor y = input;
    for (int axis = 0; axis < taps.length; axis++) {
      if (taps[axis] != null) {
        int resampled = axis;
        int[] before = y.shape();
        if (y.dtype() != DType.INT64) {
          pass.record(
              (dy, gradients) -> Interpolation.backward(dy, resampled, taps[resampled], before));
        }
        y = Interpolation.forward(y, axis, taps[axis]);
      }
    }
    return y;
  }
}
