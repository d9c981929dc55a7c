package lamina.kernel.vector;

import lamina.kernel.Backend;
import lamina.kernel.Convolution;
import lamina.kernel.GateFunction;
import lamina.kernel.PointwiseFunction;
import lamina.kernel.PoolPlacement;
import lamina.kernel.RepeatedConvolutionDouble;
import lamina.kernel.RepeatedConvolutionFloat;
import lamina.kernel.RepeatedProductDouble;
import lamina.kernel.RepeatedProductFloat;
import lamina.tensor.DType;

/** Kernels written with the Vector API, whose module must be loaded before this class is. */
public final class VectorBackend implements Backend {
  @Override
  public String name() {
    return "vector";
  }

  /** What runs and how wide its vectors are. */
  @Override
  public String toString() {
    return "vector: " + Machine.SHAPE.vectorBitSize() + "-bit";
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
    MatrixProductDouble.multiply(
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
    MatrixProductFloat.multiply(
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
    VectorConvolutionDouble.forward(conv, x, w, bias, y);
  }

  @Override
  public void convolve(Convolution conv, float[] x, float[] w, float[] bias, float[] y) {
    VectorConvolutionFloat.forward(conv, x, w, bias, y);
  }

  @Override
  public RepeatedConvolutionDouble repeated(Convolution conv, double[] w) {
    return VectorConvolutionDouble.repeated(conv, w);
  }

  @Override
  public RepeatedConvolutionFloat repeated(Convolution conv, float[] w) {
    return VectorConvolutionFloat.repeated(conv, w);
  }

  @Override
  public void convolveBackwardInput(Convolution conv, double[] dy, double[] w, double[] dx) {
    VectorConvolutionDouble.backwardInput(conv, dy, w, dx);
  }

  @Override
  public void convolveBackwardInput(Convolution conv, float[] dy, float[] w, float[] dx) {
    VectorConvolutionFloat.backwardInput(conv, dy, w, dx);
  }

  @Override
  public void convolveBackwardKernel(Convolution conv, double[] x, double[] dy, double[] dw) {
    VectorConvolutionDouble.backwardKernel(conv, x, dy, dw);
  }

  @Override
  public void convolveBackwardKernel(Convolution conv, float[] x, float[] dy, float[] dw) {
    VectorConvolutionFloat.backwardKernel(conv, x, dy, dw);
  }

  @Override
  public RepeatedProductDouble repeated(
      int k, int n, double[] b, int bOffset, int ldb, boolean transposeB, long rows) {
    return new PackedProductDouble(k, n, b, bOffset, ldb, transposeB);
  }

  @Override
  public RepeatedProductFloat repeated(
      int k, int n, float[] b, int bOffset, int ldb, boolean transposeB, long rows) {
    return new PackedProductFloat(k, n, b, bOffset, ldb, transposeB);
  }

  @Override
  public void squash(GateFunction function, double[] x, int from, int count) {
    if (SquashVectorsDouble.knows(function)) {
      SquashVectorsDouble.apply(function, x, from, x, from, count);
    } else {
      Backend.super.squash(function, x, from, count);
    }
  }

  @Override
  public void squash(GateFunction function, float[] x, int from, int count) {
    if (SquashVectorsFloat.knows(function)) {
      SquashVectorsFloat.apply(function, x, from, x, from, count);
    } else {
      Backend.super.squash(function, x, from, count);
    }
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
    if (function == GateFunction.TANH && h >= TileDouble.LANES) {
      StateVectorsDouble.lstm(h, gates, gatesOffset, previousCell, before, cell, hidden, to);
    } else {
      Backend.super.lstmState(
          function, h, gates, gatesOffset, previousCell, before, cell, hidden, to);
    }
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
    if (function == GateFunction.TANH && h >= TileFloat.LANES) {
      StateVectorsFloat.lstm(h, gates, gatesOffset, previousCell, before, cell, hidden, to);
    } else {
      Backend.super.lstmState(
          function, h, gates, gatesOffset, previousCell, before, cell, hidden, to);
    }
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
    if (function == GateFunction.TANH && h >= TileDouble.LANES) {
      StateVectorsDouble.gru(h, gates, gatesOffset, product, previousHidden, before, hidden, to);
    } else {
      Backend.super.gruState(
          function, h, gates, gatesOffset, product, previousHidden, before, hidden, to);
    }
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
    if (function == GateFunction.TANH && h >= TileFloat.LANES) {
      StateVectorsFloat.gru(h, gates, gatesOffset, product, previousHidden, before, hidden, to);
    } else {
      Backend.super.gruState(
          function, h, gates, gatesOffset, product, previousHidden, before, hidden, to);
    }
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
    if (h >= TileDouble.LANES) {
      StateVectorsDouble.lstmBackward(
          h, gates, gatesOffset, squashed, previousCell, before, dHidden, dCell, row, dGates);
    } else {
      Backend.super.lstmStateBackward(
          h, gates, gatesOffset, squashed, previousCell, before, dHidden, dCell, row, dGates);
    }
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
    if (h >= TileFloat.LANES) {
      StateVectorsFloat.lstmBackward(
          h, gates, gatesOffset, squashed, previousCell, before, dHidden, dCell, row, dGates);
    } else {
      Backend.super.lstmStateBackward(
          h, gates, gatesOffset, squashed, previousCell, before, dHidden, dCell, row, dGates);
    }
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
    if (h >= TileDouble.LANES) {
      StateVectorsDouble.gruBackward(
          h,
          gates,
          gatesOffset,
          product,
          to,
          previousHidden,
          before,
          dHidden,
          row,
          dGates,
          dProduct);
    } else {
      Backend.super.gruStateBackward(
          h,
          gates,
          gatesOffset,
          product,
          to,
          previousHidden,
          before,
          dHidden,
          row,
          dGates,
          dProduct);
    }
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
    if (h >= TileFloat.LANES) {
      StateVectorsFloat.gruBackward(
          h,
          gates,
          gatesOffset,
          product,
          to,
          previousHidden,
          before,
          dHidden,
          row,
          dGates,
          dProduct);
    } else {
      Backend.super.gruStateBackward(
          h,
          gates,
          gatesOffset,
          product,
          to,
          previousHidden,
          before,
          dHidden,
          row,
          dGates,
          dProduct);
    }
  }

  @Override
  public String algorithm(Convolution conv, DType dtype, boolean repeated) {
    return dtype == DType.FLOAT32
        ? VectorConvolutionFloat.algorithm(conv, repeated)
        : VectorConvolutionDouble.algorithm(conv, repeated);
  }

  @Override
  public void maxPool(PoolPlacement windows, int planes, double[] x, double[] y, long[] indices) {
    VectorPoolingDouble.max(windows, planes, x, y, indices);
  }

  @Override
  public void averagePool(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int divisor,
      double[] x,
      double[] y) {
    VectorPoolingDouble.average(windows, planes, countPadding, divisor, x, y);
  }

  @Override
  public void maxPool(PoolPlacement windows, int planes, float[] x, float[] y, long[] indices) {
    VectorPoolingFloat.max(windows, planes, x, y, indices);
  }

  @Override
  public void averagePool(
      PoolPlacement windows, int planes, boolean countPadding, int divisor, float[] x, float[] y) {
    VectorPoolingFloat.average(windows, planes, countPadding, divisor, x, y);
  }

  @Override
  public void activate(PointwiseFunction f, double[] x, double[] y) {
    VectorActivationDouble.forward(f, x, y);
  }

  @Override
  public void activateBackward(PointwiseFunction f, double[] x, double[] dy, double[] dx) {
    VectorActivationDouble.backward(f, x, dy, dx);
  }

  @Override
  public void softmax(int axis, int inner, int sign, boolean logarithm, double[] x, double[] y) {
    VectorSoftmaxDouble.forward(axis, inner, sign, logarithm, x, y);
  }

  @Override
  public void activate(PointwiseFunction f, float[] x, float[] y) {
    VectorActivationFloat.forward(f, x, y);
  }

  @Override
  public void activateBackward(PointwiseFunction f, float[] x, float[] dy, float[] dx) {
    VectorActivationFloat.backward(f, x, dy, dx);
  }

  @Override
  public void softmax(int axis, int inner, int sign, boolean logarithm, float[] x, float[] y) {
    VectorSoftmaxFloat.forward(axis, inner, sign, logarithm, x, y);
  }
}
