package lamina.layer;

import java.util.Arrays;
import java.util.Comparator;
import lamina.op.Gathers;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * The greatest or smallest elements along an axis, in order; of equal ones the first comes first.
 *
 * @param givesIndices whether it gives their indices rather than their values
 */
public record TopK(int axis, int count, boolean greatest, boolean givesIndices) implements Layer {
  @Override
  public String type() {
    return "TopK";
  }

  @Override
  public Shape output(Shape input) {
    return input.with(axis, Dim.of(count));
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int[] shape = output(Shape.of(input.shape())).sizes();
    int[] places = new int[Tensor.elements(shape)];
    Tensor order = Tensor.zeros(DType.INT64, shape);
    int size = input.dim(axis);
    int inner = Tensor.strides(shape)[axis];
    for (int row = 0; size > 0 && row < input.size() / size; row++) {
      int start = row / inner * size * inner + row % inner;
      Integer[] sorted = new Integer[size];
      Arrays.setAll(sorted, i -> i);
      Comparator<Integer> rising = Comparator.comparingDouble(i -> input.get(start + i * inner));
      Arrays.sort(sorted, greatest ? rising.reversed() : rising);
      for (int i = 0; i < count; i++) {
        int to = row / inner * count * inner + row % inner + i * inner;
        order.longs()[to] = sorted[i];
        places[to] = start + sorted[i] * inner;
      }
    }
    if (givesIndices) {
      return order;
    }
    if (input.dtype() != DType.INT64) {
      pass.record((dy, gradients) -> Gathers.takeBackward(dy, places, input.shape()));
    }
    return Gathers.take(input, places, shape);
  }
}
