package lamina.layer;

import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * The sum of all elements up to each one along an axis: ONNX's CumSum.
 *
 * @param exclusive whether an element's own value is left out
 * @param reverse whether sums run from the end
 */
public record CumulativeSum(int axis, boolean exclusive, boolean reverse) implements Layer {
  @Override
  public String type() {
    return "CumSum";
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (input.dtype() != DType.INT64) {
      pass.record((dy, gradients) -> sums(dy, !reverse));
    }
    return sums(input, reverse);
  }

  private Tensor sums(Tensor x, boolean fromEnd) {
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    int size = x.dim(axis);
    int inner = Tensor.strides(x.shape())[axis];
    for (int row = 0; size > 0 && row < x.size() / size; row++) {
      int start = row / inner * size * inner + row % inner;
      double sum = 0;
      long whole = 0;
      for (int i = 0; i < size; i++) {
        int at = start + (fromEnd ? size - 1 - i : i) * inner;
        double before = sum;
        long wholeBefore = whole;
        sum += x.get(at);
        whole += x.dtype() == DType.INT64 ? x.longs()[at] : 0;
        switch (x.dtype()) {
          case FLOAT64 -> y.doubles()[at] = exclusive ? before : sum;
          case FLOAT32 -> y.floats()[at] = (float) (exclusive ? before : sum);
          case INT64 -> y.longs()[at] = exclusive ? wholeBefore : whole;
        }
      }
    }
    return y;
  }
}
