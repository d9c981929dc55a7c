package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import lamina.kernel.plain.ProductDouble;
import lamina.kernel.plain.ScalarBackend;
import org.junit.jupiter.api.Test;

class ScalarProductTest extends ProductContract {
  @Override
  Backend backend() {
    return new ScalarBackend();
  }

  @Test
  void threadsChangeNoProduct() {
    Random random = new Random(3);
    int m = 131;
    int n = 300;
    int k = 150;
    assertThat((long) m * n * k).isGreaterThan(ProductDouble.WORTH_SPLITTING);
    float[] a = floats(random, m * k);
    float[] b = floats(random, k * n);
    for (int form = 0; form < 8; form++) {
      boolean turnA = (form & 1) != 0;
      boolean turnB = (form & 2) != 0;
      boolean add = (form & 4) != 0;
      float[] before = floats(random, m * n);
      float[] first = null;
      for (int threads = 1; threads <= 4; threads++) {
        Parallel.use(threads);
        float[] c = before.clone();
        int lda = turnA ? m : k;
        int ldb = turnB ? k : n;
        float32.multiply(
            new Matrix<>(a, 0, m, k, lda, turnA),
            new Matrix<>(b, 0, k, n, ldb, turnB),
            Matrix.of(c, m, n),
            add);
        first = first == null ? c : first;
        assertThat(c).as(threads + " threads, form " + form).isEqualTo(first);
      }
    }
  }
}
