package lamina.layer;

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
              dx.set(i, dy.get(i));
            }
          }
          return dx;
        });
    Tensor y = Tensor.zeros(input.dtype(), input.shape());
    for (int i = 0; i < y.size(); i++) {
      y.set(i, Math.min(most, Math.max(least, input.get(i))));
    }
    return y;
  }
}
