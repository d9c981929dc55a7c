package lamina.op;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Rows of a table by their index: the vectors of words or tokens. */
public final class EmbeddingTable {
  private EmbeddingTable() {}

  /**
   * The rows {@code (..., features)}.
   *
   * @param indices any shape; whole numbers from 0 to rows − 1, as int64 or as floating point
   * @param weight {@code (rows, features)}
   * @throws InputException for an index that is no row
   */
  public static Tensor forward(Tensor indices, Tensor weight) {
    int features = weight.dim(1);
    Tensor y = Tensor.zeros(weight.dtype(), outputShape(indices, weight));
    Object from = weight.dtype() == DType.FLOAT64 ? weight.doubles() : weight.floats();
    Object to = weight.dtype() == DType.FLOAT64 ? y.doubles() : y.floats();
    for (int i = 0; i < indices.size(); i++) {
      System.arraycopy(from, row(indices, i, weight) * features, to, i * features, features);
    }
    return y;
  }

  /**
   * The gradient with respect to the table: each row of dy is added to the row it came from.
   *
   * @param paddingIndex a row that gets no gradient; negative ones count from the last row; null if
   *     there is none
   */
  public static Tensor backward(Tensor indices, Tensor weight, Tensor dy, Integer paddingIndex) {
    Checks.gradient(dy, weight.dtype(), outputShape(indices, weight));
    int features = weight.dim(1);
    Tensor dWeight = Tensor.zeros(weight.dtype(), weight.shape());
    int skipped =
        paddingIndex == null
            ? -1
            : paddingIndex < 0 ? paddingIndex + weight.dim(0) : paddingIndex.intValue();
    for (int i = 0; i < indices.size(); i++) {
      int row = row(indices, i, weight);
      if (row == skipped) {
        continue;
      }
      for (int f = 0; f < features; f++) {
        if (dy.dtype() == DType.FLOAT64) {
          dWeight.doubles()[row * features + f] += dy.doubles()[i * features + f];
        } else {
          dWeight.floats()[row * features + f] += dy.floats()[i * features + f];
        }
      }
    }
    return dWeight;
  }

  private static int[] outputShape(Tensor indices, Tensor weight) {
    Checks.real(weight, "an embedding's table");
    if (weight.rank() != 2) {
      throw new InputException(
          "an embedding's table (rows, features) has rank 2, not shape "
              + Tensor.text(weight.shape()));
    }
    int[] shape = Arrays.copyOf(indices.shape(), indices.rank() + 1);
    shape[indices.rank()] = weight.dim(1);
    return shape;
  }

  private static int row(Tensor indices, int position, Tensor weight) {
    double index = indices.get(position);
    if (!(index >= 0 && index < weight.dim(0) && index == Math.rint(index))) {
      throw new InputException(
          "index "
              + Checks.number(index)
              + " at element "
              + position
              + " is no row of the embedding, which has the rows 0 to "
              + (weight.dim(0) - 1));
    }
    return (int) index;
  }
}
