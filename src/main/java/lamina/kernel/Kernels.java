package lamina.kernel;

/**
 * The arithmetic on plain arrays of one precision. Callers check arguments; implementations trust
 * them. All implementations give the same results up to rounding.
 *
 * @param <A> the arrays: {@code double[]} or {@code float[]}
 */
public interface Kernels<A> {
  /** A matrix product, {@code c = a · b}, or {@code c += a · b}; c is not transposed. */
  void multiply(Matrix<A> a, Matrix<A> b, Matrix<A> c, boolean accumulate);

  /**
   * Prepares b to be the right factor of many products.
   *
   * @param rows how many rows of left factors will come, about
   */
  RepeatedProduct<A> repeated(Matrix<A> b, long rows);

  /** {@code y = conv(x, w) + bias}, without a flip; {@code bias} may be null. Overwrites y. */
  void convolve(Convolution conv, A x, A w, A bias, A y);

  /** Prepares a kernel for many convolutions of one shape. */
  RepeatedConvolution<A> repeated(Convolution conv, A w);

  /** The gradient with respect to the input: dx from dy and w. Overwrites dx. */
  void convolveBackwardInput(Convolution conv, A dy, A w, A dx);

  /** The gradient with respect to the kernel: dw from x and dy. Overwrites dw. */
  void convolveBackwardKernel(Convolution conv, A x, A dy, A dw);

  /**
   * The algorithm of a convolution, in words of {@code --algorithm}.
   *
   * @param repeated whether it comes often with the same kernel, which may pay for another one
   */
  String algorithm(Convolution conv, boolean repeated);

  /** Replaces {@code count} elements by the values of a gate's function. */
  void squash(GateFunction function, A x, int from, int count);

  /**
   * The new state of an LSTM, for one sequence: {@code c' = f ⊙ c + i ⊙ g}, {@code h' = o ⊙ k(c')}.
   *
   * @param function k
   * @param tape where i, f, g and o are, after their functions, and where c' and h' go
   * @param row the row of the tape
   * @param before c and h
   * @param sequence which sequence of the batch it is
   */
  void lstmState(
      GateFunction function,
      RecurrentTape<A> tape,
      int row,
      RecurrentState<A> before,
      int sequence);

  /**
   * The candidate and the new state of a GRU, for one sequence: {@code n = g(s + r ⊙ p)}, {@code h'
   * = (1 − z) ⊙ n + z ⊙ h}.
   *
   * @param function g
   * @param tape where r and z are, after their functions, the sum s, which becomes n, and p, if
   *     there is one; and where h' goes
   * @param row the row of the tape
   * @param before h
   * @param sequence which sequence of the batch it is
   */
  void gruState(
      GateFunction function,
      RecurrentTape<A> tape,
      int row,
      RecurrentState<A> before,
      int sequence);

  /**
   * The gradients of an LSTM's step by its sums, for one sequence, with the sigmoid for the gates
   * and the tangent for candidate and cell state; see {@link #lstmState}. Leaves the hidden state's
   * gradient as it is.
   *
   * @param squashed the tangent of the sequence's cell state after the step
   */
  void lstmStateBackward(
      RecurrentTape<A> tape,
      int row,
      A squashed,
      RecurrentState<A> before,
      int sequence,
      RecurrentGradients<A> gradients);

  /**
   * The gradients of a GRU's step by its sums, for one sequence, with the sigmoid for the gates and
   * the tangent for the candidate; see {@link #gruState}. Without a product the gradient of r is
   * not touched. The hidden state's gradient becomes the part of that of the one before which z
   * lets through.
   */
  void gruStateBackward(
      RecurrentTape<A> tape,
      int row,
      RecurrentState<A> before,
      int sequence,
      RecurrentGradients<A> gradients);

  /**
   * The maximum of each window of some planes. The first of equal values wins, and NaN wins over
   * all. A window without elements gives −∞ and the index −1.
   *
   * @param indices where to write which element it was, flat in its plane; null for nowhere
   */
  void maxPool(PoolPlacement windows, int planes, A x, A y, long[] indices);

  /**
   * The gradient of {@link #maxPool} without indices: each goes to the element that was the
   * maximum. Overwrites dx.
   */
  void maxPoolBackward(PoolPlacement windows, int planes, A x, A y, A dy, A dx);

  /**
   * The gradient of {@link #maxPool} from its indices: adds each to that of the element that was
   * the maximum.
   *
   * @param inPlane the elements of a plane of the input
   * @param outPlane the elements of a plane of the output
   */
  void maxPoolBackward(int planes, int inPlane, int outPlane, long[] indices, A dy, A dx);

  /**
   * {@code y = Σ x / divisor} over each window of some planes, as {@link PoolPlacement#divisor}
   * says.
   */
  void averagePool(PoolPlacement windows, int planes, boolean countPadding, int divisor, A x, A y);

  /** The gradient of {@link #averagePool}: adds it to dx, spread over each window. */
  void averagePoolBackward(
      PoolPlacement windows, int planes, boolean countPadding, int divisor, A dy, A dx);

  /** The norm of each window of some planes. */
  void normPool(PoolPlacement windows, int planes, PoolNorm norm, A x, A y);

  /** The gradient of {@link #normPool}: adds it to dx; nothing where the norm is 0. */
  void normPoolBackward(PoolPlacement windows, int planes, PoolNorm norm, A x, A y, A dy, A dx);

  /** {@code y = f(x)}, element by element, for a function without an axis; y may be x. */
  void activate(PointwiseFunction f, A x, A y);

  /** {@code dx = dy f′(x)}, element by element; dx may be dy. */
  void activateBackward(PointwiseFunction f, A x, A dy, A dx);

  /**
   * {@code y = softmax(sign · x)} along the middle axis of {@code (outer, axis, inner)}, shifted by
   * its maximum; or the logarithm of it.
   */
  void softmax(int axis, int inner, int sign, boolean logarithm, A x, A y);

  /** How large elements are. */
  Magnitudes magnitudes(A x);

  /**
   * The sum of some elements and that of their squares. In which order they are added up depends on
   * their number alone.
   */
  Moments moments(A x, int from, int count);
}
