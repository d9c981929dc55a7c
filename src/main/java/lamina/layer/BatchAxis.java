package lamina.layer;

import java.util.Arrays;
import lamina.tensor.Tensor;

/** The batch axis, which layers over channels and space take or leave. */
final class BatchAxis {
  private BatchAxis() {}

  /** The tensor with this rank: itself, or with a batch of one before it. */
  static Tensor add(Tensor x, int rank) {
    if (x.rank() == rank) {
      return x;
    }
    int[] shape = new int[rank];
    shape[0] = 1;
    System.arraycopy(x.shape(), 0, shape, 1, rank - 1);
    return x.reshape(shape);
  }

  /** The tensor without its batch axis, if that had been added. */
  static Tensor remove(Tensor y, boolean added) {
    return added ? y.reshape(Arrays.copyOfRange(y.shape(), 1, y.rank())) : y;
  }
}
