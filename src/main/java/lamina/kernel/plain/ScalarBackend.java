package lamina.kernel.plain;

import lamina.kernel.Backend;
import lamina.kernel.Convolution;

/** Plain loops, for small work and for machines without the Vector API. */
public final class ScalarBackend implements Backend {
  @Override
  public String name() {
    return "scalar";
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
    ProductDouble.multiply(
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
    ProductFloat.multiply(
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
    ConvolutionDouble.forward(conv, x, w, bias, y);
  }

  @Override
  public void convolve(Convolution conv, float[] x, float[] w, float[] bias, float[] y) {
    ConvolutionFloat.forward(conv, x, w, bias, y);
  }

  @Override
  public void convolveBackwardInput(Convolution conv, double[] dy, double[] w, double[] dx) {
    ConvolutionDouble.backwardInput(conv, dy, w, dx);
  }

  @Override
  public void convolveBackwardInput(Convolution conv, float[] dy, float[] w, float[] dx) {
    ConvolutionFloat.backwardInput(conv, dy, w, dx);
  }

  @Override
  public void convolveBackwardKernel(Convolution conv, double[] x, double[] dy, double[] dw) {
    ConvolutionDouble.backwardKernel(conv, x, dy, dw);
  }

  @Override
  public void convolveBackwardKernel(Convolution conv, float[] x, float[] dy, float[] dw) {
    ConvolutionFloat.backwardKernel(conv, x, dy, dw);
  }
}
