package lamina.kernel.vector;

import java.util.Arrays;
import lamina.kernel.Convolution;
import lamina.kernel.RepeatedConvolution;
import lamina.kernel.Window;
import lamina.tensor.DType;

/** Chooses the algorithm of a convolution in float64, by what was asked for and by its shape. */
final class VectorConvolutionDouble {
  private static final DType DTYPE = DType.FLOAT64;

  /**
   * What Winograd's transforms cost in multiplications of a matrix product, measured with AVX-512
   * in float32: for each output position and channel, in or out, and for each kernel.
   */
  private static final long TILE_COST = 150;

  private static final long KERNEL_COST = 12_000;

  /**
   * A sum of up to so many terms is short: those of a 3×3 kernel on one channel. With 16 terms
   * matrix products are faster.
   */
  private static final int SHORT = 9;

  private VectorConvolutionDouble() {}

  /** As {@link lamina.kernel.Kernels#convolve}. */
  static void forward(Convolution conv, double[] x, double[] w, double[] bias, double[] y) {
    if (isWinograd(conv, false)) {
      WinogradDouble winograd = new WinogradDouble(conv);
      double[] kernels = winograd.prepare(w);
      winograd.forward(x, kernels, bias, y);
      BuffersDouble.give(kernels);
    } else if (isGemm(conv)) {
      GemmConvolutionDouble gemm = new GemmConvolutionDouble(conv);
      double[] tiles = gemm.prepare(w);
      gemm.forward(x, tiles, bias, y);
      BuffersDouble.give(tiles);
    } else {
      repeated(conv, w).convolve(x, bias, y);
    }
  }

  /** As {@link lamina.kernel.Kernels#repeated}. */
  static RepeatedConvolution<double[]> repeated(Convolution conv, double[] w) {
    if (isEmpty(conv)) {
      return (x, bias, y) -> fill(conv, bias, y);
    }
    if (isWinograd(conv, true)) {
      WinogradDouble winograd = new WinogradDouble(conv);
      double[] kernels = winograd.prepare(w);
      return (x, bias, y) -> winograd.forward(x, kernels, bias, y);
    }
    if (!isDirect(conv)) {
      GemmConvolutionDouble gemm = new GemmConvolutionDouble(conv);
      double[] tiles = gemm.prepare(w);
      return (x, bias, y) -> gemm.forward(x, tiles, bias, y);
    }
    DirectConvolutionDouble direct = new DirectConvolutionDouble(conv);
    return (x, bias, y) -> direct.forward(x, w, bias, y);
  }

  private static void fill(Convolution conv, double[] bias, double[] y) {
    int channels = conv.outChannels();
    for (int i = 0; i < y.length; i++) {
      y[i] = bias == null ? 0 : bias[i / (y.length / (conv.batch() * channels)) % channels];
    }
  }

  /** As {@link lamina.kernel.Kernels#convolveBackwardInput}. */
  static void backwardInput(Convolution conv, double[] dy, double[] w, double[] dx) {
    if (isEmpty(conv)) {
      Arrays.fill(dx, 0);
    } else if (isDirect(conv, hasFewFilters(conv))) {
      new DirectConvolutionDouble(conv).backwardInput(dy, w, dx);
    } else if (isTurnable(conv)) {
      double[] kernels = BuffersDouble.take(w.length);
      turnKernels(conv, w, kernels);
      forward(turned(conv), dy, kernels, null, dx);
      BuffersDouble.give(kernels);
    } else {
      new GemmGradientsDouble(conv).backwardInput(dy, w, dx);
    }
  }

  /**
   * Whether to compute the gradient of the input as a convolution of the output's gradient with the
   * kernels turned around. It is one if all strides are 1 and the padding is not wider than windows
   * reach. With too few channels its tiles would be mostly empty.
   */
  private static boolean isTurnable(Convolution conv) {
    Window g = conv.window();
    if (conv.inChannels() / conv.groups() < TileDouble.LOW) {
      return false;
    }
    for (int axis = 0; axis < g.rank(); axis++) {
      int reach = g.dilation()[axis] * (g.kernel()[axis] - 1);
      if (g.stride()[axis] != 1 || g.padBefore()[axis] > reach || g.padBefore()[axis] < 0) {
        return false;
      }
    }
    return true;
  }

  /** The convolution that gives the gradient of the input; see {@link #isTurnable}. */
  private static Convolution turned(Convolution conv) {
    Window g = conv.window();
    int[] before = new int[g.rank()];
    int[] after = new int[g.rank()];
    for (int axis = 0; axis < g.rank(); axis++) {
      int reach = g.dilation()[axis] * (g.kernel()[axis] - 1);
      before[axis] = reach - g.padBefore()[axis];
      after[axis] = conv.inputSize()[axis] + reach - conv.outputSize()[axis] - before[axis];
    }
    return new Convolution(
        conv.batch(),
        conv.outChannels(),
        conv.inChannels(),
        conv.groups(),
        new Window(g.kernel(), g.stride(), g.dilation(), before, after),
        conv.outputSize(),
        conv.inputSize(),
        conv.algorithm());
  }

  /**
   * The kernels of {@link #turned}: in each group channels and filters change places, and the taps
   * are in reverse order.
   */
  private static void turnKernels(Convolution conv, double[] w, double[] kernels) {
    int in = conv.inChannels() / conv.groups();
    int out = conv.outChannels() / conv.groups();
    int taps = w.length / conv.outChannels() / in;
    int to = 0;
    for (int group = 0; group < conv.groups(); group++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          int from = ((group * out + o) * in + i) * taps;
          for (int tap = taps - 1; tap >= 0; tap--) {
            kernels[to++] = w[from + tap];
          }
        }
      }
    }
  }

  /** As {@link lamina.kernel.Kernels#convolveBackwardKernel}. */
  static void backwardKernel(Convolution conv, double[] x, double[] dy, double[] dw) {
    if (isEmpty(conv)) {
      Arrays.fill(dw, 0);
    } else if (isDirect(conv, hasFewFilters(conv) || (hasShortSums(conv) && isDense(conv)))) {
      new DirectConvolutionDouble(conv).backwardKernel(x, dy, dw);
    } else {
      new GemmGradientsDouble(conv).backwardKernel(x, dy, dw);
    }
  }

  /** Whether all strides are 1. Others leave zeros between the rows of the output's gradient. */
  private static boolean isDense(Convolution conv) {
    return Arrays.stream(conv.window().stride()).allMatch(stride -> stride == 1);
  }

  /** The algorithm that {@link #forward} or {@link #repeated} chooses. */
  static String algorithm(Convolution conv, boolean repeated) {
    if (isWinograd(conv, repeated)) {
      return "winograd";
    }
    return isEmpty(conv) || isDirect(conv) ? "direct" : "gemm";
  }

  /** Whether there are no sums to compute, since there are no channels or no outputs. */
  private static boolean isEmpty(Convolution conv) {
    return conv.multiplyAccumulates() == 0;
  }

  /**
   * Whether to use Winograd's algorithm: where it is asked for, and in float32 where it takes less
   * time.
   *
   * @param repeated whether the kernels are transformed once for many convolutions
   */
  private static boolean isWinograd(Convolution conv, boolean repeated) {
    if (isEmpty(conv) || !WinogradDouble.fits(conv)) {
      return false;
    }
    return switch (conv.algorithm()) {
      case WINOGRAD -> true;
      case AUTO -> DTYPE == DType.FLOAT32 && isWinogradFaster(conv, repeated);
      default -> false;
    };
  }

  private static boolean isWinogradFaster(Convolution conv, boolean repeated) {
    long in = conv.inChannels() / conv.groups();
    long out = conv.outChannels() / conv.groups();
    long positions = conv.multiplyAccumulates() / (9 * in * conv.outChannels());
    double saved = conv.multiplyAccumulates() * (1 - WinogradDouble.share(conv));
    long tiles = TILE_COST * positions * conv.groups() * (in + out);
    long kernels = repeated ? 0 : KERNEL_COST * in * conv.outChannels();
    return saved > tiles + kernels;
  }

  private static boolean isGemm(Convolution conv) {
    return !isEmpty(conv) && !isWinograd(conv, false) && !isDirect(conv);
  }

  /**
   * Whether there are so few filters in a group that a matrix product would use its panels only
   * once or twice.
   */
  private static boolean hasFewFilters(Convolution conv) {
    return conv.outChannels() / conv.groups() < 4 && conv.inChannels() / conv.groups() < 16;
  }

  /** Whether the sums have so few terms that a matrix product mostly starts and writes tiles. */
  private static boolean hasShortSums(Convolution conv) {
    int taps = 1;
    for (int size : conv.window().kernel()) {
      taps = Math.multiplyExact(taps, size);
    }
    return (long) conv.inChannels() / conv.groups() * taps <= SHORT;
  }

  private static boolean isDirect(Convolution conv) {
    return isDirect(conv, hasFewFilters(conv) || hasShortSums(conv));
  }

  private static boolean isDirect(Convolution conv, boolean isFaster) {
    return switch (conv.algorithm()) {
      case DIRECT -> true;
      case GEMM -> false;
      default -> isFaster;
    };
  }
}
