package lamina.kernel;

import lamina.kernel.plain.ProductDouble;
import lamina.kernel.plain.ProductFloat;
import lamina.kernel.plain.SquashDouble;
import lamina.kernel.plain.SquashFloat;
import lamina.kernel.plain.StateDouble;
import lamina.kernel.plain.StateFloat;
import lamina.tensor.DType;

/**
 * The arithmetic on plain arrays, in both precisions. The scalar implementation is plain loops; the
 * vector one uses the Vector API. Both give the same results up to rounding. Callers check
 * arguments; implementations trust them.
 */
public interface Backend {
  /** The name in messages and reports: {@code scalar} or {@code vector}. */
  String name();

  /**
   * The backend that does work of so many multiply-adds which is about to be done: one that chooses
   * answers with its choice.
   */
  default Backend forWork(long multiplyAccumulates) {
    return this;
  }

  /** Hears of work that will come; see {@link Backends#expect}. */
  default void expect(long multiplyAccumulates, DType dtype) {}

  /**
   * A matrix product, {@code c = op(a) · op(b)}, or {@code c += op(a) · op(b)} with {@code
   * accumulate}; {@code op} transposes where asked. {@code op(a)} is m×k, {@code op(b)} is k×n and
   * c is m×n; each matrix starts at its offset and has its rows {@code ld} elements apart.
   */
  void multiply(
      int m,
      int n,
      int k,
      double[] a,
      int aOffset,
      int lda,
      boolean transposeA,
      double[] b,
      int bOffset,
      int ldb,
      boolean transposeB,
      double[] c,
      int cOffset,
      int ldc,
      boolean accumulate);

  /** As the float64 product. */
  void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      boolean transposeA,
      float[] b,
      int bOffset,
      int ldb,
      boolean transposeB,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate);

  /** {@code y = conv(x, w) + bias}, without a flip; {@code bias} may be null. Overwrites y. */
  void convolve(Convolution conv, double[] x, double[] w, double[] bias, double[] y);

  /** As the float64 convolution. */
  void convolve(Convolution conv, float[] x, float[] w, float[] bias, float[] y);

  /** Prepares a kernel for many convolutions of one shape. */
  default RepeatedConvolutionDouble repeated(Convolution conv, double[] w) {
    return (x, bias, y) -> convolve(conv, x, w, bias, y);
  }

  /** As the float64 one. */
  default RepeatedConvolutionFloat repeated(Convolution conv, float[] w) {
    return (x, bias, y) -> convolve(conv, x, w, bias, y);
  }

  /** The gradient with respect to the input: dx from dy and w. Overwrites dx. */
  void convolveBackwardInput(Convolution conv, double[] dy, double[] w, double[] dx);

  /** As the float64 gradient. */
  void convolveBackwardInput(Convolution conv, float[] dy, float[] w, float[] dx);

  /** The gradient with respect to the kernel: dw from x and dy. Overwrites dw. */
  void convolveBackwardKernel(Convolution conv, double[] x, double[] dy, double[] dw);

  /** As the float64 gradient. */
  void convolveBackwardKernel(Convolution conv, float[] x, float[] dy, float[] dw);

  /**
   * The algorithm of a convolution, in words of {@code --algorithm}.
   *
   * @param repeated whether it comes often with the same kernel, which may pay for another one
   */
  default String algorithm(Convolution conv, DType dtype, boolean repeated) {
    return "direct";
  }

  /**
   * Prepares {@code op(b) (k, n)}, where {@code op} transposes if asked and the rows of b lie
   * {@code ldb} apart, to be the right factor of many products.
   *
   * @param rows how many rows of left factors will come, about
   */
  default RepeatedProductDouble repeated(
      int k, int n, double[] b, int bOffset, int ldb, boolean transposeB, long rows) {
    // Once, since the plain loops would transpose at each product.
    double[] right = transposeB ? ProductDouble.transposed(k, n, b, bOffset, ldb) : b;
    int offset = transposeB ? 0 : bOffset;
    int ld = transposeB ? n : ldb;
    return (m, a, aOffset, lda, c, cOffset, ldc) ->
        multiply(m, n, k, a, aOffset, lda, false, right, offset, ld, false, c, cOffset, ldc, true);
  }

  /** As the float64 one. */
  default RepeatedProductFloat repeated(
      int k, int n, float[] b, int bOffset, int ldb, boolean transposeB, long rows) {
    float[] right = transposeB ? ProductFloat.transposed(k, n, b, bOffset, ldb) : b;
    int offset = transposeB ? 0 : bOffset;
    int ld = transposeB ? n : ldb;
    return (m, a, aOffset, lda, c, cOffset, ldc) ->
        multiply(m, n, k, a, aOffset, lda, false, right, offset, ld, false, c, cOffset, ldc, true);
  }

  /** Replaces {@code count} elements by the values of a gate's function. */
  default void squash(GateFunction function, double[] x, int from, int count) {
    SquashDouble.apply(function, x, from, count);
  }

  /** As the float64 one. */
  default void squash(GateFunction function, float[] x, int from, int count) {
    SquashFloat.apply(function, x, from, count);
  }

  /**
   * The new state of an LSTM, for one row of {@code h} elements: {@code c' = f ⊙ c + i ⊙ g}, {@code
   * h' = o ⊙ k(c')}.
   *
   * @param function k
   * @param gates i, f, g and o from {@code at} on, after their functions
   * @param previousCell c, from {@code before} on
   * @param cell where c' goes, from {@code to} on
   * @param hidden where h' goes, from {@code to} on
   */
  default void lstmState(
      GateFunction function,
      int h,
      double[] gates,
      int gatesOffset,
      double[] previousCell,
      int before,
      double[] cell,
      double[] hidden,
      int to) {
    StateDouble.lstm(function, h, gates, gatesOffset, previousCell, before, cell, hidden, to);
  }

  /** As the float64 one. */
  default void lstmState(
      GateFunction function,
      int h,
      float[] gates,
      int gatesOffset,
      float[] previousCell,
      int before,
      float[] cell,
      float[] hidden,
      int to) {
    StateFloat.lstm(function, h, gates, gatesOffset, previousCell, before, cell, hidden, to);
  }

  /**
   * The candidate and the new state of a GRU, for one row of {@code h} elements: {@code n = g(s + r
   * ⊙ p)}, {@code h' = (1 − z) ⊙ n + z ⊙ h}.
   *
   * @param function g
   * @param gates r and z after their functions and the sum s, which becomes n, from {@code at} on
   * @param product p, from {@code to} on, or null for none
   * @param previousHidden h, from {@code before} on
   * @param hidden where h' goes, from {@code to} on
   */
  default void gruState(
      GateFunction function,
      int h,
      double[] gates,
      int gatesOffset,
      double[] product,
      double[] previousHidden,
      int before,
      double[] hidden,
      int to) {
    StateDouble.gru(function, h, gates, gatesOffset, product, previousHidden, before, hidden, to);
  }

  /** As the float64 one. */
  default void gruState(
      GateFunction function,
      int h,
      float[] gates,
      int gatesOffset,
      float[] product,
      float[] previousHidden,
      int before,
      float[] hidden,
      int to) {
    StateFloat.gru(function, h, gates, gatesOffset, product, previousHidden, before, hidden, to);
  }

  /**
   * The gradients of an LSTM's step by its sums, for one row of {@code h} elements, with the
   * sigmoid for the gates and the tangent for candidate and cell state; see {@link #lstmState}.
   *
   * @param gates i, f, g and o from {@code at} on
   * @param squashed the tangent of the step's cell state
   * @param previousCell the cell state before, from {@code before} on
   * @param dHidden the gradient of the step's hidden state, from {@code row} on
   * @param dCell that of its cell state, from {@code row} on; becomes that of the one before
   * @param dGates where the gradients of the sums go, from {@code at} on
   */
  default void lstmStateBackward(
      int h,
      double[] gates,
      int gatesOffset,
      double[] squashed,
      double[] previousCell,
      int before,
      double[] dHidden,
      double[] dCell,
      int row,
      double[] dGates) {
    StateDouble.lstmBackward(
        h, gates, gatesOffset, squashed, previousCell, before, dHidden, dCell, row, dGates);
  }

  /** As the float64 one. */
  default void lstmStateBackward(
      int h,
      float[] gates,
      int gatesOffset,
      float[] squashed,
      float[] previousCell,
      int before,
      float[] dHidden,
      float[] dCell,
      int row,
      float[] dGates) {
    StateFloat.lstmBackward(
        h, gates, gatesOffset, squashed, previousCell, before, dHidden, dCell, row, dGates);
  }

  /**
   * The gradients of a GRU's step by its sums, for one row of {@code h} elements, with the sigmoid
   * for the gates and the tangent for the candidate; see {@link #gruState}. Without a product the
   * gradient of r is not touched.
   *
   * @param gates r, z and n from {@code at} on
   * @param product p, from {@code to} on, or null for none
   * @param previousHidden the hidden state before, from {@code before} on
   * @param dHidden the gradient of the step's hidden state, from {@code row} on; becomes the part
   *     of that of the one before which z lets through
   * @param dGates where the gradients of the sums go, from {@code at} on
   * @param dProduct where the gradient of p goes, from {@code to} on
   */
  default void gruStateBackward(
      int h,
      double[] gates,
      int gatesOffset,
      double[] product,
      int to,
      double[] previousHidden,
      int before,
      double[] dHidden,
      int row,
      double[] dGates,
      double[] dProduct) {
    StateDouble.gruBackward(
        h, gates, gatesOffset, product, to, previousHidden, before, dHidden, row, dGates, dProduct);
  }

  /** As the float64 one. */
  default void gruStateBackward(
      int h,
      float[] gates,
      int gatesOffset,
      float[] product,
      int to,
      float[] previousHidden,
      int before,
      float[] dHidden,
      int row,
      float[] dGates,
      float[] dProduct) {
    StateFloat.gruBackward(
        h, gates, gatesOffset, product, to, previousHidden, before, dHidden, row, dGates, dProduct);
  }

  /**
   * The maximum of each window of some planes. The first of equal values wins, and NaN wins over
   * all. A window without elements gives −∞ and the index −1.
   *
   * @param indices where to write which element it was, flat in its plane; null for nowhere
   */
  default void maxPool(PoolPlacement windows, int planes, double[] x, double[] y, long[] indices) {
    PoolingDouble.max(windows, planes, x, y, indices);
  }

  /** As the float64 one. */
  default void maxPool(PoolPlacement windows, int planes, float[] x, float[] y, long[] indices) {
    PoolingFloat.max(windows, planes, x, y, indices);
  }

  /**
   * {@code y = Σ x / divisor} over each window of some planes, as {@link PoolPlacement#divisor}
   * says.
   */
  default void averagePool(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int divisor,
      double[] x,
      double[] y) {
    PoolingDouble.average(windows, planes, countPadding, divisor, x, y);
  }

  /** As the float64 one. */
  default void averagePool(
      PoolPlacement windows, int planes, boolean countPadding, int divisor, float[] x, float[] y) {
    PoolingFloat.average(windows, planes, countPadding, divisor, x, y);
  }

  /** {@code y = f(x)}, element by element, for a function without an axis; y may be x. */
  public default void activate(PointwiseFunction f, double[] x, double[] y) {
    ActivationDouble.forward(f, x, y);
  }

  /** {@code dx = dy f′(x)}, element by element; dx may be dy. */
  public default void activateBackward(PointwiseFunction f, double[] x, double[] dy, double[] dx) {
    ActivationDouble.backward(f, x, dy, dx);
  }

  /**
   * {@code y = softmax(sign · x)} along the middle axis of {@code (outer, axis, inner)}, shifted by
   * its maximum; or the logarithm of it.
   */
  default void softmax(int axis, int inner, int sign, boolean logarithm, double[] x, double[] y) {
    ActivationDouble.softmax(axis, inner, sign, logarithm, x, y);
  }

  /** As the float64 one. */
  public default void activate(PointwiseFunction f, float[] x, float[] y) {
    ActivationFloat.forward(f, x, y);
  }

  /** As the float64 one. */
  public default void activateBackward(PointwiseFunction f, float[] x, float[] dy, float[] dx) {
    ActivationFloat.backward(f, x, dy, dx);
  }

  /** As the float64 one. */
  default void softmax(int axis, int inner, int sign, boolean logarithm, float[] x, float[] y) {
    ActivationFloat.softmax(axis, inner, sign, logarithm, x, y);
  }
}
