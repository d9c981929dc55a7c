package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Maximum and average pooling as the definition has them, to compare backends with. */
final class NaivePooling {
  private static final int PLANES = 3;

  /** Sums of them are exact; equal ones meet often. */
  private static final double[] VALUES = {-2, -1, -0.0, 0.0, 1, 2, 3};

  private static final double[] SPECIAL = {
    Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY
  };

  private final Window geometry;
  private final int[] size;
  private final int[] outSize;
  private final int inPlane;
  private final int outPlane;
  private final int taps;

  /** The element under each tap of each window, flat in its plane, or −1. */
  private final int[] under;

  /** For each window, its taps that stand before the end of the padding. */
  private final int[] withPadding;

  private NaivePooling(Window geometry, int[] size, int[] outSize) {
    this.geometry = geometry;
    this.size = size;
    this.outSize = outSize;
    inPlane = NaiveConvolution.product(size);
    outPlane = NaiveConvolution.product(outSize);
    taps = NaiveConvolution.product(geometry.kernel());
    under = new int[outPlane * taps];
    withPadding = new int[outPlane];
    for (int i = 0; i < under.length; i++) {
      under[i] = under(i / taps, i % taps);
      withPadding[i / taps] += isBeforeEnd(i / taps, i % taps) ? 1 : 0;
    }
  }

  /** Compares both poolings of both precisions by every rule; does nothing if no window fits. */
  static void check(Backend backend, Window geometry, int... size) {
    for (Rounding rounding : Rounding.values()) {
      int[] outSize;
      try {
        outSize = geometry.poolSizes(size, rounding);
      } catch (InputException e) {
        continue;
      }
      NaivePooling naive = new NaivePooling(geometry, size, outSize);
      for (int special = 0; special <= SPECIAL.length; special++) {
        double[] x = naive.values(special);
        naive.checkMax(backend, x);
        for (int divisor : new int[] {0, 3}) {
          naive.checkAverage(backend, x, true, divisor);
          naive.checkAverage(backend, x, false, divisor);
        }
      }
    }
  }

  /** Mostly small integers; or one special value more often than others. */
  private double[] values(int special) {
    Random random = new Random(geometry.toString().hashCode() + special);
    double[] values = new double[PLANES * inPlane];
    for (int i = 0; i < values.length; i++) {
      boolean usual = special == 0 || random.nextInt(3) > 0;
      values[i] = usual ? VALUES[random.nextInt(VALUES.length)] : SPECIAL[special - 1];
    }
    return values;
  }

  private PoolPlacement windows() {
    return PoolPlacement.of(geometry, size, outSize);
  }

  private void checkMax(Backend backend, double[] x) {
    double[] y = new double[PLANES * outPlane];
    long[] indices = new long[y.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = Double.NEGATIVE_INFINITY;
      indices[i] = -1;
      for (int tap = 0; tap < taps; tap++) {
        int element = under[i % outPlane * taps + tap];
        if (element >= 0) {
          double value = x[i / outPlane * inPlane + element];
          if (indices[i] < 0 || value > y[i] || (Double.isNaN(value) && !Double.isNaN(y[i]))) {
            y[i] = value;
            indices[i] = element;
          }
        }
      }
    }
    double[] actual = new double[y.length];
    long[] actualIndices = new long[y.length];
    backend.float64().maxPool(windows(), PLANES, x, actual, actualIndices);
    assertThat(actual).as(this::toString).isEqualTo(y);
    assertThat(actualIndices).as(this::toString).isEqualTo(indices);
    float[] actual32 = new float[y.length];
    backend
        .float32()
        .maxPool(windows(), PLANES, BackendContract.floats(x), actual32, actualIndices);
    assertThat(actual32).as(this::toString).isEqualTo(BackendContract.floats(y));
    assertThat(actualIndices).as(this::toString).isEqualTo(indices);
    double[] alone = new double[y.length];
    backend.float64().maxPool(windows(), PLANES, x, alone, null);
    assertThat(alone).as(this::toString).isEqualTo(y);
    float[] alone32 = new float[y.length];
    backend.float32().maxPool(windows(), PLANES, BackendContract.floats(x), alone32, null);
    assertThat(alone32).as(this::toString).isEqualTo(BackendContract.floats(y));
    checkMaxBackward(backend, x, y, indices);
  }

  private void checkMaxBackward(Backend backend, double[] x, double[] y, long[] indices) {
    double[] dy = new double[y.length];
    double[] dx = new double[x.length];
    for (int i = 0; i < dy.length; i++) {
      dy[i] = i % 13 - 6;
      if (indices[i] >= 0) {
        dx[i / outPlane * inPlane + (int) indices[i]] += dy[i];
      }
    }
    double[] actual = new double[x.length];
    Arrays.fill(actual, Double.NaN);
    backend.float64().maxPoolBackward(windows(), PLANES, x, y, dy, actual);
    assertThat(actual).as(this::toString).isEqualTo(dx);
    float[] actual32 = new float[x.length];
    Arrays.fill(actual32, Float.NaN);
    backend
        .float32()
        .maxPoolBackward(
            windows(),
            PLANES,
            BackendContract.floats(x),
            BackendContract.floats(y),
            BackendContract.floats(dy),
            actual32);
    assertThat(actual32).as(this::toString).isEqualTo(BackendContract.floats(dx));
  }

  private void checkAverage(Backend backend, double[] x, boolean countPadding, int divisor) {
    double[] y = new double[PLANES * outPlane];
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      int real = 0;
      for (int tap = 0; tap < taps; tap++) {
        int element = under[i % outPlane * taps + tap];
        if (element >= 0) {
          sum += x[i / outPlane * inPlane + element];
          real++;
        }
      }
      int counted = countPadding ? withPadding[i % outPlane] : real;
      y[i] = sum / (divisor > 0 ? divisor : counted);
    }
    double[] actual = new double[y.length];
    backend.float64().averagePool(windows(), PLANES, countPadding, divisor, x, actual);
    assertThat(actual).as(this::toString).isEqualTo(y);
    float[] actual32 = new float[y.length];
    backend
        .float32()
        .averagePool(windows(), PLANES, countPadding, divisor, BackendContract.floats(x), actual32);
    assertThat(actual32).as(this::toString).isEqualTo(BackendContract.floats(y));
  }

  /** Whether a tap of the window at an output position stands before the end of the padding. */
  private boolean isBeforeEnd(int position, int tap) {
    for (int axis = 0; axis < size.length; axis++) {
      if (at(position, tap, axis) >= size[axis] + geometry.padAfter()[axis]) {
        return false;
      }
    }
    return true;
  }

  private int under(int position, int tap) {
    int index = 0;
    for (int axis = 0; axis < size.length; axis++) {
      int at = at(position, tap, axis);
      if (at < 0 || at >= size[axis]) {
        return -1;
      }
      index = index * size[axis] + at;
    }
    return index;
  }

  private int at(int position, int tap, int axis) {
    int outRest = position;
    int tapRest = tap;
    for (int later = size.length - 1; later > axis; later--) {
      outRest /= outSize[later];
      tapRest /= geometry.kernel()[later];
    }
    return outRest % outSize[axis] * geometry.stride()[axis]
        - geometry.padBefore()[axis]
        + tapRest % geometry.kernel()[axis] * geometry.dilation()[axis];
  }

  @Override
  public String toString() {
    return geometry + " over " + Tensor.text(size);
  }
}
