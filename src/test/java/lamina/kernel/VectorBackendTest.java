package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

  /** The bound that the kernels state, and half an ulp for the reference's rounding. */
  private static final double ULPS = 3.5;

  @Test
  void gatesInFloat64AreWithinUlpsOfTheirFunctions() {
    double[] x = arguments(Double.MIN_VALUE, 745);
    double[] sigmoids = x.clone();
    double[] tanhs = x.clone();
    backend().squash(GateFunction.SIGMOID, sigmoids, 0, x.length);
    backend().squash(GateFunction.TANH, tanhs, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      double sigmoid = 1 / (1 + StrictMath.exp(-x[i]));
      double bound = ULPS * Math.ulp(sigmoid) + 2 * Double.MIN_NORMAL;
      checkWithin("sigmoid", x[i], sigmoids[i], sigmoid, bound);
      double tanh = StrictMath.tanh(x[i]);
      checkWithin("tanh", x[i], tanhs[i], tanh, ULPS * Math.ulp(tanh));
    }
  }

  @Test
  void gatesInFloat32AreWithinUlpsOfTheirFunctions() {
    double[] x = arguments(Float.MIN_VALUE, 100);
    float[] sigmoids = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      sigmoids[i] = (float) x[i];
      x[i] = sigmoids[i];
    }
    float[] tanhs = sigmoids.clone();
    backend().squash(GateFunction.SIGMOID, sigmoids, 0, x.length);
    backend().squash(GateFunction.TANH, tanhs, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      double sigmoid = 1 / (1 + StrictMath.exp(-x[i]));
      double bound = ULPS * Math.ulp((float) sigmoid) + 2 * Float.MIN_NORMAL;
      checkWithin("sigmoid", x[i], sigmoids[i], sigmoid, bound);
      double tanh = StrictMath.tanh(x[i]);
      checkWithin("tanh", x[i], tanhs[i], tanh, ULPS * Math.ulp((float) tanh));
    }
  }

  private static void checkWithin(
      String name, double x, double actual, double expected, double bound) {
    if (!(Math.abs(actual - expected) <= bound)) {
      assertThat(actual).as("%s(%s)", name, x).isCloseTo(expected, within(bound));
    }
  }

  /** Both signs of a dense range, and of every power of two from the smallest number on. */
  private static double[] arguments(double smallest, double largest) {
    int half = 100_000;
    double[] x = new double[4 * half + 4096];
    int count = 0;
    for (int i = -half; i < half; i++) {
      x[count++] = i * (largest / half);
      x[count++] = i * (10.0 / half);
    }
    for (double power = smallest; power < largest; power *= 2) {
      x[count++] = power;
      x[count++] = -power * 1.4375;
    }
    return Arrays.copyOf(x, count);
  }

  @Test
  void gatesAtTheEndsOfTheNumbers() {
    double infinity = Double.POSITIVE_INFINITY;
    double[] x = {-infinity, -1e300, -1e9, -0.0, 0.0, 1e9, 1e300, infinity, Double.NaN};
    double[] sigmoids = {0, 0, 0, 0.5, 0.5, 1, 1, 1, Double.NaN};
    double[] tanhs = {-1, -1, -1, -0.0, 0.0, 1, 1, 1, Double.NaN};
    checkAll(GateFunction.SIGMOID, x, sigmoids);
    checkAll(GateFunction.TANH, x, tanhs);
  }

  /** In vectors as wide as any machine's, and in runs shorter than a vector. */
  private void checkAll(GateFunction function, double[] x, double[] expected) {
    for (int copies : new int[] {1, 4}) {
      double[] all = new double[copies * x.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = x[i % x.length];
      }
      float[] all32 = BackendContract.floats(all);
      backend().squash(function, all, 0, all.length);
      backend().squash(function, all32, 0, all.length);
      for (int i = 0; i < all.length; i++) {
        String name = function + "(" + x[i % x.length] + ")";
        // Bits, since -0 must not be 0.
        long wanted = Double.doubleToLongBits(expected[i % x.length]);
        assertThat(Double.doubleToLongBits(all[i])).as(name).isEqualTo(wanted);
        assertThat(Double.doubleToLongBits(all32[i])).as(name).isEqualTo(wanted);
      }
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
