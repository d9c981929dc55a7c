package lamina.op;

import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** Rows of a tensor, which lie on its last axis: taken in an order of one's own. */
public final class Rows {
  private Rows() {}

  /**
   * A tensor of rows of another one.
   *
   * @param rows for each row of the result, that of {@code from}; −1 for zeros
   * @param shape of the result, with rows of the same length
   */
  public static Tensor take(Tensor from, int[] rows, int... shape) {
    Tensor result = Tensor.zeros(from.dtype(), shape);
    int length = result.dim(-1);
    for (int row = 0; row < rows.length; row++) {
      if (rows[row] >= 0) {
        Blocks.copy(from, rows[row] * length, result, row * length, length);
      }
    }
    return result;
  }

  /**
   * The gradient of {@link #take} with respect to {@code from}: each row gathers those taken of it.
   *
   * @param shape that of {@code from}
   */
  public static Tensor takeBackward(Tensor dy, int[] rows, int... shape) {
    Tensor gradient = Tensor.zeros(dy.dtype(), shape);
    int length = gradient.dim(-1);
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; rows[row] >= 0 && i < length; i++) {
        int to = rows[row] * length + i;
        if (dy.dtype() == DType.FLOAT32) {
          gradient.floats()[to] += dy.floats()[row * length + i];
        } else {
          gradient.doubles()[to] += dy.doubles()[row * length + i];
        }
      }
    }
    return gradient;
  }

  /** Two tensors of as many rows, each row of the second behind that of the first. */
  public static Tensor beside(Tensor first, Tensor second) {
    int left = first.dim(-1);
    int right = second.dim(-1);
    int[] shape = first.shape();
    shape[shape.length - 1] = left + right;
    Tensor whole = Tensor.zeros(first.dtype(), shape);
    for (int row = 0; row * left < first.size(); row++) {
      Blocks.copy(first, row * left, whole, row * (left + right), left);
      Blocks.copy(second, row * right, whole, row * (left + right) + left, right);
    }
    return whole;
  }

  /** The columns from {@code from} on, {@code count} of them. */
  public static Tensor columns(Tensor whole, int from, int count) {
    return new AxisPart(whole.rank() - 1, from, count, 1).forward(whole);
  }
}
