package lamina.layer;

import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Each element, but at least one bound and at most another. Its slope is 0 where it is bounded, and
 * 1 at the bounds, as torch.clamp's.
 */
public record Clip(double least, double most) implements Layer {
  @Override
  public String type() {
    return "Clip";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record(
        (dy, gradients) -> {
          Tensor dx = Tensor.zeros(dy.dtype(), dy.shape());
          for (int i = 0; i < dx.size(); i++) {
            if (input.get(i) >= least && input.get(i) <= most) {
              set(dx, i, dy.get(i));
            }
          }
          return dx;
        });
    Tensor y = Tensor.zeros(input.dtype(), input.shape());
    for (int i = 0; i < y.size(); i++) {
      set(y, i, Math.min(most, Math.max(least, input.get(i))));
    }
    return y;
  }

  private static void set(Tensor tensor, int index, double value) {
    if (tensor.dtype() == DType.FLOAT64) {
      tensor.doubles()[index] = value;
    } else if (tensor.dtype() == DType.FLOAT32) {
      tensor.floats()[index] = (float) value;
    } else {
      tensor.longs()[index] = (long) value;
    }
  }
}
