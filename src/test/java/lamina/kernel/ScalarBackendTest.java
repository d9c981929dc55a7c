package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import lamina.kernel.plain.ProductDouble;
import lamina.kernel.plain.ScalarBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScalarBackendTest extends BackendContract {
  private final Random random = new Random(3);

  @Override
  Backend backend() {
    return new ScalarBackend();
  }

  @AfterEach
  void useOneThread() {
    Parallel.use(1);
  }

  /** Any number of threads gives the same bytes. */
  @Test
  void threadsChangeNoConvolution() {
    int[] one = {1, 1};
    Window geometry = new Window(new int[] {5, 5}, new int[] {2, 2}, one, one, one);
    for (int groups : new int[] {1, 3}) {
      int[] size = {51, 33};
      int[] out = geometry.outputSizes(size);
      Convolution conv = new Convolution(2, 12, 24, groups, geometry, size, out);
      assertThat(conv.multiplyAccumulates()).isGreaterThan(ProductDouble.WORTH_SPLITTING);
      float[] x = floats(2 * 12 * size[0] * size[1]);
      float[] w = floats(24 * 12 / groups * 25);
      float[] dy = floats(2 * 24 * out[0] * out[1]);
      float[][] first = null;
      for (int threads = 1; threads <= 4; threads++) {
        Parallel.use(threads);
        float[][] results = {new float[dy.length], new float[x.length], new float[w.length]};
        backend().convolve(conv, x, w, null, results[0]);
        backend().convolveBackwardInput(conv, dy, w, results[1]);
        backend().convolveBackwardKernel(conv, x, dy, results[2]);
        first = first == null ? results : first;
        assertThat(Arrays.deepEquals(results, first)).as(threads + " threads").isTrue();
      }
    }
  }

  @Test
  void threadsChangeNoProduct() {
    int m = 131;
    int n = 300;
    int k = 150;
    assertThat((long) m * n * k).isGreaterThan(ProductDouble.WORTH_SPLITTING);
    float[] a = floats(m * k);
    float[] b = floats(k * n);
    for (int form = 0; form < 8; form++) {
      boolean turnA = (form & 1) != 0;
      boolean turnB = (form & 2) != 0;
      boolean add = (form & 4) != 0;
      float[] before = floats(m * n);
      float[] first = null;
      for (int threads = 1; threads <= 4; threads++) {
        Parallel.use(threads);
        float[] c = before.clone();
        int lda = turnA ? m : k;
        int ldb = turnB ? k : n;
        backend().multiply(m, n, k, a, 0, lda, turnA, b, 0, ldb, turnB, c, 0, n, add);
        first = first == null ? c : first;
        assertThat(c).as(threads + " threads, form " + form).isEqualTo(first);
      }
    }
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
