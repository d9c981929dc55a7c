package lamina.op;

import java.util.Arrays;
import lamina.tensor.Tensor;

/** Determinants of the square matrices in the last two axes, by elimination with pivots. */
public final class Determinants {
  private Determinants() {}

  /** The determinants, one number for each matrix. */
  public static Tensor forward(Tensor x) {
    int n = x.dim(-1);
    Tensor y = Tensor.zeros(x.dtype(), Arrays.copyOf(x.shape(), x.rank() - 2));
    for (int i = 0; i < y.size(); i++) {
      y.set(i, determinant(matrix(x, i, n)));
    }
    return y;
  }

  /**
   * The gradient: of each element, the signed determinant of the matrix without its row and column.
   */
  public static Tensor backward(Tensor x, Tensor dy) {
    int n = x.dim(-1);
    Tensor dx = Tensor.zeros(dy.dtype(), x.shape());
    for (int i = 0; i < dy.size(); i++) {
      double[][] cofactors = cofactors(matrix(x, i, n));
      for (int k = 0; k < n * n; k++) {
        dx.set(i * n * n + k, dy.get(i) * cofactors[k / n][k % n]);
      }
    }
    return dx;
  }

  /**
   * The signed minors of all elements, in n³ steps. Rows and columns in the order of the pivots are
   * {@code L U} with ones on the diagonal of L. What is wanted is {@code adj(U) L⁻¹}, and of U all
   * but the last pivot divide: a singular matrix has minors too.
   */
  private static double[][] cofactors(double[][] a) {
    int n = a.length;
    double[][] minors = new double[n][n];
    int[] rows = Picks.steps(0, 1, n);
    int[] columns = Picks.steps(0, 1, n);
    double product = 1;
    for (int k = 0; k < n - 1; k++) {
      product *= toPivot(a, k, rows, columns);
      if (a[k][k] == 0) {
        // Two rows depend on the others, and so does every minor.
        return minors;
      }
      product *= a[k][k];
      for (int i = k + 1; i < n; i++) {
        a[i][k] /= a[k][k];
        for (int j = k + 1; j < n; j++) {
          a[i][j] -= a[i][k] * a[k][j];
        }
      }
    }
    double[][] adjoint = new double[n][n];
    for (int j = 0; j < n; j++) {
      boolean isLast = j == n - 1;
      adjoint[j][j] = isLast ? product : product * a[n - 1][n - 1] / a[j][j];
      for (int i = j - 1; i >= 0; i--) {
        double sum = 0;
        for (int k = i + 1; k <= j; k++) {
          sum += a[i][k] * adjoint[k][j];
        }
        adjoint[i][j] = -sum / a[i][i];
      }
    }
    for (int j = n - 1; j >= 0; j--) {
      for (int i = 0; i < n; i++) {
        for (int k = j + 1; k < n; k++) {
          adjoint[i][j] -= adjoint[i][k] * a[k][j];
        }
        minors[rows[j]][columns[i]] = adjoint[i][j];
      }
    }
    return minors;
  }

  /** Brings the largest element that is left to a place of the diagonal; the sign of doing so. */
  private static int toPivot(double[][] a, int k, int[] rows, int[] columns) {
    int row = k;
    int column = k;
    for (int i = k; i < a.length; i++) {
      for (int j = k; j < a.length; j++) {
        if (Math.abs(a[i][j]) > Math.abs(a[row][column])) {
          row = i;
          column = j;
        }
      }
    }
    double[] swapped = a[row];
    a[row] = a[k];
    a[k] = swapped;
    int name = rows[row];
    rows[row] = rows[k];
    rows[k] = name;
    for (double[] line : a) {
      double element = line[column];
      line[column] = line[k];
      line[k] = element;
    }
    name = columns[column];
    columns[column] = columns[k];
    columns[k] = name;
    return (row == k) == (column == k) ? 1 : -1;
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
