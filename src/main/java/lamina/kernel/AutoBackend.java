package lamina.kernel;

import lamina.tensor.DType;

/**
 * Plain loops until the program has done so much work that the vector kernels pay for their start:
 * loading, interpreting and compiling them takes a third of a second. Counted in operations, not in
 * time, so that equal work gives equal bytes.
 */
final class AutoBackend implements Backend {
  /**
   * Multiply-accumulates from which on the vector kernels run: 4 GFLOP. Whole processes from {@code
   * .npy} to {@code .npy}, float32, 2 threads on 2 cores with AVX-512 that were not idle, medians
   * of 5 runs: at 2 GFLOP plain loops take 0.5 to 1 times as long as vectors, at 4 GFLOP 0.8 (3×3)
   * to 1.2 times (11×11, linear) on JDK 17 and 25, at 6 GFLOP 1.15 to 1.35 times on JDK 17. On a
   * busy machine with vectors of 256 bits, the processor's time for a 3×3: at 2 GFLOP 0.65 times,
   * at 4 GFLOP 0.85 times, at 8 GFLOP 1.35 times that of vectors on both.
   */
  static final long THRESHOLD = 2_000_000_000L;

  private final Backend scalar;
  private volatile Backend chosen;
  private long work;

  AutoBackend(Backend scalar) {
    this.scalar = scalar;
    this.chosen = scalar;
  }

  /** Counts work that is about to be done and answers who does it. */
  private synchronized Backend after(long multiplyAccumulates) {
    if (work < THRESHOLD) {
      work += multiplyAccumulates;
      if (work >= THRESHOLD) {
        Backend vector = Backends.vector();
        chosen = vector == null ? scalar : vector;
      }
    }
    return chosen;
  }

  @Override
  public synchronized void expect(long multiplyAccumulates, DType dtype) {
    if (work < THRESHOLD && multiplyAccumulates >= THRESHOLD) {
      Backend backend = after(multiplyAccumulates);
      if (backend != scalar) {
        WarmUp.start(backend, dtype);
      }
    }
  }

  @Override
  public Backend forWork(long multiplyAccumulates) {
    return after(multiplyAccumulates);
  }

  @Override
  public String name() {
    return chosen.name();
  }

  @Override
  public void multiply(
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
      boolean accumulate) {
    after((long) m * n * k)
        .multiply(
            m,
            n,
            k,
            a,
            aOffset,
            lda,
            transposeA,
            b,
            bOffset,
            ldb,
            transposeB,
            c,
            cOffset,
            ldc,
            accumulate);
  }

  @Override
  public void multiply(
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
      boolean accumulate) {
    after((long) m * n * k)
        .multiply(
            m,
            n,
            k,
            a,
            aOffset,
            lda,
            transposeA,
            b,
            bOffset,
            ldb,
            transposeB,
            c,
            cOffset,
            ldc,
            accumulate);
  }

  @Override
  public void convolve(Convolution conv, double[] x, double[] w, double[] bias, double[] y) {
    after(conv.multiplyAccumulates()).convolve(conv, x, w, bias, y);
  }

  @Override
  public void convolve(Convolution conv, float[] x, float[] w, float[] bias, float[] y) {
    after(conv.multiplyAccumulates()).convolve(conv, x, w, bias, y);
  }

  @Override
  public RepeatedConvolutionDouble repeated(Convolution conv, double[] w) {
    return new RepeatedConvolutionDouble() {
      private Backend prepared;
      private RepeatedConvolutionDouble convolution;

      @Override
      public synchronized void convolve(double[] x, double[] bias, double[] y) {
        Backend backend = after(conv.multiplyAccumulates());
        if (backend != prepared) {
          convolution = backend.repeated(conv, w);
          prepared = backend;
        }
        convolution.convolve(x, bias, y);
      }
    };
  }

  @Override
  public RepeatedConvolutionFloat repeated(Convolution conv, float[] w) {
    return new RepeatedConvolutionFloat() {
      private Backend prepared;
      private RepeatedConvolutionFloat convolution;

      @Override
      public synchronized void convolve(float[] x, float[] bias, float[] y) {
        Backend backend = after(conv.multiplyAccumulates());
        if (backend != prepared) {
          convolution = backend.repeated(conv, w);
          prepared = backend;
        }
        convolution.convolve(x, bias, y);
      }
    };
  }

  @Override
  public void convolveBackwardInput(Convolution conv, double[] dy, double[] w, double[] dx) {
    after(conv.multiplyAccumulates()).convolveBackwardInput(conv, dy, w, dx);
  }

  @Override
  public void convolveBackwardInput(Convolution conv, float[] dy, float[] w, float[] dx) {
    after(conv.multiplyAccumulates()).convolveBackwardInput(conv, dy, w, dx);
  }

  @Override
  public void convolveBackwardKernel(Convolution conv, double[] x, double[] dy, double[] dw) {
    after(conv.multiplyAccumulates()).convolveBackwardKernel(conv, x, dy, dw);
  }

  @Override
  public void convolveBackwardKernel(Convolution conv, float[] x, float[] dy, float[] dw) {
    after(conv.multiplyAccumulates()).convolveBackwardKernel(conv, x, dy, dw);
  }

  @Override
  public RepeatedProductDouble repeated(
      int k, int n, double[] b, int bOffset, int ldb, boolean transposeB, long rows) {
    return after(rows * k * n).repeated(k, n, b, bOffset, ldb, transposeB, rows);
  }

  @Override
  public RepeatedProductFloat repeated(
      int k, int n, float[] b, int bOffset, int ldb, boolean transposeB, long rows) {
    return after(rows * k * n).repeated(k, n, b, bOffset, ldb, transposeB, rows);
  }

  @Override
  public void squash(GateFunction function, double[] x, int from, int count) {
    chosen.squash(function, x, from, count);
  }

  @Override
  public void squash(GateFunction function, float[] x, int from, int count) {
    chosen.squash(function, x, from, count);
  }

  @Override
  public void lstmState(
      GateFunction function,
      int h,
      double[] gates,
      int gatesOffset,
      double[] previousCell,
      int before,
      double[] cell,
      double[] hidden,
      int to) {
    chosen.lstmState(function, h, gates, gatesOffset, previousCell, before, cell, hidden, to);
  }

  @Override
  public void lstmState(
      GateFunction function,
      int h,
      float[] gates,
      int gatesOffset,
      float[] previousCell,
      int before,
      float[] cell,
      float[] hidden,
      int to) {
    chosen.lstmState(function, h, gates, gatesOffset, previousCell, before, cell, hidden, to);
  }

  @Override
  public void gruState(
      GateFunction function,
      int h,
      double[] gates,
      int gatesOffset,
      double[] product,
      double[] previousHidden,
      int before,
      double[] hidden,
      int to) {
    chosen.gruState(function, h, gates, gatesOffset, product, previousHidden, before, hidden, to);
  }

  @Override
  public void gruState(
      GateFunction function,
      int h,
      float[] gates,
      int gatesOffset,
      float[] product,
      float[] previousHidden,
      int before,
      float[] hidden,
      int to) {
    chosen.gruState(function, h, gates, gatesOffset, product, previousHidden, before, hidden, to);
  }

  @Override
  public void lstmStateBackward(
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
    chosen.lstmStateBackward(
        h, gates, gatesOffset, squashed, previousCell, before, dHidden, dCell, row, dGates);
  }

  @Override
  public void lstmStateBackward(
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
    chosen.lstmStateBackward(
        h, gates, gatesOffset, squashed, previousCell, before, dHidden, dCell, row, dGates);
  }

  @Override
  public void gruStateBackward(
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
    chosen.gruStateBackward(
        h, gates, gatesOffset, product, to, previousHidden, before, dHidden, row, dGates, dProduct);
  }

  @Override
  public void gruStateBackward(
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
    chosen.gruStateBackward(
        h, gates, gatesOffset, product, to, previousHidden, before, dHidden, row, dGates, dProduct);
  }

  @Override
  public String algorithm(Convolution conv, DType dtype, boolean repeated) {
    return chosen.algorithm(conv, dtype, repeated);
  }

  @Override
  public void maxPool(PoolPlacement windows, int planes, double[] x, double[] y, long[] indices) {
    chosen.maxPool(windows, planes, x, y, indices);
  }

  @Override
  public void averagePool(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int divisor,
      double[] x,
      double[] y) {
    chosen.averagePool(windows, planes, countPadding, divisor, x, y);
  }

  @Override
  public void maxPool(PoolPlacement windows, int planes, float[] x, float[] y, long[] indices) {
    chosen.maxPool(windows, planes, x, y, indices);
  }

  @Override
  public void averagePool(
      PoolPlacement windows, int planes, boolean countPadding, int divisor, float[] x, float[] y) {
    chosen.averagePool(windows, planes, countPadding, divisor, x, y);
  }

  @Override
  public void activate(PointwiseFunction f, double[] x, double[] y) {
    chosen.activate(f, x, y);
  }

  @Override
  public void activateBackward(PointwiseFunction f, double[] x, double[] dy, double[] dx) {
    chosen.activateBackward(f, x, dy, dx);
  }

  @Override
  public void softmax(int axis, int inner, int sign, boolean logarithm, double[] x, double[] y) {
    chosen.softmax(axis, inner, sign, logarithm, x, y);
  }

  @Override
  public void activate(PointwiseFunction f, float[] x, float[] y) {
    chosen.activate(f, x, y);
  }

  @Override
  public void activateBackward(PointwiseFunction f, float[] x, float[] dy, float[] dx) {
    chosen.activateBackward(f, x, dy, dx);
  }

  @Override
  public void softmax(int axis, int inner, int sign, boolean logarithm, float[] x, float[] y) {
    chosen.softmax(axis, inner, sign, logarithm, x, y);
  }
}
