package lamina.kernel.vector;

import lamina.kernel.Convolution;
import lamina.kernel.GateFunction;
import lamina.kernel.Magnitudes;
import lamina.kernel.Matrix;
import lamina.kernel.Moments;
import lamina.kernel.PointwiseFunction;
import lamina.kernel.PoolPlacement;
import lamina.kernel.RecurrentGradients;
import lamina.kernel.RecurrentState;
import lamina.kernel.RecurrentTape;
import lamina.kernel.RepeatedConvolution;
import lamina.kernel.RepeatedProduct;
import lamina.kernel.plain.PlainKernelsDouble;

/** Vector kernels in float64; plain loops where there is none, or rows are too short for one. */
final class VectorKernelsDouble extends PlainKernelsDouble {
  @Override
  public void multiply(
      Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, boolean accumulate) {
    MatrixProductDouble.multiply(a, b, c, accumulate);
  }

  @Override
  public RepeatedProduct<double[]> repeated(Matrix<double[]> b, long rows) {
    return new PackedProductDouble(b);
  }

  @Override
  public void convolve(Convolution conv, double[] x, double[] w, double[] bias, double[] y) {
    VectorConvolutionDouble.forward(conv, x, w, bias, y);
  }

  @Override
  public RepeatedConvolution<double[]> repeated(Convolution conv, double[] w) {
    return VectorConvolutionDouble.repeated(conv, w);
  }

  @Override
  public void convolveBackwardInput(Convolution conv, double[] dy, double[] w, double[] dx) {
    VectorConvolutionDouble.backwardInput(conv, dy, w, dx);
  }

  @Override
  public void convolveBackwardKernel(Convolution conv, double[] x, double[] dy, double[] dw) {
    VectorConvolutionDouble.backwardKernel(conv, x, dy, dw);
  }

  @Override
  public String algorithm(Convolution conv, boolean repeated) {
    return VectorConvolutionDouble.algorithm(conv, repeated);
  }

  @Override
  public void squash(GateFunction function, double[] x, int from, int count) {
    if (SquashVectorsDouble.knows(function)) {
      SquashVectorsDouble.apply(function, x, from, x, from, count);
    } else {
      super.squash(function, x, from, count);
    }
  }

  @Override
  public void lstmState(
      GateFunction function,
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> before,
      int sequence) {
    if (function == GateFunction.TANH && fillsVector(tape)) {
      StateVectorsDouble.lstm(tape, row, before, sequence);
    } else {
      super.lstmState(function, tape, row, before, sequence);
    }
  }

  @Override
  public void gruState(
      GateFunction function,
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> before,
      int sequence) {
    if (function == GateFunction.TANH && fillsVector(tape)) {
      StateVectorsDouble.gru(tape, row, before, sequence);
    } else {
      super.gruState(function, tape, row, before, sequence);
    }
  }

  @Override
  public void lstmStateBackward(
      RecurrentTape<double[]> tape,
      int row,
      double[] squashed,
      RecurrentState<double[]> before,
      int sequence,
      RecurrentGradients<double[]> gradients) {
    if (fillsVector(tape)) {
      StateVectorsDouble.lstmBackward(tape, row, squashed, before, sequence, gradients);
    } else {
      super.lstmStateBackward(tape, row, squashed, before, sequence, gradients);
    }
  }

  @Override
  public void gruStateBackward(
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> before,
      int sequence,
      RecurrentGradients<double[]> gradients) {
    if (fillsVector(tape)) {
      StateVectorsDouble.gruBackward(tape, row, before, sequence, gradients);
    } else {
      super.gruStateBackward(tape, row, before, sequence, gradients);
    }
  }

  /** Whether a row of a state has the elements of a vector. */
  private static boolean fillsVector(RecurrentTape<double[]> tape) {
    return tape.hiddenSize() >= TileDouble.LANES;
  }

  @Override
  public void maxPool(PoolPlacement windows, int planes, double[] x, double[] y, long[] indices) {
    VectorPoolingDouble.max(windows, planes, x, y, indices);
  }

  @Override
  public void maxPoolBackward(
      PoolPlacement windows, int planes, double[] x, double[] y, double[] dy, double[] dx) {
    VectorPoolingDouble.maxBackward(windows, planes, x, y, dy, dx);
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
  public Magnitudes magnitudes(double[] x) {
    return VectorMagnitudesDouble.of(x);
  }

  @Override
  public Moments moments(double[] x, int from, int count) {
    return VectorMoments.of(x, from, count);
  }
}
