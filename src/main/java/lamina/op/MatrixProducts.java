package lamina.op;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Backend;
import lamina.kernel.Backends;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Products of the matrices in the last two axes of two tensors, {@code (..., m, k)} and {@code
 * (..., k, n)} to {@code (..., m, n)}; the axes before them are stretched as {@link Broadcast}
 * does.
 */
public final class MatrixProducts {
  private MatrixProducts() {}

  /**
   * The shape of the products.
   *
   * @throws InputException if matrices or the axes before them do not fit, in words that follow a
   *     name
   */
  public static Shape shape(Shape a, Shape b) {
    if (a.rank() < 2 || b.rank() < 2) {
      throw new InputException("needs two tensors of matrices, but they are " + a + " and " + b);
    }
    if (!a.dim(-1).equals(b.dim(-2))) {
      throw new InputException(
          "needs as many columns as the second has rows, but they are " + a + " and " + b);
    }
    Shape outer = Broadcast.shape(List.of(outer(a), outer(b)));
    List<Dim> dims = new ArrayList<>(outer.dims());
    dims.add(a.dim(-2));
    dims.add(b.dim(-1));
    return new Shape(dims);
  }

  private static Shape outer(Shape shape) {
    return new Shape(shape.dims().subList(0, shape.rank() - 2));
  }

  /** The products. */
  public static Tensor forward(Tensor a, Tensor b) {
    int[] shape = shape(Shape.of(a.shape()), Shape.of(b.shape())).sizes();
    return product(stretched(a, shape), false, stretched(b, shape), false, shape);
  }

  /** The gradients {@code dy bᵀ} and {@code aᵀ dy}, summed over what was stretched. */
  public static List<Tensor> backward(Tensor a, Tensor b, Tensor dy) {
    Tensor x = stretched(a, dy.shape());
    Tensor y = stretched(b, dy.shape());
    Tensor da = product(dy, false, y, true, x.shape());
    Tensor db = product(x, true, dy, false, y.shape());
    return List.of(Broadcast.reduce(da, a.shape()), Broadcast.reduce(db, b.shape()));
  }

  /** The matrices of a tensor once for each of the axes before them in a shape. */
  private static Tensor stretched(Tensor x, int... shape) {
    int[] own = shape.clone();
    own[own.length - 2] = x.dim(x.rank() - 2);
    own[own.length - 1] = x.dim(x.rank() - 1);
    return Broadcast.expand(x, own);
  }

  /** Products of matrices of as many tensors, each transposed where asked. */
  private static Tensor product(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, int... shape) {
    Tensor c = Tensor.zeros(a.dtype(), shape);
    int m = shape[shape.length - 2];
    int n = shape[shape.length - 1];
    int columnsA = a.dim(a.rank() - 1);
    int columnsB = b.dim(b.rank() - 1);
    int k = transposeA ? a.dim(a.rank() - 2) : columnsA;
    Backend backend = Backends.current();
    for (int i = 0; m * n > 0 && i < c.size() / (m * n); i++) {
      if (a.dtype() == DType.FLOAT64) {
        double[] x = a.doubles();
        double[] y = b.doubles();
        double[] z = c.doubles();
        backend.multiply(
            m,
            n,
            k,
            x,
            i * m * k,
            columnsA,
            transposeA,
            y,
            i * k * n,
            columnsB,
            transposeB,
            z,
            i * m * n,
            n,
            false);
      } else {
        float[] x = a.floats();
        float[] y = b.floats();
        float[] z = c.floats();
        backend.multiply(
            m,
            n,
            k,
            x,
            i * m * k,
            columnsA,
            transposeA,
            y,
            i * k * n,
            columnsB,
            transposeB,
            z,
            i * m * n,
            n,
            false);
      }
    }
    return c;
  }
}
