package lamina.kernel;

import lamina.tensor.DType;

/**
 * One implementation of the arithmetic, in both precisions: the scalar one is plain loops, the
 * vector one uses the Vector API.
 */
public interface Backend {
  /** The name in messages and reports: {@code scalar} or {@code vector}. */
  String name();

  /** The kernels for arrays of float64; always the same object. */
  Kernels<double[]> float64();

  /** The kernels for arrays of float32; always the same object. */
  Kernels<float[]> float32();

  /**
   * The kernels for {@link lamina.tensor.Tensor#array arrays} of a type. Another type's arrays let
   * them fail with a ClassCastException.
   */
  @SuppressWarnings("unchecked") // Each kernel casts the arrays that it is given to its own type.
  default Kernels<Object> kernels(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> (Kernels<Object>) (Kernels<?>) float64();
      case FLOAT32 -> (Kernels<Object>) (Kernels<?>) float32();
      case INT64 -> throw new IllegalArgumentException("there are no kernels for int64");
    };
  }

  /**
   * The backend that is to do the work that comes now. A backend that chooses between others
   * answers with the one that it chose.
   */
  default Backend forWork(long multiplyAccumulates) {
    return this;
  }

  /** Tells this backend how much work will come; see {@link Backends#expect}. */
  default void expect(long multiplyAccumulates, DType dtype) {}
}
