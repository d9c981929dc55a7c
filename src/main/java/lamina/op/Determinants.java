package lamina.op;

import java.util.Arrays;
import lamina.tensor.Tensor;

/** Determinants of the square matrices in the last two axes, by elimination with pivots. */
public final class Determinants {
  private Determinants() {}

  /** One number a matrix. */
  public static Tensor forward(Tensor x) {
    int n = x.dim(-1);
    Tensor y = Tensor.zeros(x.dtype(), Arrays.copyOf(x.shape(), x.rank() - 2));
    for (int i = 0; i < y.size(); i++) {
      y.set(i, determinant(matrix(x, i, n)));
    }
    return y;
  }

  /** The gradient: of each element the determinant of the others' rows and columns, signed. */
  public static Tensor backward(Tensor x, Tensor dy) {
    int n = x.dim(-1);
    Tensor dx = Tensor.zeros(dy.dtype(), x.shape());
    for (int i = 0; i < dy.size(); i++) {
      for (int k = 0; k < n * n; k++) {
        // Exact for singular matrices too, which have no inverse.
        double[][] cofactor = matrix(x, i, n);
        for (int j = 0; j < n; j++) {
          cofactor[k / n][j] = j == k % n ? 1 : 0;
        }
        dx.set(i * n * n + k, dy.get(i) * determinant(cofactor));
      }
    }
    return dx;
  }

  private static double[][] matrix(Tensor x, int index, int n) {
    double[][] rows = new double[n][n];
    for (int k = 0; k < n * n; k++) {
      rows[k / n][k % n] = x.get(index * n * n + k);
    }
    return rows;
  }

  private static double determinant(double[][] rows) {
    double product = 1;
    for (int column = 0; column < rows.length; column++) {
      int pivot = column;
      for (int row = column + 1; row < rows.length; row++) {
        pivot = Math.abs(rows[row][column]) > Math.abs(rows[pivot][column]) ? row : pivot;
      }
      if (rows[pivot][column] == 0) {
        return 0;
      }
      if (pivot != column) {
        double[] swapped = rows[pivot];
        rows[pivot] = rows[column];
        rows[column] = swapped;
        product = -product;
      }
      product *= rows[column][column];
      for (int row = column + 1; row < rows.length; row++) {
        double factor = rows[row][column] / rows[column][column];
        for (int j = column; j < rows.length; j++) {
          rows[row][j] -= factor * rows[column][j];
        }
      }
    }
    return product;
  }
}
