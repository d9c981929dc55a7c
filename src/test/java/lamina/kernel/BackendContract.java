package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/**
 * What every backend must do, against naive references, in both precisions. A family of operations
 * has a contract each, and a contract has a test class for each backend.
 */
abstract class BackendContract {
  final Backend backend = backend();
  final Kernels<double[]> float64 = backend.float64();
  final Kernels<float[]> float32 = backend.float32();

  abstract Backend backend();

  @AfterEach
  void useOneThread() {
    Parallel.use(1);
  }

  /** The vector backend, which every JDK of the tests has. */
  static Backend vector() {
    Backend vector = Backends.vector();
    assertThat(vector).as(Backends.reason()).isNotNull();
    return vector;
  }

  /** A window, and the size of what it moves over. */
  record Placed(Window window, int[] size) {}

  /** Rows of several vectors, with another stride, padding and dilation along each axis. */
  static List<Placed> randomWindows() {
    List<Placed> placed = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 120; i++) {
      int axes = 1 + random.nextInt(3);
      int[] size = random.ints(axes, 1, axes == 3 ? 8 : 20).toArray();
      size[axes - 1] = 1 + random.nextInt(40);
      int[] kernel = random.ints(axes, 1, 5).toArray();
      int[] stride = random.ints(axes, 1, 5).toArray();
      int[] dilation = random.ints(axes, 1, 4).toArray();
      int[] before = random.ints(axes, 0, 6).toArray();
      int[] after = random.ints(axes, 0, 6).toArray();
      placed.add(new Placed(new Window(kernel, stride, dilation, before, after), size));
    }
    return placed;
  }

  /** One assertion for each of millions of elements would take longer than what is tested. */
  static void assertClose(String name, double[] actual, double[] expected, double tolerance) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) {
        assertThat(actual[i]).as("%s at %d", name, i).isCloseTo(expected[i], within(tolerance));
      }
    }
  }

  static void assertClose(String name, float[] actual, float[] expected, double tolerance) {
    assertClose(
        name, NaiveConvolution.doubles(actual), NaiveConvolution.doubles(expected), tolerance);
  }

  static int[] ints(int... values) {
    return values;
  }

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  static float[] floats(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
