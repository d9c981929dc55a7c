package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VectorRecurrentTest extends RecurrentContract {
  @Override
  Backend backend() {
    return vector();
  }

  /** The bound that the kernels state, and half an ulp for the reference's rounding. */
  private static final double ULPS = 3.5;

  @Test
  void gatesInFloat64AreWithinUlpsOfTheirFunctions() {
    double[] x = arguments(Double.MIN_VALUE, 745);
    double[] sigmoids = x.clone();
    double[] tanhs = x.clone();
    float64.squash(GateFunction.SIGMOID, sigmoids, 0, x.length);
    float64.squash(GateFunction.TANH, tanhs, 0, x.length);
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
    float32.squash(GateFunction.SIGMOID, sigmoids, 0, x.length);
    float32.squash(GateFunction.TANH, tanhs, 0, x.length);
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
      float[] all32 = floats(all);
      float64.squash(function, all, 0, all.length);
      float32.squash(function, all32, 0, all.length);
      for (int i = 0; i < all.length; i++) {
        String name = function + "(" + x[i % x.length] + ")";
        // Bits, since -0 must not be 0.
        long wanted = Double.doubleToLongBits(expected[i % x.length]);
        assertThat(Double.doubleToLongBits(all[i])).as(name).isEqualTo(wanted);
        assertThat(Double.doubleToLongBits(all32[i])).as(name).isEqualTo(wanted);
      }
    }
  }
}
