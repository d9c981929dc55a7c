package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorConvolutionTest extends ConvolutionContract {
  @Override
  Backend backend() {
    return vector();
  }

  /** Any number of threads gives the same bytes. */
  @Test
  void threadsChangeNothing() {
    Window same = new Window(ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
    Window strided = new Window(ints(5, 5), ints(2, 2), ints(1, 1), ints(2, 2), ints(2, 2));
    compareThreads(new Convolution(1, 40, 37, 1, same, ints(64, 50), ints(64, 50)));
    compareThreads(new Convolution(2, 9, 33, 1, strided, ints(64, 50), ints(32, 25)));
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
    Random random = new Random(7);
    int taps = NaiveConvolution.product(conv.window().kernel());
    float[] x = floats(random, conv.batch() * conv.inChannels() * product(conv.inputSize()));
    float[] w = floats(random, conv.outChannels() * (conv.inChannels() / conv.groups()) * taps);
    float[] dy = floats(random, conv.batch() * conv.outChannels() * product(conv.outputSize()));
    float[][] first = null;
    for (int threads = 1; threads <= 4; threads++) {
      Parallel.use(threads);
      float[][] results = {new float[dy.length], new float[x.length], new float[w.length]};
      float32.convolve(conv, x, w, null, results[0]);
      float32.convolveBackwardInput(conv, dy, w, results[1]);
      float32.convolveBackwardKernel(conv, x, dy, results[2]);
      first = first == null ? results : first;
      assertThat(Arrays.deepEquals(results, first)).as(threads + " threads, " + conv).isTrue();
    }
  }

  private static int product(int[] sizes) {
    return NaiveConvolution.product(sizes);
  }
}
