package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import lamina.kernel.plain.ScalarBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The stated error of Winograd's convolution in float32, against float64: relative to the largest
 * output, and beside that of the matrix product.
 */
class WinogradErrorTest {
  /** The last columns: 4×4 tiles where the output is large enough for them, else 2×2. */
  @ParameterizedTest
  @CsvSource({
    "3, 16, 1e-5", "64, 28, 1e-5", "256, 28, 2e-5", "512, 16, 2e-5",
    "3, 2, 2e-6", "64, 2, 2e-6", "256, 2, 2e-6", "512, 2, 2e-6"
  })
  void staysBelowItsBound(int channels, int size, double bound) {
    Backend backend = Backends.vector();
    Random random = new Random(channels + size);
    int filters = size == 2 ? 64 : 8;
    double[] x = random.doubles((long) channels * size * size, -1, 1).toArray();
    double[] w = random.doubles((long) filters * channels * 9, -1, 1).toArray();
    float[] x32 = BackendContract.floats(x);
    float[] w32 = BackendContract.floats(w);
    double[] exact = new double[filters * size * size];
    Convolution conv = conv(channels, filters, size, Convolution.Algorithm.DIRECT);
    new ScalarBackend()
        .float64()
        .convolve(conv, NaiveConvolution.doubles(x32), NaiveConvolution.doubles(w32), null, exact);
    double winograd = error(backend, conv.by(Convolution.Algorithm.WINOGRAD), x32, w32, exact);
    double gemm = error(backend, conv.by(Convolution.Algorithm.GEMM), x32, w32, exact);
    assertThat(winograd).isLessThan(bound);
    assertThat(gemm).isLessThan(2e-6);
    assertThat(winograd).as("a transform that is not there").isNotEqualTo(gemm);
  }

  private static double error(
      Backend backend, Convolution conv, float[] x, float[] w, double[] exact) {
    float[] y = new float[exact.length];
    backend.float32().convolve(conv, x, w, null, y);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < y.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i]));
      error = Math.max(error, Math.abs(y[i] - exact[i]));
    }
    return error / largest;
  }

  private static Convolution conv(
      int channels, int filters, int size, Convolution.Algorithm algorithm) {
    int[] one = {1, 1};
    int[] three = {3, 3};
    int[] sizes = {size, size};
    Window geometry = new Window(three, one, one, one, one);
    return new Convolution(1, channels, filters, 1, geometry, sizes, sizes, algorithm);
  }
}
