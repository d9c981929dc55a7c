package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Convolutions of every backend and their gradients, by every algorithm. */
abstract class ConvolutionContract extends BackendContract {
  @Test
  void convolvesAllSmallShapes() {
    int convolved = 0;
    for (int kernel = 1; kernel <= 3; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
          for (int pad = 0; pad <= 2; pad++) {
            for (int size = 1; size <= 6; size++) {
              boolean fits = size + pad > dilation * (kernel - 1);
              if (fits) {
                checkConvolution(
                    1,
                    2,
                    3,
                    1,
                    ints(size + 1, size),
                    ints(kernel, kernel),
                    ints(stride, stride),
                    ints(dilation, dilation),
                    ints(pad, pad),
                    ints(pad, 0));
                convolved++;
              }
            }
          }
        }
      }
    }
    // Of 324, those whose kernel is not wider than the padded input.
    assertThat(convolved).isEqualTo(276);
  }

  @Test
  void convolvesAwkwardChannels() {
    for (int channels : new int[] {1, 4, 5, 6, 11, 13, 17, 25}) {
      int[] size = {7, 9};
      checkConvolution(
          2, 3, channels, 1, size, ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
      checkConvolution(
          1, channels, 4, 1, size, ints(3, 2), ints(2, 1), ints(1, 2), ints(1, 0), ints(0, 1));
      checkConvolution(
          2, channels, 6, 1, size, ints(1, 1), ints(1, 1), ints(1, 1), ints(0, 0), ints(0, 0));
      checkConvolution(
          2, channels, 5, 1, size, ints(1, 1), ints(2, 2), ints(1, 1), ints(0, 0), ints(0, 0));
      checkConvolution(
          2,
          channels,
          channels,
          channels,
          size,
          ints(3, 3),
          ints(2, 1),
          ints(1, 1),
          ints(1, 1),
          ints(1, 1));
      checkConvolution(
          1,
          2 * channels,
          3 * channels,
          channels,
          size,
          ints(2, 3),
          ints(1, 1),
          ints(2, 1),
          ints(1, 1),
          ints(1, 1));
    }
  }

  @Test
  void convolvesAwkwardWidths() {
    for (int width : new int[] {4, 7, 8, 13, 15, 16, 17, 18, 31, 33, 49, 65, 130, 257}) {
      checkConvolution(
          1, 2, 5, 1, ints(3, width), ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
      checkConvolution(
          1, 2, 5, 1, ints(3, width), ints(2, 3), ints(1, 1), ints(1, 1), ints(0, 0), ints(0, 0));
      checkConvolution(
          1, 1, 2, 1, ints(5, width), ints(5, 5), ints(1, 4), ints(1, 1), ints(2, 2), ints(2, 2));
      checkConvolution(
          1, 3, 3, 3, ints(4, width), ints(3, 3), ints(1, 2), ints(1, 1), ints(1, 1), ints(1, 1));
      checkConvolution(2, 3, 4, 1, ints(width), ints(4), ints(1), ints(1), ints(2), ints(1));
    }
  }

  @Test
  void convolvesAwkwardPlanesDepthwise() {
    for (int kernel : new int[] {1, 2, 3, 5}) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int size : new int[] {5, 7, 8, 14, 15, 16, 17, 28, 33}) {
          for (int pad = 0; pad <= kernel / 2 + 1; pad++) {
            checkConvolution(
                2,
                2,
                2,
                2,
                ints(size, size + 1),
                ints(kernel, kernel),
                ints(stride, stride),
                ints(1, 1),
                ints(pad, pad),
                ints(pad, pad));
          }
        }
      }
    }
  }

  /** Sums so long that the gradients of some kernels only are computed at a time. */
  @Test
  void convolvesManyChannels() {
    checkConvolution(
        2, 40, 67, 1, ints(5, 6), ints(5, 4), ints(1, 1), ints(1, 1), ints(1, 2), ints(2, 0));
  }

  @Test
  void convolvesRandomWindows() {
    List<Placed> fitting = new ArrayList<>(randomWindows());
    fitting.removeIf(placed -> !fits(placed));
    // Of 120.
    assertThat(fitting).hasSize(111);
    for (Placed placed : fitting) {
      Window w = placed.window();
      checkConvolution(
          2,
          3,
          3,
          3,
          placed.size(),
          w.kernel(),
          w.stride(),
          w.dilation(),
          w.padBefore(),
          w.padAfter());
    }
  }

  /** A convolution, unlike a pooling, refuses a window that is larger than the padded input. */
  private static boolean fits(Placed placed) {
    Window window = placed.window();
    for (int axis = 0; axis < window.rank(); axis++) {
      int padded = placed.size()[axis] + window.padBefore()[axis] + window.padAfter()[axis];
      if (window.span(axis) > padded) {
        return false;
      }
    }
    return true;
  }

  /** Infinite elements count only under taps that read them. */
  @Test
  void kernelGradientsOfInfiniteElements() {
    Window geometry = new Window(ints(2, 3), ints(1, 2), ints(1, 1), ints(0, 0), ints(0, 0));
    Convolution conv = new Convolution(1, 1, 1, 1, geometry, ints(2, 6), ints(1, 2));
    double[] x = {1, 2, 3, 4, 5, 6, 7, 8, Double.POSITIVE_INFINITY, 10, Double.NaN, 12};
    double[] dw = new double[6];
    float64.convolveBackwardKernel(
        conv.by(Convolution.Algorithm.DIRECT), x, new double[] {1, 2}, dw);
    assertThat(dw).containsExactly(7, 10, 13, Double.POSITIVE_INFINITY, 28, Double.NaN);
  }

  @Test
  void convolvesVolumes() {
    for (int size = 2; size <= 5; size++) {
      checkConvolution(
          2,
          4,
          6,
          2,
          ints(size, 4, size + 2),
          ints(2, 3, 2),
          ints(1, 2, 1),
          ints(1, 1, 2),
          ints(1, 1, 1),
          ints(0, 1, 1));
      checkConvolution(
          1,
          1,
          4,
          1,
          ints(size, size, size),
          ints(2, 1, 2),
          ints(2, 1, 1),
          ints(1, 1, 1),
          ints(0, 0, 0),
          ints(0, 0, 0));
    }
  }

  @Test
  void convolvesManyChannelsInBlocks() {
    checkConvolution(
        1, 44, 12, 1, ints(5, 7), ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
    checkConvolution(
        1, 401, 9, 1, ints(4, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(0, 0), ints(0, 0));
    checkConvolution(
        1, 2, 175, 1, ints(3, 6), ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
    checkConvolution(
        1, 3, 7, 1, ints(26, 29), ints(11, 11), ints(4, 4), ints(1, 1), ints(2, 2), ints(2, 2));
  }

  /**
   * Larger ones, whose inputs are copied some rows at a time, with panels over the ends of rows.
   */
  @Test
  void convolvesInChunksOfRows() {
    int[] one = {1, 1};
    checkConvolution(1, 40, 21, 1, ints(47, 66), ints(3, 3), one, one, ints(1, 1), ints(1, 1));
    checkConvolution(
        2, 20, 9, 1, ints(50, 35), ints(3, 3), one, ints(2, 2), ints(2, 2), ints(2, 2));
    checkConvolution(
        1, 3, 17, 1, ints(75, 91), ints(11, 11), ints(4, 4), one, ints(2, 2), ints(2, 2));
    checkConvolution(
        1, 5, 12, 1, ints(61, 77), ints(7, 7), ints(2, 2), one, ints(3, 3), ints(3, 3));
    checkConvolution(1, 33, 70, 1, ints(7, 7), ints(3, 3), one, one, ints(1, 1), ints(1, 1));
    checkConvolution(3, 36, 24, 2, ints(14, 14), ints(3, 3), one, one, ints(1, 1), ints(1, 1));
    checkConvolution(2, 65, 33, 1, ints(13, 11), one, one, one, ints(0, 0), ints(0, 0));
    checkConvolution(2, 18, 20, 1, ints(13, 12), one, ints(2, 2), one, ints(0, 0), ints(0, 0));
  }

  @Test
  void preparesKernelsForManyConvolutions() {
    Window geometry = new Window(ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
    Random random = new Random(5);
    for (Convolution.Algorithm algorithm : Convolution.Algorithm.values()) {
      Convolution conv = new Convolution(2, 5, 7, 1, geometry, ints(9, 10), ints(9, 10), algorithm);
      double[] w = random.doubles(7 * 5 * 9, -1, 1).toArray();
      double[] bias = random.doubles(7).toArray();
      RepeatedConvolution<double[]> repeated = float64.repeated(conv, w);
      RepeatedConvolution<float[]> repeated32 = float32.repeated(conv, floats(w));
      for (int time = 0; time < 3; time++) {
        double[] x = random.doubles(2 * 5 * 90, -1, 1).toArray();
        double[] expected = new double[2 * 7 * 90];
        double[] actual = new double[expected.length];
        float64.convolve(conv, x, w, bias, expected);
        repeated.convolve(x, bias, actual);
        assertThat(actual).as(conv.toString()).containsExactly(expected);
        float[] expected32 = new float[expected.length];
        float[] actual32 = new float[expected.length];
        float32.convolve(conv, floats(x), floats(w), null, expected32);
        repeated32.convolve(floats(x), null, actual32);
        for (int i = 0; i < actual32.length; i++) {
          // How often a kernel is used may change the algorithm.
          assertThat(actual32[i]).isCloseTo(expected32[i], within(1e-5f));
        }
      }
    }
  }

  private void checkConvolution(
      int batch,
      int in,
      int out,
      int groups,
      int[] size,
      int[] kernel,
      int[] stride,
      int[] dilation,
      int[] before,
      int[] after) {
    Window geometry = new Window(kernel, stride, dilation, before, after);
    int[] outSize = geometry.outputSizes(size);
    NaiveConvolution.check(
        backend, new Convolution(batch, in, out, groups, geometry, size, outSize));
  }
}
