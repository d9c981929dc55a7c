package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import lamina.op.Activation;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import org.junit.jupiter.api.Test;

/** Activations and softmax of every backend, also of numbers where exponentials go wrong. */
abstract class ActivationContract extends BackendContract {
  /** Values where functions of exponentials go wrong, then random ones. */
  private static double[] arguments(int size) {
    double inf = Double.POSITIVE_INFINITY;
    double[] special = {0, -0.0, Double.NaN, inf, -inf, 1e-20, -1e-9, 90, -90, 710, -710, 1e30};
    double[] values = new Random(size).doubles(size, -9, 9).toArray();
    System.arraycopy(special, 0, values, 0, Math.min(size, special.length));
    return values;
  }

  @Test
  void activatesAnyCount() {
    for (ActivationKind kind : Activations.ALL) {
      if (!kind.hasAxis() && !kind.label().equals("threshold")) {
        Activation f = Activation.of(kind);
        for (int size : new int[] {0, 1, 2, 5, 12, 16, 17, 31, 33, 100}) {
          double[] x = arguments(size);
          double[] y = new double[size];
          float[] y32 = new float[size];
          float64.activate(f.pointwise(), x, y);
          float32.activate(f.pointwise(), floats(x), y32);
          for (int i = 0; i < size; i++) {
            assertClose(kind + " of " + x[i], y[i], f.value(x[i]), 1e-14);
            assertClose("float32 " + kind, y32[i], (float) f.value((float) x[i]), 2e-6);
          }
          float64.activate(f.pointwise(), x, x);
          assertThat(x).as(kind + " in place").isEqualTo(y);
        }
      }
    }
  }

  /** A gradient where the slope is 0 is 0, however large what comes back. */
  @Test
  void activatesBackwardAnyCount() {
    for (ActivationKind kind : Activations.ALL) {
      if (!kind.hasAxis() && !kind.label().equals("threshold")) {
        Activation f = Activation.of(kind);
        for (int size : new int[] {0, 1, 2, 5, 12, 16, 17, 31, 33, 100}) {
          double[] x = arguments(size);
          double[] dy = new Random(size).doubles(size, -2, 2).toArray();
          double[] dx = new double[size];
          float[] dx32 = new float[size];
          float64.activateBackward(f.pointwise(), x, dy, dx);
          float32.activateBackward(f.pointwise(), floats(x), floats(dy), dx32);
          for (int i = 0; i < size; i++) {
            double expected = dy[i] * f.derivative(x[i]);
            // Slopes that cross 0 have the absolute error of the terms that cancel.
            double scale = Math.max(1, 1 / Math.max(1e-30, Math.abs(f.derivative(x[i]))));
            boolean crosses = kind.label().equals("silu") || kind.label().equals("hard-swish");
            String name = kind + " backward at " + x[i];
            assertClose(name, dx[i], expected, 1e-14 * (crosses ? scale : 1));
            double expected32 = (float) dy[i] * f.derivative((float) x[i]);
            assertClose("float32 " + name, dx32[i], expected32, 2e-6 * (crosses ? scale : 1));
          }
          float64.activateBackward(f.pointwise(), x, dy, dy);
          assertThat(dy).as(kind + " in place").isEqualTo(dx);
        }
      }
    }
  }

  @Test
  void partsOnSeveralThreadsGiveTheSameBytes() {
    double[] x = arguments(100_003);
    for (ActivationKind kind : List.of(Activations.of("relu"), Activations.of("silu"))) {
      PointwiseFunction f = Activation.of(kind).pointwise();
      double[] y = new double[x.length];
      double[] dx = new double[x.length];
      Parallel.use(3);
      float64.activate(f, x, y);
      float64.activateBackward(f, x, y, dx);
      Parallel.use(1);
      // Pieces of whole vectors, and a short one.
      for (int from = 0; from < x.length; from += 1024) {
        int end = Math.min(x.length, from + 1024);
        double[] piece = Arrays.copyOfRange(x, from, end);
        double[] pieceOfY = new double[piece.length];
        double[] pieceOfDx = new double[piece.length];
        float64.activate(f, piece, pieceOfY);
        float64.activateBackward(f, piece, pieceOfY, pieceOfDx);
        assertThat(Arrays.copyOfRange(y, from, end)).as("%s", kind).isEqualTo(pieceOfY);
        assertThat(Arrays.copyOfRange(dx, from, end)).as("%s", kind).isEqualTo(pieceOfDx);
      }
    }
  }

  @Test
  void closedGatesPassNoInfiniteGradient() {
    double[] x = filledWith(Double.NEGATIVE_INFINITY);
    double[] dy = filledWith(Double.POSITIVE_INFINITY);
    for (String name : List.of("relu", "relu6", "hard-swish", "silu", "sigmoid", "tanh", "elu")) {
      double[] dx = filledWith(1);
      float[] dx32 = floats(dx);
      float64.activateBackward(Activation.byName(name).pointwise(), x, dy, dx);
      float32.activateBackward(Activation.byName(name).pointwise(), floats(x), floats(dy), dx32);
      assertThat(dx).as(name).containsOnly(0);
      assertThat(dx32).as(name).containsOnly(0);
    }
  }

  private static double[] filledWith(double value) {
    double[] values = new double[19];
    Arrays.fill(values, value);
    return values;
  }

  private static void assertClose(String name, double actual, double expected, double tolerance) {
    if (Double.isFinite(expected)) {
      assertThat(actual)
          .as(name)
          .isCloseTo(expected, within(tolerance * Math.max(1e-30, Math.abs(expected))));
    } else {
      assertThat(actual).as(name).isEqualTo(Double.valueOf(expected));
    }
  }

  @Test
  void softmaxOfAnyLength() {
    for (int axis : new int[] {1, 2, 3, 7, 8, 9, 15, 16, 17, 33, 100}) {
      for (int inner : new int[] {1, 3}) {
        double[] x = new Random(axis).doubles(4L * axis * inner, -30, 30).toArray();
        for (int sign : new int[] {1, -1}) {
          checkSoftmax(axis, inner, sign, x);
        }
      }
      double[] special = new double[3 * axis];
      Arrays.fill(special, 0, axis, Double.NEGATIVE_INFINITY);
      special[axis] = Double.NaN;
      special[2 * axis] = Double.NEGATIVE_INFINITY;
      checkSoftmax(axis, 1, 1, special);
    }
  }

  private void checkSoftmax(int axis, int inner, int sign, double[] x) {
    double[] y = new double[x.length];
    double[] log = new double[x.length];
    float[] y32 = new float[x.length];
    float[] log32 = new float[x.length];
    float64.softmax(axis, inner, sign, false, x, y);
    float64.softmax(axis, inner, sign, true, x, log);
    float32.softmax(axis, inner, sign, false, floats(x), y32);
    float32.softmax(axis, inner, sign, true, floats(x), log32);
    for (int i = 0; i < x.length; i++) {
      int first = i / (axis * inner) * axis * inner + i % inner;
      double max = Double.NEGATIVE_INFINITY;
      for (int j = first; j < first + axis * inner; j += inner) {
        max = Math.max(max, sign * x[j]);
      }
      double sum = 0;
      for (int j = first; j < first + axis * inner; j += inner) {
        sum += Math.exp(sign * x[j] - max);
      }
      String name = "softmax over " + axis + " at " + i;
      assertClose(name, y[i], Math.exp(sign * x[i] - max) / sum, 1e-13);
      // The logarithm of a sum near 1 has the absolute error of the sum.
      double logarithm = sign * x[i] - max - Math.log(sum);
      double scale = Math.max(1, 1 / Math.abs(logarithm));
      assertClose(name, log[i], logarithm, 1e-13 * scale);
      assertClose(name, y32[i], Math.exp(sign * x[i] - max) / sum, 2e-5);
      assertClose(name, log32[i], logarithm, 2e-6 * scale);
    }
  }
}
