package lamina.op;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Checks of shapes and types that every operation makes. */
final class Shapes {
  private Shapes() {}

  /**
   * Checks that a tensor has a shape.
   *
   * @param what the tensor in messages: {@code the bias}
   */
  static void check(String what, Tensor tensor, int... expected) {
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw InputException.sentence(
          what
              + " has shape "
              + Tensor.text(tensor.shape())
              + " but "
              + Tensor.text(expected)
              + " is needed");
    }
  }

  /** Checks that tensors have the same type, and that arithmetic is done in it. */
  static void checkType(Tensor first, Tensor second) {
    if (first.dtype() != second.dtype() || first.dtype() == DType.INT64) {
      throw new InputException(
          "types "
              + first.dtype().label()
              + " and "
              + second.dtype().label()
              + " do not go together; use float64 or float32 for both");
    }
  }
}
