package lamina.kernel.plain;

import lamina.kernel.ActivationDouble;
import lamina.kernel.Convolution;
import lamina.kernel.GateFunction;
import lamina.kernel.Kernels;
import lamina.kernel.Magnitudes;
import lamina.kernel.Matrix;
import lamina.kernel.Moments;
import lamina.kernel.PointwiseFunction;
import lamina.kernel.PoolNorm;
import lamina.kernel.PoolPlacement;
import lamina.kernel.PoolingDouble;
import lamina.kernel.RecurrentGradients;
import lamina.kernel.RecurrentState;
import lamina.kernel.RecurrentTape;
import lamina.kernel.RepeatedConvolution;
import lamina.kernel.RepeatedProduct;

/** Plain loops in float64, each in the class of its family. */
public class PlainKernelsDouble implements Kernels<double[]> {
  /** The only instance: it has no state. */
  public static final PlainKernelsDouble KERNELS = new PlainKernelsDouble();

  protected PlainKernelsDouble() {}

  @Override
  public void multiply(
      Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, boolean accumulate) {
    ProductDouble.multiply(a, b, c, accumulate);
  }

  @Override
  public RepeatedProduct<double[]> repeated(Matrix<double[]> b, long rows) {
    // Transposed once here, since the plain loops would do it at each product.
    Matrix<double[]> right = b.transposed() ? ProductDouble.straight(b) : b;
    return (a, c) -> multiply(a, right, c, true);
  }

  @Override
  public void convolve(Convolution conv, double[] x, double[] w, double[] bias, double[] y) {
    ConvolutionDouble.forward(conv, x, w, bias, y);
  }

  @Override
  public RepeatedConvolution<double[]> repeated(Convolution conv, double[] w) {
    return (x, bias, y) -> convolve(conv, x, w, bias, y);
  }

  @Override
  public void convolveBackwardInput(Convolution conv, double[] dy, double[] w, double[] dx) {
    ConvolutionDouble.backwardInput(conv, dy, w, dx);
  }

  @Override
  public void convolveBackwardKernel(Convolution conv, double[] x, double[] dy, double[] dw) {
    ConvolutionDouble.backwardKernel(conv, x, dy, dw);
  }

  @Override
  public String algorithm(Convolution conv, boolean repeated) {
    return "direct";
  }

  @Override
  public void squash(GateFunction function, double[] x, int from, int count) {
    SquashDouble.apply(function, x, from, count);
  }

  @Override
  public void lstmState(
      GateFunction function,
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> before,
      int sequence) {
    StateDouble.lstm(function, tape, row, before, sequence);
  }

  @Override
  public void gruState(
      GateFunction function,
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> before,
      int sequence) {
    StateDouble.gru(function, tape, row, before, sequence);
  }

  @Override
  public void lstmStateBackward(
      RecurrentTape<double[]> tape,
      int row,
      double[] squashed,
      RecurrentState<double[]> before,
      int sequence,
      RecurrentGradients<double[]> gradients) {
    StateDouble.lstmBackward(tape, row, squashed, before, sequence, gradients);
  }

  @Override
  public void gruStateBackward(
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> before,
      int sequence,
      RecurrentGradients<double[]> gradients) {
    StateDouble.gruBackward(tape, row, before, sequence, gradients);
  }

  @Override
  public void maxPool(PoolPlacement windows, int planes, double[] x, double[] y, long[] indices) {
    PoolingDouble.max(windows, planes, x, y, indices);
  }

  @Override
  public void maxPoolBackward(
      PoolPlacement windows, int planes, double[] x, double[] y, double[] dy, double[] dx) {
    PoolingDouble.maxBackward(windows, planes, x, dy, dx);
  }

  @Override
  public void averagePool(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int divisor,
      double[] x,
      double[] y) {
    PoolingDouble.average(windows, planes, countPadding, divisor, x, y);
  }

  @Override
  public void maxPoolBackward(
      int planes, int inPlane, int outPlane, long[] indices, double[] dy, double[] dx) {
    PoolingDouble.maxBackward(planes, inPlane, outPlane, indices, dy, dx);
  }

  @Override
  public void averagePoolBackward(
      PoolPlacement windows,
      int planes,
      boolean countPadding,
      int divisor,
      double[] dy,
      double[] dx) {
    PoolingDouble.averageBackward(windows, planes, countPadding, divisor, dy, dx);
  }

  @Override
  public void normPool(PoolPlacement windows, int planes, PoolNorm norm, double[] x, double[] y) {
    PoolingDouble.norm(windows, planes, norm, x, y);
  }

  @Override
  public void normPoolBackward(
      PoolPlacement windows,
      int planes,
      PoolNorm norm,
      double[] x,
      double[] y,
      double[] dy,
      double[] dx) {
    PoolingDouble.normBackward(windows, planes, norm, x, y, dy, dx);
  }

  @Override
  public void activate(PointwiseFunction f, double[] x, double[] y) {
    ActivationDouble.forward(f, x, y);
  }

  @Override
  public void activateBackward(PointwiseFunction f, double[] x, double[] dy, double[] dx) {
    ActivationDouble.backward(f, x, dy, dx);
  }

  @Override
  public void softmax(int axis, int inner, int sign, boolean logarithm, double[] x, double[] y) {
    ActivationDouble.softmax(axis, inner, sign, logarithm, x, y);
  }

  @Override
  public Magnitudes magnitudes(double[] x) {
    double largest = 0;
    int zeros = 0;
    for (double element : x) {
      largest = Math.abs(element) > largest ? Math.abs(element) : largest;
      zeros += element == 0 ? 1 : 0;
    }
    return new Magnitudes(largest, zeros);
  }

  @Override
  public Moments moments(double[] x, int from, int count) {
    return PlainMoments.of(x, from, count);
  }
}
