package lamina.train;

import lamina.kernel.Backends;
import lamina.kernel.Kernels;
import lamina.kernel.Magnitudes;
import lamina.kernel.Moments;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** Lengths of tensors, added up in double. */
final class Norms {
  private Norms() {}

  /** The largest of a tensor's elements and the number of zeros. */
  static Magnitudes magnitudes(Tensor tensor) {
    return kernels(tensor).magnitudes(tensor.array());
  }

  /** The sum of a tensor's elements and that of their squares. */
  static Moments moments(Tensor tensor) {
    return kernels(tensor).moments(tensor.array(), 0, tensor.size());
  }

  private static Kernels<Object> kernels(Tensor tensor) {
    return Backends.current().kernels(tensor.dtype());
  }

  /** The L2 norm of a tensor. */
  static double norm(Tensor tensor) {
    return moments(tensor).norm();
  }

  /** The L2 norm of some elements. */
  static double norm(Tensor tensor, int from, int count) {
    return kernels(tensor).moments(tensor.array(), from, count).norm();
  }

  /** The L2 norm of the difference of two tensors of one shape, which replaces the second one. */
  static double distance(Tensor one, Tensor other) {
    if (one.dtype() == DType.FLOAT32) {
      float[] x = one.floats();
      float[] y = other.floats();
      for (int i = 0; i < y.length; i++) {
        y[i] = x[i] - y[i];
      }
    } else {
      double[] x = one.doubles();
      double[] y = other.doubles();
      for (int i = 0; i < y.length; i++) {
        y[i] = x[i] - y[i];
      }
    }
    return norm(other);
  }
}
