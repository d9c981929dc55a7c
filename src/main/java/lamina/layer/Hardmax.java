package lamina.layer;

import lamina.op.Reductions;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/** 1 at the first greatest element along an axis, and 0 elsewhere. */
public record Hardmax(int axis) implements Layer {
  @Override
  public String type() {
    return "Hardmax";
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> Tensor.zeros(dy.dtype(), dy.shape()));
    Tensor y = Tensor.zeros(input.dtype(), input.shape());
    Tensor best = Reductions.index(input, axis, true, false);
    int inner = Tensor.strides(input.shape())[axis];
    for (int row = 0; row < best.size(); row++) {
      int start = row / inner * input.dim(axis) * inner + row % inner;
      int place = start + (int) best.longs()[row] * inner;
      if (y.dtype() == DType.FLOAT64) {
        y.doubles()[place] = 1;
      } else {
        y.floats()[place] = 1;
      }
    }
    return y;
  }
}
