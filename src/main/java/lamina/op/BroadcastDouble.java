package lamina.op;

/** Arithmetic on stretched tensors in float64. Trusts its arguments. */
final class BroadcastDouble {
  private BroadcastDouble() {}

  static void add(double[] a, double[] b, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
  }

  static void multiply(double[] a, double[] b, double[] product) {
    for (int i = 0; i < product.length; i++) {
      product[i] = a[i] * b[i];
    }
  }

  /** {@code y[i] = x[i · strides]} for every index i of the shape. */
  static void expand(int[] shape, int[] strides, double[] x, double[] y) {
    int[] index = new int[shape.length];
    int from = 0;
    for (int i = 0; i < y.length; i++) {
      y[i] = x[from];
      from = next(shape, strides, index, from);
    }
  }

  /** {@code dx[i · strides] += dy[i]} for every index i of the shape. */
  static void reduce(int[] shape, int[] strides, double[] dy, double[] dx) {
    int[] index = new int[shape.length];
    int to = 0;
    for (int i = 0; i < dy.length; i++) {
      dx[to] += dy[i];
      to = next(shape, strides, index, to);
    }
  }

  /**
   * Steps to the next index of the shape in row-major order, and returns where its element lies.
   */
  private static int next(int[] shape, int[] strides, int[] index, int place) {
    int next = place;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      next += strides[axis];
      if (++index[axis] < shape[axis]) {
        return next;
      }
      next -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    return next;
  }
}
