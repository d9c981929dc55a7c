package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import lamina.kernel.plain.ProductDouble;
import lamina.kernel.plain.ScalarBackend;
import org.junit.jupiter.api.Test;

class ScalarConvolutionTest extends ConvolutionContract {
  @Override
  Backend backend() {
    return new ScalarBackend();
  }

  /** Any number of threads gives the same bytes. */
  @Test
  void threadsChangeNoConvolution() {
    Random random = new Random(3);
    int[] one = {1, 1};
    Window geometry = new Window(new int[] {5, 5}, new int[] {2, 2}, one, one, one);
    for (int groups : new int[] {1, 3}) {
      int[] size = {51, 33};
      int[] out = geometry.outputSizes(size);
      Convolution conv = new Convolution(2, 12, 24, groups, geometry, size, out);
      assertThat(conv.multiplyAccumulates()).isGreaterThan(ProductDouble.WORTH_SPLITTING);
      float[] x = floats(random, 2 * 12 * size[0] * size[1]);
      float[] w = floats(random, 24 * 12 / groups * 25);
      float[] dy = floats(random, 2 * 24 * out[0] * out[1]);
      float[][] first = null;
      for (int threads = 1; threads <= 4; threads++) {
        Parallel.use(threads);
        float[][] results = {new float[dy.length], new float[x.length], new float[w.length]};
        float32.convolve(conv, x, w, null, results[0]);
        float32.convolveBackwardInput(conv, dy, w, results[1]);
        float32.convolveBackwardKernel(conv, x, dy, results[2]);
        first = first == null ? results : first;
        assertThat(Arrays.deepEquals(results, first)).as(threads + " threads").isTrue();
      }
    }
  }
}
