package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VectorBackendTest extends BackendContract {
  @Override
  Backend backend() {
    Backend vector = Backends.vector();
    assertThat(vector).as(Backends.reason()).isNotNull();
    return vector;
  }

  @AfterEach
  void useOneThread() {
    Parallel.use(1);
  }

  @Test
  void saysHowWideItsVectorsAre() {
    assertThat(backend().toString()).matches("vector: (128|256|512)-bit");
    assertThat(backend().name()).isEqualTo("vector");
  }

  /** Any number of threads gives the same bytes. */
  @Test
  void threadsChangeNothing() {
    Geometry same = new Geometry(ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
    Geometry strided = new Geometry(ints(5, 5), ints(2, 2), ints(1, 1), ints(2, 2), ints(2, 2));
    for (int batch : new int[] {1, 3}) {
      for (Convolution.Algorithm algorithm : Convolution.Algorithm.values()) {
        compareThreads(
            new Convolution(batch, 20, 37, 1, same, ints(19, 23), ints(19, 23), algorithm));
        compareThreads(
            new Convolution(batch, 2, 40, 1, strided, ints(19, 23), ints(10, 12), algorithm));
        compareThreads(
            new Convolution(batch, 6, 6, 6, strided, ints(19, 23), ints(10, 12), algorithm));
      }
    }
  }

  private void compareThreads(Convolution conv) {
    Backend backend = backend();
    Random random = new Random(7);
    int taps = NaiveConvolution.product(conv.geometry().kernel());
    float[] x = floats(random, conv.batch() * conv.inChannels() * product(conv.inputSize()));
    float[] w = floats(random, conv.outChannels() * (conv.inChannels() / conv.groups()) * taps);
    float[] dy = floats(random, conv.batch() * conv.outChannels() * product(conv.outputSize()));
    float[][] first = null;
    for (int threads = 1; threads <= 4; threads++) {
      Parallel.use(threads);
      float[][] results = {new float[dy.length], new float[x.length], new float[w.length]};
      backend.convolve(conv, x, w, null, results[0]);
      backend.convolveBackwardInput(conv, dy, w, results[1]);
      backend.convolveBackwardKernel(conv, x, dy, results[2]);
      first = first == null ? results : first;
      assertThat(Arrays.deepEquals(results, first)).as(threads + " threads, " + conv).isTrue();
    }
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
      backend().multiply(size, size, size, a, 0, size, true, b, 0, size, false, c, 0, size, false);
      expected = expected == null ? c : expected;
      assertThat(c).containsExactly(expected);
    }
  }

  private static int product(int[] sizes) {
    return NaiveConvolution.product(sizes);
  }

  private static int[] ints(int... values) {
    return values;
  }

  private static float[] floats(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
