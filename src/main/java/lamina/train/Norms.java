package lamina.train;

import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Lengths of tensors, in double. Elements are taken in blocks, which make one loop serve both
 * precisions, and are added up in four chains: an addition takes four times as long as the
 * processor is busy with it.
 */
final class Norms {
  /** Elements of a block: few, so that it stays in the nearest cache. */
  static final int BLOCK = 128;

  private Norms() {}

  /** The L2 norm of a tensor. */
  static double norm(Tensor tensor) {
    return norm(tensor, 0, tensor.size());
  }

  /** The L2 norm of some elements. */
  static double norm(Tensor tensor, int from, int count) {
    double[] block = new double[BLOCK];
    double squares = 0;
    for (int start = from; start < from + count; start += BLOCK) {
      squares += squares(read(tensor, start, from + count, block), block);
    }
    return Math.sqrt(squares);
  }

  /** The L2 norm of the difference of two tensors of one shape. */
  static double distance(Tensor one, Tensor other) {
    double[] block = new double[BLOCK];
    double[] otherBlock = new double[BLOCK];
    double squares = 0;
    for (int start = 0; start < one.size(); start += BLOCK) {
      int count = read(one, start, one.size(), block);
      read(other, start, one.size(), otherBlock);
      for (int i = 0; i < count; i++) {
        block[i] -= otherBlock[i];
      }
      squares += squares(count, block);
    }
    return Math.sqrt(squares);
  }

  /** Takes the next elements before {@code end}; answers how many. */
  static int read(Tensor tensor, int from, int end, double[] block) {
    int count = Math.min(BLOCK, end - from);
    if (tensor.dtype() == DType.FLOAT32) {
      float[] floats = tensor.floats();
      for (int i = 0; i < count; i++) {
        block[i] = floats[from + i];
      }
    } else {
      System.arraycopy(tensor.doubles(), from, block, 0, count);
    }
    return count;
  }

  /** The sum of the squares of the first elements. */
  static double squares(int count, double[] x) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      first += x[i] * x[i];
      second += x[i + 1] * x[i + 1];
      third += x[i + 2] * x[i + 2];
      fourth += x[i + 3] * x[i + 3];
    }
    for (; i < count; i++) {
      first += x[i] * x[i];
    }
    return (first + second) + (third + fourth);
  }

  /** The sum of the first elements. */
  static double sum(int count, double[] x) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      first += x[i];
      second += x[i + 1];
      third += x[i + 2];
      fourth += x[i + 3];
    }
    for (; i < count; i++) {
      first += x[i];
    }
    return (first + second) + (third + fourth);
  }
}
