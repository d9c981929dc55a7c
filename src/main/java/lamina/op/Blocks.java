package lamina.op;

import lamina.kernel.Matrix;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** Copies and adds contiguous blocks of tensors of one dtype, which may be any. */
public final class Blocks {
  private Blocks() {}

  /** Copies {@code count} elements. */
  public static void copy(Tensor from, int fromOffset, Tensor to, int toOffset, int count) {
    System.arraycopy(from.array(), fromOffset, to.array(), toOffset, count);
  }

  /** A copy of entry {@code index} of the first axis. */
  public static Tensor entry(Tensor from, int index) {
    int[] shape = new int[from.rank() - 1];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = from.dim(i + 1);
    }
    Tensor entry = Tensor.zeros(from.dtype(), shape);
    copy(from, index * entry.size(), entry, 0, entry.size());
    return entry;
  }

  /** {@code sum += addend}, element by element. */
  public static void add(Tensor sum, Tensor addend) {
    if (sum.dtype() == DType.FLOAT32) {
      for (int i = 0; i < sum.size(); i++) {
        sum.floats()[i] += addend.floats()[i];
      }
    } else {
      for (int i = 0; i < sum.size(); i++) {
        sum.doubles()[i] += addend.doubles()[i];
      }
    }
  }

  /** A tensor of two axes as a matrix. */
  public static Matrix<Object> matrix(Tensor tensor) {
    return Matrix.of(tensor.array(), tensor.dim(0), tensor.dim(1));
  }
}
