package lamina.op;

import lamina.kernel.Backends;
import lamina.kernel.Kernels;
import lamina.kernel.Matrix;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** The affine map {@code y = x Wᵀ + b} on the last axis, by the backend's matrix product. */
public final class LinearMap {
  private LinearMap() {}

  /**
   * The gradients.
   *
   * @param input with respect to x; null if it was not wanted
   * @param weight with respect to W
   * @param bias with respect to b: the sum of dy over all rows, whether or not there is a bias
   */
  public record Gradients(Tensor input, Tensor weight, Tensor bias) {}

  /**
   * The output {@code (..., out)}.
   *
   * @param x {@code (..., in)}
   * @param weight {@code (out, in)}
   * @param bias {@code (out)} or null
   * @throws InputException if shapes or types do not fit
   */
  public static Tensor forward(Tensor x, Tensor weight, Tensor bias) {
    int[] shape = outputShape(x, weight);
    int in = weight.dim(1);
    int out = weight.dim(0);
    Checks.parameter(bias, "the linear layer's bias", x.dtype(), out);
    Tensor y = Tensor.unset(x.dtype(), shape);
    int rows = rows(shape);
    if (y.size() == 0) {
      return y;
    }
    for (int r = 0; bias != null && r < rows; r++) {
      Blocks.copy(bias, 0, y, r * out, out);
    }
    Matrix<Object> w = Blocks.matrix(weight);
    kernels(x)
        .multiply(
            Matrix.of(x.array(), rows, in),
            w.transpose(),
            Matrix.of(y.array(), rows, out),
            bias != null);
    return y;
  }

  private static Kernels<Object> kernels(Tensor x) {
    return Backends.current().kernels(x.dtype());
  }

  /** All gradients; dy is {@code (..., out)}. */
  public static Gradients backward(Tensor x, Tensor weight, Tensor dy) {
    return backward(x, weight, dy, true);
  }

  /** The gradients; that of the input, a third of the work, only if it is wanted. */
  public static Gradients backward(Tensor x, Tensor weight, Tensor dy, boolean wantsInput) {
    Checks.gradient(dy, x.dtype(), outputShape(x, weight));
    int in = weight.dim(1);
    int out = weight.dim(0);
    int rows = rows(dy.shape());
    Tensor dx = wantsInput ? Tensor.unset(x.dtype(), x.shape()) : null;
    Tensor dWeight = Tensor.unset(x.dtype(), weight.shape());
    Tensor dBias = Tensor.zeros(x.dtype(), out);
    Matrix<Object> d = Matrix.of(dy.array(), rows, out);
    if (wantsInput && dx.size() > 0) {
      kernels(x).multiply(d, Blocks.matrix(weight), Matrix.of(dx.array(), rows, in), false);
    }
    if (dWeight.size() > 0) {
      kernels(x)
          .multiply(d.transpose(), Matrix.of(x.array(), rows, in), Blocks.matrix(dWeight), false);
    }
    sumRows(dy, rows, dBias);
    return new Gradients(dx, dWeight, dBias);
  }

  /** Adds up the rows in double precision, one after another. */
  private static void sumRows(Tensor dy, int rows, Tensor sums) {
    int columns = sums.size();
    double[] totals = new double[columns];
    for (int r = 0; r < rows; r++) {
      if (dy.dtype() == DType.FLOAT64) {
        double[] d = dy.doubles();
        for (int c = 0; c < columns; c++) {
          totals[c] += d[r * columns + c];
        }
      } else {
        float[] d = dy.floats();
        for (int c = 0; c < columns; c++) {
          totals[c] += d[r * columns + c];
        }
      }
    }
    for (int c = 0; c < columns; c++) {
      sums.set(c, totals[c]);
    }
  }

  private static int rows(int[] shape) {
    return Checks.product(shape, 0, shape.length - 1);
  }

  private static int[] outputShape(Tensor x, Tensor weight) {
    Checks.real(x, "a linear layer");
    Checks.sameType(weight, "the linear layer's weight", x.dtype());
    if (weight.rank() != 2 || x.rank() < 1 || x.dim(-1) != weight.dim(1)) {
      throw InputException.sentence(
          "the linear layer's weight (out, in) has shape "
              + Tensor.text(weight.shape())
              + ", which does not fit the last axis of the input "
              + Tensor.text(x.shape()));
    }
    int[] shape = x.shape();
    shape[shape.length - 1] = weight.dim(0);
    return shape;
  }
}
