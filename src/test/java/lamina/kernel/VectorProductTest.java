package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorProductTest extends ProductContract {
  @Override
  Backend backend() {
    return vector();
  }

  @Test
  void threadsChangeNoProduct() {
    Random random = new Random(11);
    int size = 150;
    float[] a = floats(random, size * size);
    float[] b = floats(random, size * size);
    float[] expected = null;
    for (int threads = 1; threads <= 4; threads++) {
      Parallel.use(threads);
      float[] c = new float[size * size];
      float32.multiply(
          Matrix.of(a, size, size).transpose(),
          Matrix.of(b, size, size),
          Matrix.of(c, size, size),
          false);
      expected = expected == null ? c : expected;
      assertThat(c).containsExactly(expected);
    }
  }
}
