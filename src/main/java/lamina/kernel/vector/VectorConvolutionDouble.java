package lamina.kernel.vector;

import java.util.Arrays;
import lamina.kernel.Convolution;

/** Chooses the algorithm of a convolution in float64, by what was asked for and by its shape. */
final class VectorConvolutionDouble {
  private VectorConvolutionDouble() {}

  /** As {@link lamina.kernel.Backend#convolve}. */
  static void forward(Convolution conv, double[] x, double[] w, double[] bias, double[] y) {
    if (isEmpty(conv)) {
      for (int i = 0; i < y.length; i++) {
        y[i] =
            bias == null
                ? 0
                : bias[i / (y.length / (conv.batch() * conv.outChannels())) % conv.outChannels()];
      }
    } else if (isWinograd(conv)) {
      new WinogradDouble(conv).forward(x, w, bias, y);
    } else if (isDirect(conv)) {
      new DirectConvolutionDouble(conv).forward(x, w, bias, y);
    } else {
      GemmConvolutionDouble gemm = new GemmConvolutionDouble(conv);
      double[] tiles = gemm.prepare(w);
      gemm.forward(x, tiles, bias, y);
      BuffersDouble.give(tiles);
    }
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardInput}. */
  static void backwardInput(Convolution conv, double[] dy, double[] w, double[] dx) {
    if (isEmpty(conv)) {
      Arrays.fill(dx, 0);
    } else if (isDirect(conv)) {
      new DirectConvolutionDouble(conv).backwardInput(dy, w, dx);
    } else {
      new GemmConvolutionDouble(conv).backwardInput(dy, w, dx);
    }
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardKernel}. */
  static void backwardKernel(Convolution conv, double[] x, double[] dy, double[] dw) {
    if (isEmpty(conv)) {
      Arrays.fill(dw, 0);
    } else if (isDirect(conv)) {
      new DirectConvolutionDouble(conv).backwardKernel(x, dy, dw);
    } else {
      new GemmConvolutionDouble(conv).backwardKernel(x, dy, dw);
    }
  }

  /** What {@link #forward} takes. */
  static String algorithm(Convolution conv) {
    if (!isEmpty(conv) && isWinograd(conv)) {
      return "winograd";
    }
    return isEmpty(conv) || isDirect(conv) ? "direct" : "gemm";
  }

  /** No channels in or nothing out: no sums to compute. */
  private static boolean isEmpty(Convolution conv) {
    return conv.multiplyAccumulates() == 0;
  }

  /**
   * Where asked for; else in float32 where there are channels enough to multiply and output enough
   * to be worth the transformed kernels, which are four times as large.
   */
  private static boolean isWinograd(Convolution conv) {
    if (!WinogradDouble.fits(conv)) {
      return false;
    }
    long positions = conv.multiplyAccumulates() / 9 / conv.outChannels();
    positions /= conv.inChannels() / conv.groups();
    return switch (conv.algorithm()) {
      case WINOGRAD -> true;
      case AUTO ->
          Double.SIZE == 32
              && Math.min(conv.inChannels(), conv.outChannels()) / conv.groups() >= 16
              && positions >= 500;
      default -> false;
    };
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
