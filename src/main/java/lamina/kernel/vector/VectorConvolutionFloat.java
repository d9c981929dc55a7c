// Derived from VectorConvolutionDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import java.util.Arrays;
import lamina.kernel.Convolution;
import lamina.kernel.RepeatedConvolutionFloat;

/** Chooses the algorithm of a convolution in float32, by what was asked for and by its shape. */
final class VectorConvolutionFloat {
  /** Of the definition's products, for Winograd's transforms to pay. */
  private static final float MOST_PRODUCTS = 3 / (float) 5;

  private VectorConvolutionFloat() {}

  /** As {@link lamina.kernel.Backend#convolve}. */
  static void forward(Convolution conv, float[] x, float[] w, float[] bias, float[] y) {
    if (isWinograd(conv, false)) {
      WinogradFloat winograd = new WinogradFloat(conv);
      float[] kernels = winograd.prepare(w);
      winograd.forward(x, kernels, bias, y);
      BuffersFloat.give(kernels);
    } else if (isGemm(conv)) {
      GemmConvolutionFloat gemm = new GemmConvolutionFloat(conv);
      float[] tiles = gemm.prepare(w);
      gemm.forward(x, tiles, bias, y);
      BuffersFloat.give(tiles);
    } else {
      repeated(conv, w).convolve(x, bias, y);
    }
  }

  /** As {@link lamina.kernel.Backend#repeated}. */
  static RepeatedConvolutionFloat repeated(Convolution conv, float[] w) {
    if (isEmpty(conv)) {
      return (x, bias, y) -> fill(conv, bias, y);
    }
    if (isWinograd(conv, true)) {
      WinogradFloat winograd = new WinogradFloat(conv);
      float[] kernels = winograd.prepare(w);
      return (x, bias, y) -> winograd.forward(x, kernels, bias, y);
    }
    if (!isDirect(conv)) {
      GemmConvolutionFloat gemm = new GemmConvolutionFloat(conv);
      float[] tiles = gemm.prepare(w);
      return (x, bias, y) -> gemm.forward(x, tiles, bias, y);
    }
    DirectConvolutionFloat direct = new DirectConvolutionFloat(conv);
    return (x, bias, y) -> direct.forward(x, w, bias, y);
  }

  private static void fill(Convolution conv, float[] bias, float[] y) {
    int channels = conv.outChannels();
    for (int i = 0; i < y.length; i++) {
      y[i] = bias == null ? 0 : bias[i / (y.length / (conv.batch() * channels)) % channels];
    }
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardInput}. */
  static void backwardInput(Convolution conv, float[] dy, float[] w, float[] dx) {
    if (isEmpty(conv)) {
      Arrays.fill(dx, 0);
    } else if (isDirect(conv)) {
      new DirectConvolutionFloat(conv).backwardInput(dy, w, dx);
    } else {
      new GemmGradientsFloat(conv).backwardInput(dy, w, dx);
    }
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardKernel}. */
  static void backwardKernel(Convolution conv, float[] x, float[] dy, float[] dw) {
    if (isEmpty(conv)) {
      Arrays.fill(dw, 0);
    } else if (isDirect(conv)) {
      new DirectConvolutionFloat(conv).backwardKernel(x, dy, dw);
    } else {
      new GemmGradientsFloat(conv).backwardKernel(x, dy, dw);
    }
  }

  /** What {@link #forward} takes. */
  static String algorithm(Convolution conv) {
    if (isWinograd(conv, false)) {
      return "winograd";
    }
    return isGemm(conv) ? "gemm" : "direct";
  }

  /** No channels in or nothing out: no sums to compute. */
  private static boolean isEmpty(Convolution conv) {
    return conv.multiplyAccumulates() == 0;
  }

  /**
   * Where asked for; else in float32 where there are channels enough to multiply and it saves about
   * half of the products or more.
   *
   * @param repeated whether the kernels, which become two to four times as large, are transformed
   *     once for many convolutions
   */
  private static boolean isWinograd(Convolution conv, boolean repeated) {
    if (isEmpty(conv) || !WinogradFloat.fits(conv)) {
      return false;
    }
    int channels = Math.min(conv.inChannels(), conv.outChannels()) / conv.groups();
    long positions = (long) conv.batch() * conv.outputSize()[0] * conv.outputSize()[1];
    return switch (conv.algorithm()) {
      case WINOGRAD -> true;
      case AUTO ->
          Float.SIZE == 32
              && channels >= 16
              && WinogradFloat.share(conv) <= MOST_PRODUCTS
              && (repeated || positions >= 500);
      default -> false;
    };
  }

  private static boolean isGemm(Convolution conv) {
    return !isEmpty(conv) && !isWinograd(conv, false) && !isDirect(conv);
  }

  /** Few filters a group leave a matrix product nothing to reuse its panels for. */
  private static boolean isDirect(Convolution conv) {
    int groupOut = conv.outChannels() / conv.groups();
    return switch (conv.algorithm()) {
      case DIRECT -> true;
      case GEMM -> false;
      default -> groupOut < 4 && conv.inChannels() / conv.groups() < 16;
    };
  }
}
