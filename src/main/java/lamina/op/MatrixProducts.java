package lamina.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.kernel.Backends;
import lamina.kernel.Matrix;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Products of matrices on the last two axes, those before them stretched to one shape, as NumPy's
 * matmul: an input of one axis is a row on the left and a column on the right.
 */
public final class MatrixProducts {
  private MatrixProducts() {}

  /**
   * The shape of a product.
   *
   * @throws InputException if the shapes do not fit, in words that follow a name
   */
  public static Shape shape(Shape a, Shape b) {
    if (a.rank() == 0 || b.rank() == 0) {
      throw new InputException("needs two tensors of matrices, but they are " + a + " and " + b);
    }
    Dim left = a.dim(-1);
    Dim right = b.dim(b.rank() == 1 ? 0 : -2);
    if (left.isNumber() && right.isNumber() && !left.equals(right)) {
      throw new InputException(
          "needs as many columns as the second has rows, but they are " + a + " and " + b);
    }
    List<Shape> outer = new ArrayList<>();
    outer.add(new Shape(a.dims().subList(0, Math.max(0, a.rank() - 2))));
    outer.add(new Shape(b.dims().subList(0, Math.max(0, b.rank() - 2))));
    List<Dim> dims = new ArrayList<>(Broadcast.shape(outer).dims());
    if (a.rank() > 1) {
      dims.add(a.dim(-2));
    }
    if (b.rank() > 1) {
      dims.add(b.dim(-1));
    }
    return new Shape(dims);
  }

  /** The product of two tensors of one type, which may be any. */
  public static Tensor forward(Tensor a, Tensor b) {
    int[] shape = shape(Shape.of(a.shape()), Shape.of(b.shape())).sizes();
    Tensor x = a.rank() == 1 ? a.reshape(1, a.size()) : a;
    Tensor y = b.rank() == 1 ? b.reshape(b.size(), 1) : b;
    return product(x, false, y, false).reshape(shape);
  }

  /**
   * The gradients with respect to both.
   *
   * @param dy the gradient with respect to the product
   */
  public static List<Tensor> backward(Tensor a, Tensor b, Tensor dy) {
    Tensor x = a.rank() == 1 ? a.reshape(1, a.size()) : a;
    Tensor y = b.rank() == 1 ? b.reshape(b.size(), 1) : b;
    int[] outer = outer(x, y);
    int[] whole = Arrays.copyOf(outer, outer.length + 2);
    whole[outer.length] = x.dim(-2);
    whole[outer.length + 1] = y.dim(-1);
    Tensor dz = dy.reshape(whole);
    return List.of(
        Broadcast.reduce(product(dz, false, y, true), x.shape()).reshape(a.shape()),
        Broadcast.reduce(product(x, true, dz, false), y.shape()).reshape(b.shape()));
  }

  private static int[] outer(Tensor a, Tensor b) {
    Shape left = Shape.of(Arrays.copyOf(a.shape(), a.rank() - 2));
    Shape right = Shape.of(Arrays.copyOf(b.shape(), b.rank() - 2));
    return Broadcast.shape(List.of(left, right)).sizes();
  }

  /** The product of tensors of at least two axes, each transposed where that is asked for. */
  private static Tensor product(Tensor a, boolean transposeA, Tensor b, boolean transposeB) {
    int m = a.dim(transposeA ? -1 : -2);
    int k = a.dim(transposeA ? -2 : -1);
    int n = b.dim(transposeB ? -2 : -1);
    int[] outer = outer(a, b);
    int[] shape = Arrays.copyOf(outer, outer.length + 2);
    shape[outer.length] = m;
    shape[outer.length + 1] = n;
    Tensor c = Tensor.zeros(a.dtype(), shape);
    int count = Tensor.elements(outer);
    if (c.size() == 0 || k == 0) {
      return c;
    }
    if (b.rank() == 2 && !transposeA && outer.length > 0) {
      // With one matrix on the right, the rows of all matrices on the left make one product.
      multiply(Matrix.of(a.array(), count * m, k), matrix(b, 0, transposeB), c, 0);
      return c;
    }
    int[] aOffsets = offsets(a, outer);
    int[] bOffsets = offsets(b, outer);
    for (int i = 0; i < count; i++) {
      multiply(
          matrix(a, aOffsets[i], transposeA), matrix(b, bOffsets[i], transposeB), c, i * m * n);
    }
    return c;
  }

  /** The matrix of the last two axes that starts at an offset, or its transpose. */
  private static Matrix<Object> matrix(Tensor x, int offset, boolean transposed) {
    int rows = x.dim(-2);
    int columns = x.dim(-1);
    Matrix<Object> matrix = Matrix.of(x.array(), offset, rows, columns, columns);
    return transposed ? matrix.transpose() : matrix;
  }

  /** Where the matrix for each index of the outer axes starts. */
  private static int[] offsets(Tensor x, int... outer) {
    int matrix = x.dim(-1) * x.dim(-2);
    int count = x.size() / matrix;
    long[] starts = new long[count];
    for (int i = 0; i < count; i++) {
      starts[i] = (long) i * matrix;
    }
    Tensor stretched =
        Picks.stretched(Tensor.of(starts, Arrays.copyOf(x.shape(), x.rank() - 2)), outer);
    int[] offsets = new int[stretched.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = (int) stretched.longs()[i];
    }
    return offsets;
  }

  private static void multiply(Matrix<Object> a, Matrix<Object> b, Tensor c, int offset) {
    int n = b.columns();
    if (c.dtype() != DType.INT64) {
      Matrix<Object> product = Matrix.of(c.array(), offset, a.rows(), n, n);
      Backends.current().kernels(c.dtype()).multiply(a, b, product, false);
      return;
    }
    long[] left = (long[]) a.values();
    long[] right = (long[]) b.values();
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < n; j++) {
        long sum = 0;
        for (int l = 0; l < a.columns(); l++) {
          sum += left[a.index(i, l)] * right[b.index(l, j)];
        }
        c.longs()[offset + i * n + j] = sum;
      }
    }
  }
}
