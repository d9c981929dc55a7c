package lamina.op;

import java.util.function.DoubleUnaryOperator;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** Arithmetic of each element of a tensor with numbers. */
public final class ScalarArithmetic {
  private ScalarArithmetic() {}

  /** {@code scale · x + shift}; whole numbers stay so by whole numbers. */
  public static Tensor affine(Tensor x, double scale, double shift) {
    boolean isWhole = scale == Math.rint(scale) && shift == Math.rint(shift);
    if (x.dtype() == DType.INT64 && isWhole) {
      Tensor y = Tensor.zeros(DType.INT64, x.shape());
      long factor = (long) scale;
      long summand = (long) shift;
      for (int i = 0; i < y.size(); i++) {
        y.longs()[i] = factor * x.longs()[i] + summand;
      }
      return y;
    }
    return map(x, value -> scale * value + shift);
  }

  /** {@code x} to a power. */
  public static Tensor power(Tensor x, double exponent) {
    return map(x, value -> power(value, exponent));
  }

  /** The gradient of {@link #power}: {@code dy · p · x} to the power {@code p − 1}. */
  public static Tensor powerBackward(Tensor x, double exponent, Tensor dy) {
    return Broadcast.multiply(dy, map(x, value -> exponent * power(value, exponent - 1)));
  }

  private static double power(double value, double exponent) {
    // Roots and inverses have operations of their own, which are exact to the last bit.
    if (exponent == 0.5) {
      return Math.sqrt(value);
    }
    return exponent == -1 ? 1 / value : Math.pow(value, exponent);
  }

  private static Tensor map(Tensor x, DoubleUnaryOperator function) {
    if (x.dtype() == DType.INT64) {
      return map(x.as(DType.FLOAT64), function);
    }
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    for (int i = 0; i < x.size(); i++) {
      if (x.dtype() == DType.FLOAT32) {
        y.floats()[i] = (float) function.applyAsDouble(x.floats()[i]);
      } else {
        y.doubles()[i] = function.applyAsDouble(x.doubles()[i]);
      }
    }
    return y;
  }
}
