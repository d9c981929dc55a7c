package lamina.op;

import lamina.kernel.Backend;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** Moves and multiplies contiguous blocks of tensors of one dtype, whichever that is. */
public final class Blocks {
  private Blocks() {}

  private static Object array(Tensor tensor) {
    return switch (tensor.dtype()) {
      case FLOAT64 -> tensor.doubles();
      case FLOAT32 -> tensor.floats();
      case INT64 -> tensor.longs();
    };
  }

  /** Copies {@code count} elements. */
  public static void copy(Tensor from, int fromOffset, Tensor to, int toOffset, int count) {
    System.arraycopy(array(from), fromOffset, array(to), toOffset, count);
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

  /** {@code c += op(a) · op(b)} of matrices, c being m×n. */
  public static void multiply(
      Backend backend, Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor c) {
    int k = a.dim(transposeA ? 0 : 1);
    int m = c.dim(0);
    int n = c.dim(1);
    if (c.dtype() == DType.FLOAT32) {
      backend.multiply(
          m,
          n,
          k,
          a.floats(),
          0,
          a.dim(1),
          transposeA,
          b.floats(),
          0,
          b.dim(1),
          transposeB,
          c.floats(),
          0,
          n,
          true);
    } else {
      backend.multiply(
          m,
          n,
          k,
          a.doubles(),
          0,
          a.dim(1),
          transposeA,
          b.doubles(),
          0,
          b.dim(1),
          transposeB,
          c.doubles(),
          0,
          n,
          true);
    }
  }
}
