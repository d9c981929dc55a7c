package lamina.kernel;

import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;

/** Convolution and its gradients as the definition has them, to compare backends with. */
final class NaiveConvolution {
  private final Convolution conv;
  private final double[] x;
  private final double[] w;
  private final double[] dy;
  private final double[] y;
  private final double[] dx;
  private final double[] dw;
  private final int taps;

  /** The index of the input element under each tap of each window, or -1. */
  private final int[] under;

  private NaiveConvolution(Convolution conv, double[] x, double[] w, double[] bias, double[] dy) {
    this.conv = conv;
    this.x = x;
    this.w = w;
    this.dy = dy;
    y = new double[dy.length];
    dx = new double[x.length];
    dw = new double[w.length];
    int positions = product(conv.outputSize());
    taps = product(conv.window().kernel());
    under = new int[positions * taps];
    for (int i = 0; i < under.length; i++) {
      under[i] = under(i / taps, i % taps);
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = bias[i / positions % conv.outChannels()];
      add(i, i / positions / conv.outChannels(), i / positions % conv.outChannels(), i % positions);
    }
  }

  /** All products that meet in one output element. */
  private void add(int at, int image, int out, int position) {
    int groupIn = conv.inChannels() / conv.groups();
    int firstChannel = out / (conv.outChannels() / conv.groups()) * groupIn;
    int plane = product(conv.inputSize());
    for (int c = 0; c < groupIn; c++) {
      int channel = (image * conv.inChannels() + firstChannel + c) * plane;
      for (int tap = 0; tap < taps; tap++) {
        int element = under[position * taps + tap];
        if (element >= 0) {
          int from = channel + element;
          int weight = (out * groupIn + c) * taps + tap;
          y[at] += x[from] * w[weight];
          dx[from] += dy[at] * w[weight];
          dw[weight] += dy[at] * x[from];
        }
      }
    }
  }

  private int under(int position, int tap) {
    Window g = conv.window();
    int index = 0;
    int factor = 1;
    int outRest = position;
    int tapRest = tap;
    for (int axis = g.rank() - 1; axis >= 0; axis--) {
      int size = conv.inputSize()[axis];
      int at =
          outRest % conv.outputSize()[axis] * g.stride()[axis]
              - g.padBefore()[axis]
              + tapRest % g.kernel()[axis] * g.dilation()[axis];
      if (at < 0 || at >= size) {
        return -1;
      }
      index += at * factor;
      factor *= size;
      outRest /= conv.outputSize()[axis];
      tapRest /= g.kernel()[axis];
    }
    return index;
  }

  static int product(int[] sizes) {
    return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  /**
   * Compares forward and both gradients of every algorithm in both precisions, on random values.
   */
  static void check(Backend backend, Convolution problem) {
    // The hash code of a problem itself is another in each process: that of its enum is.
    Random random = new Random(problem.toString().hashCode());
    int taps = product(problem.window().kernel());
    int filter = problem.inChannels() / problem.groups() * taps;
    int inputs = problem.batch() * problem.inChannels() * product(problem.inputSize());
    int outputs = problem.batch() * problem.outChannels() * product(problem.outputSize());
    double[] x = signed(random, inputs);
    double[] w = signed(random, problem.outChannels() * filter);
    double[] bias = signed(random, problem.outChannels());
    double[] dy = signed(random, outputs);
    NaiveConvolution expected = new NaiveConvolution(problem, x, w, bias, dy);
    for (Convolution.Algorithm algorithm : Convolution.Algorithm.values()) {
      expected.check(backend, with(problem, algorithm), bias);
    }
  }

  private static Convolution with(Convolution conv, Convolution.Algorithm algorithm) {
    return new Convolution(
        conv.batch(),
        conv.inChannels(),
        conv.outChannels(),
        conv.groups(),
        conv.window(),
        conv.inputSize(),
        conv.outputSize(),
        algorithm);
  }

  private void check(Backend backend, Convolution problem, double[] bias) {
    double[] actual = garbage(y.length);
    double[] actualDx = garbage(x.length);
    double[] actualDw = garbage(w.length);
    backend.float64().convolve(problem, x, w, bias, actual);
    backend.float64().convolveBackwardInput(problem, dy, w, actualDx);
    backend.float64().convolveBackwardKernel(problem, x, dy, actualDw);
    compare(problem, "y", actual, y, 1e-12);
    compare(problem, "dx", actualDx, dx, 1e-12);
    compare(problem, "dw", actualDw, dw, 1e-12);

    float[] y32 = BackendContract.floats(garbage(y.length));
    float[] dx32 = BackendContract.floats(garbage(x.length));
    float[] dw32 = BackendContract.floats(garbage(w.length));
    float[] x32 = BackendContract.floats(x);
    float[] w32 = BackendContract.floats(w);
    float[] dy32 = BackendContract.floats(dy);
    backend.float32().convolve(problem, x32, w32, BackendContract.floats(bias), y32);
    backend.float32().convolveBackwardInput(problem, dy32, w32, dx32);
    backend.float32().convolveBackwardKernel(problem, x32, dy32, dw32);
    compare(problem, "float32 y", doubles(y32), y, 1e-5);
    compare(problem, "float32 dx", doubles(dx32), dx, 1e-5);
    // An element of dw is the sum over all images and positions: the error grows with them.
    double positions = (double) y.length / problem.outChannels();
    compare(problem, "float32 dw", doubles(dw32), dw, Math.max(1e-5, 1e-6 * Math.sqrt(positions)));
  }

  /** Errors may grow with the largest sum. */
  private static void compare(
      Convolution problem, String name, double[] actual, double[] expected, double tolerance) {
    double largest = 1;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance * largest)) {
        fail("%s[%d] is %s instead of %s: %s", name, i, actual[i], expected[i], problem);
      }
    }
  }

  private static double[] signed(Random random, int size) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextDouble() * 2 - 1;
    }
    return values;
  }

  /** Results overwrite whatever was there. */
  private static double[] garbage(int size) {
    double[] values = new double[size];
    Arrays.fill(values, 1e3);
    return values;
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
