package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import lamina.op.Activation;
import org.junit.jupiter.api.Test;

/**
 * What every backend must do, against naive references: products and convolutions over all small
 * shapes and over sizes around the edges of tiles and blocks, in both precisions.
 */
abstract class BackendContract {
  /** Around the widths of vectors, tiles and panels. */
  private static final int[] AWKWARD = {1, 3, 4, 6, 8, 11, 13, 16, 17, 25, 33, 66};

  private final Backend backend = backend();

  abstract Backend backend();

  @Test
  void multipliesAllSmallSizesInEveryOrientation() {
    for (int m = 1; m <= 5; m++) {
      for (int n = 1; n <= 5; n++) {
        for (int k = 0; k <= 9; k++) {
          check(m, n, k);
        }
      }
    }
  }

  @Test
  void multipliesAwkwardSizes() {
    for (int m : AWKWARD) {
      for (int n : AWKWARD) {
        check(m, n, 7);
      }
      check(m, 9, m);
    }
  }

  @Test
  void multipliesAcrossBlocks() {
    for (int size : new int[] {127, 128, 129, 255, 256, 257, 385}) {
      check(2, size, 3);
      check(3, 2, size);
      check(2, size, 130);
      check(size, 5, 6);
      check(6, 5, size);
    }
  }

  private void check(int m, int n, int k) {
    for (int variant = 0; variant < 8; variant++) {
      boolean transposeA = (variant & 1) != 0;
      boolean transposeB = (variant & 2) != 0;
      boolean accumulate = (variant & 4) != 0;
      Random random = new Random(m * 31 + n * 17 + k);
      int lda = (transposeA ? m : k) + 1;
      int ldb = (transposeB ? k : n) + 2;
      int ldc = n + 3;
      double[] a = random.doubles(5 + (long) lda * Math.max(m, k)).toArray();
      double[] b = random.doubles(7 + (long) ldb * Math.max(n, k)).toArray();
      double[] c = random.doubles(2 + (long) ldc * m).toArray();
      double[] expected = c.clone();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = accumulate ? c[2 + i * ldc + j] : 0;
          for (int p = 0; p < k; p++) {
            double left = transposeA ? a[5 + p * lda + i] : a[5 + i * lda + p];
            double right = transposeB ? b[7 + j * ldb + p] : b[7 + p * ldb + j];
            sum += left * right;
          }
          expected[2 + i * ldc + j] = sum;
        }
      }
      float[] c32 = floats(c);
      backend.multiply(
          m, n, k, a, 5, lda, transposeA, b, 7, ldb, transposeB, c, 2, ldc, accumulate);
      backend.multiply(
          m,
          n,
          k,
          floats(a),
          5,
          lda,
          transposeA,
          floats(b),
          7,
          ldb,
          transposeB,
          c32,
          2,
          ldc,
          accumulate);
      String name = m + "x" + n + "x" + k + " variant " + variant;
      for (int i = 0; i < c.length; i++) {
        assertThat(c[i]).as(name).isCloseTo(expected[i], within(1e-12 * (k + 1)));
        assertThat((double) c32[i]).as(name).isCloseTo(expected[i], within(1e-6 * (k + 1)));
      }
    }
  }

  @Test
  void repeatsProductsOfAwkwardSizes() {
    int[] sizes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 25, 33};
    for (int k : sizes) {
      for (int n : sizes) {
        checkRepeated(k, n, sizes);
      }
    }
  }

  @Test
  void repeatsProductsAcrossPanelsAndBlocks() {
    for (int n : new int[] {31, 32, 47, 63, 64, 65, 127, 128, 129, 192, 200, 320}) {
      checkRepeated(11, n, 1, 3, 4, 7, 63, 64, 66, 129);
    }
    for (int k : new int[] {127, 128, 129, 255, 256, 257, 400}) {
      checkRepeated(k, 70, 1, 6);
      checkRepeated(k, 128, 1, 4);
    }
  }

  /** One product after another with the same right factor, added to what is there. */
  private void checkRepeated(int k, int n, int... rows) {
    for (boolean transpose : new boolean[] {false, true}) {
      Random random = new Random(k * 31L + n);
      int ldb = (transpose ? k : n) + 2;
      double[] b = random.doubles(7 + (long) ldb * Math.max(n, k)).toArray();
      RepeatedProductDouble product = backend.repeated(k, n, b, 7, ldb, transpose, 9);
      RepeatedProductFloat product32 = backend.repeated(k, n, floats(b), 7, ldb, transpose, 9);
      for (int m : rows) {
        int lda = k + 1;
        int ldc = n + 3;
        double[] a = random.doubles(5 + (long) lda * m).toArray();
        double[] c = random.doubles(2 + (long) ldc * m).toArray();
        double[] expected = c.clone();
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            for (int p = 0; p < k; p++) {
              double right = transpose ? b[7 + j * ldb + p] : b[7 + p * ldb + j];
              expected[2 + i * ldc + j] += a[5 + i * lda + p] * right;
            }
          }
        }
        float[] c32 = floats(c);
        product.add(m, a, 5, lda, c, 2, ldc);
        product32.add(m, floats(a), 5, lda, c32, 2, ldc);
        String name = m + "x" + n + "x" + k + (transpose ? ", transposed" : "");
        // The same again, on top of a row instead of what is there.
        double[] row = random.doubles(n).toArray();
        double[] onRow = c.clone();
        double[] products = new double[c.length];
        product.addTo(row, m, a, 5, lda, onRow, 2, ldc);
        product.add(m, a, 5, lda, products, 2, ldc);
        float[] onRow32 = c32.clone();
        float[] products32 = new float[c.length];
        product32.addTo(floats(row), m, floats(a), 5, lda, onRow32, 2, ldc);
        product32.add(m, floats(a), 5, lda, products32, 2, ldc);
        for (int i = 0; i < c.length; i++) {
          boolean inside = i >= 2 && (i - 2) % ldc < n;
          double sum = inside ? row[(i - 2) % ldc] + products[i] : c[i];
          double sum32 = inside ? (float) row[(i - 2) % ldc] + products32[i] : c32[i];
          if (!(Math.abs(onRow[i] - sum) <= 1e-12 * (k + 1))
              || !(Math.abs(onRow32[i] - sum32) <= 1e-6 * (k + 1))) {
            assertThat(onRow[i]).as(name).isCloseTo(sum, within(1e-12 * (k + 1)));
            assertThat((double) onRow32[i]).as(name).isCloseTo(sum32, within(1e-6 * (k + 1)));
          }
        }
        for (int i = 0; i < c.length; i++) {
          double error = Math.abs(c[i] - expected[i]);
          double error32 = Math.abs(c32[i] - expected[i]);
          // One assertion for millions of elements would take longer than the products.
          if (!(error <= 1e-12 * (k + 1)) || !(error32 <= 1e-6 * (k + 1))) {
            assertThat(c[i]).as(name).isCloseTo(expected[i], within(1e-12 * (k + 1)));
            assertThat((double) c32[i]).as(name).isCloseTo(expected[i], within(1e-6 * (k + 1)));
          }
        }
      }
      product.release();
      product32.release();
    }
  }

  /** A collection of garbage moves most arrays to where another element starts a line. */
  @Test
  void repeatsProductsAfterTheirArraysWereMoved() {
    int n = 97;
    Random random = new Random(5);
    float[] b = floats(random.doubles(5L * n).toArray());
    float[] a = floats(random.doubles(6 * 5).toArray());
    List<RepeatedProductFloat> products = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      products.add(backend.repeated(5, n, b, 0, n, false, 6));
    }
    float[] expected = new float[6 * n];
    products.get(0).add(6, a, 0, 5, expected, 0, n);
    System.gc();
    for (RepeatedProductFloat product : products) {
      product.settle();
      float[] c = new float[6 * n];
      product.add(6, a, 0, 5, c, 0, n);
      assertThat(c).isEqualTo(expected);
    }
  }

  /** Runs of every length around a vector's, and nothing beside them. */
  @Test
  void squashesRunsOfEveryLength() {
    for (GateFunction function : GateFunction.values()) {
      for (int count = 1; count <= 67; count++) {
        double[] x = new Random(count).doubles(count + 5, -3, 3).toArray();
        double[] y = x.clone();
        float[] y32 = floats(x);
        backend.squash(function, y, 2, count);
        backend.squash(function, y32, 2, count);
        for (int i = 0; i < x.length; i++) {
          boolean inside = i >= 2 && i < 2 + count;
          double expected = inside ? function.apply(x[i]) : x[i];
          assertThat(y[i]).as("%s of %s", function, x[i]).isCloseTo(expected, within(1e-15));
          assertThat((double) y32[i])
              .as("%s of %s", function, x[i])
              .isCloseTo(expected, within(4e-7));
        }
      }
    }
  }

  @Test
  void computesStatesOfRowsOfEveryLength() {
    for (GateFunction function : new GateFunction[] {GateFunction.TANH, GateFunction.RELU}) {
      for (int h = 1; h <= 67; h++) {
        checkLstmState(function, h);
        checkGruState(function, h, true);
        checkGruState(function, h, false);
      }
    }
  }

  private void checkLstmState(GateFunction function, int h) {
    Random random = new Random(h);
    double[] gates = random.doubles(3 + 4L * h, -1, 1).toArray();
    double[] previous = random.doubles(2 + h, -1, 1).toArray();
    double[] cell = new double[h + 4];
    double[] hidden = new double[h + 4];
    float[] cell32 = new float[h + 4];
    float[] hidden32 = new float[h + 4];
    backend.lstmState(function, h, gates, 3, previous, 2, cell, hidden, 1);
    backend.lstmState(function, h, floats(gates), 3, floats(previous), 2, cell32, hidden32, 1);
    double[] expectedCell = new double[h + 4];
    double[] expectedHidden = new double[h + 4];
    for (int j = 0; j < h; j++) {
      double state = gates[3 + h + j] * previous[2 + j] + gates[3 + j] * gates[3 + 2 * h + j];
      expectedCell[1 + j] = state;
      expectedHidden[1 + j] = gates[3 + 3 * h + j] * function.apply(state);
    }
    assertThat(cell).containsExactly(expectedCell, within(1e-15));
    assertThat(hidden).containsExactly(expectedHidden, within(1e-15));
    assertThat(cell32).containsExactly(floats(expectedCell), within(5e-7f));
    assertThat(hidden32).containsExactly(floats(expectedHidden), within(5e-7f));
  }

  private void checkGruState(GateFunction function, int h, boolean withProduct) {
    Random random = new Random(h);
    double[] gates = random.doubles(3 + 3L * h + 2, -1, 1).toArray();
    double[] previous = random.doubles(2 + h, -1, 1).toArray();
    double[] product = withProduct ? random.doubles(1 + h, -1, 1).toArray() : null;
    double[] hidden = new double[h + 4];
    float[] hidden32 = new float[h + 4];
    double[] expectedGates = gates.clone();
    double[] expectedHidden = new double[h + 4];
    for (int j = 0; j < h; j++) {
      double sum = gates[3 + 2 * h + j] + (withProduct ? gates[3 + j] * product[1 + j] : 0);
      double candidate = function.apply(sum);
      double keep = gates[3 + h + j];
      expectedGates[3 + 2 * h + j] = candidate;
      expectedHidden[1 + j] = (1 - keep) * candidate + keep * previous[2 + j];
    }
    float[] gates32 = floats(gates);
    float[] product32 = withProduct ? floats(product) : null;
    backend.gruState(function, h, gates, 3, product, previous, 2, hidden, 1);
    backend.gruState(function, h, gates32, 3, product32, floats(previous), 2, hidden32, 1);
    assertThat(gates).containsExactly(expectedGates, within(1e-15));
    assertThat(hidden).containsExactly(expectedHidden, within(1e-15));
    assertThat(gates32).containsExactly(floats(expectedGates), within(1e-6f));
    assertThat(hidden32).containsExactly(floats(expectedHidden), within(1e-6f));
  }

  @Test
  void differentiatesStatesOfRowsOfEveryLength() {
    for (int h = 1; h <= 67; h++) {
      checkLstmStateBackward(h);
      checkGruStateBackward(h, true);
      checkGruStateBackward(h, false);
    }
  }

  private void checkLstmStateBackward(int h) {
    Random random = new Random(h);
    double[] gates = random.doubles(3 + 4L * h, -1, 1).toArray();
    double[] squashed = random.doubles(h, -1, 1).toArray();
    double[] previous = random.doubles(2 + h, -1, 1).toArray();
    double[] dHidden = random.doubles(1 + h, -1, 1).toArray();
    double[] dCell = random.doubles(4 + h, -1, 1).toArray();
    double[] dGates = new double[gates.length + 2];
    double[] expectedCell = dCell.clone();
    double[] expected = new double[gates.length + 2];
    for (int j = 0; j < h; j++) {
      double i = gates[3 + j];
      double f = gates[3 + h + j];
      double g = gates[3 + 2 * h + j];
      double o = gates[3 + 3 * h + j];
      double d = dCell[1 + j] + dHidden[1 + j] * o * (1 - squashed[j] * squashed[j]);
      expected[3 + j] = d * g * i * (1 - i);
      expected[3 + h + j] = d * previous[2 + j] * f * (1 - f);
      expected[3 + 2 * h + j] = d * i * (1 - g * g);
      expected[3 + 3 * h + j] = dHidden[1 + j] * squashed[j] * o * (1 - o);
      expectedCell[1 + j] = d * f;
    }
    float[] dCell32 = floats(dCell);
    float[] dGates32 = new float[dGates.length];
    backend.lstmStateBackward(h, gates, 3, squashed, previous, 2, dHidden, dCell, 1, dGates);
    backend.lstmStateBackward(
        h,
        floats(gates),
        3,
        floats(squashed),
        floats(previous),
        2,
        floats(dHidden),
        dCell32,
        1,
        dGates32);
    assertThat(dGates).containsExactly(expected, within(4e-15));
    assertThat(dCell).containsExactly(expectedCell, within(4e-15));
    assertThat(dGates32).containsExactly(floats(expected), within(2e-6f));
    assertThat(dCell32).containsExactly(floats(expectedCell), within(2e-6f));
  }

  private void checkGruStateBackward(int h, boolean withProduct) {
    Random random = new Random(h);
    double[] gates = random.doubles(3 + 3L * h, -1, 1).toArray();
    double[] previous = random.doubles(2 + h, -1, 1).toArray();
    double[] product = withProduct ? random.doubles(1 + h, -1, 1).toArray() : null;
    double[] dHidden = random.doubles(4 + h, -1, 1).toArray();
    double[] dGates = new double[gates.length + 2];
    double[] dProduct = new double[h + 4];
    double[] expectedHidden = dHidden.clone();
    double[] expected = new double[gates.length + 2];
    double[] expectedProduct = new double[h + 4];
    for (int j = 0; j < h; j++) {
      double r = gates[3 + j];
      double z = gates[3 + h + j];
      double n = gates[3 + 2 * h + j];
      double d = dHidden[1 + j] * (1 - z) * (1 - n * n);
      expected[3 + h + j] = dHidden[1 + j] * (previous[2 + j] - n) * z * (1 - z);
      expected[3 + 2 * h + j] = d;
      expectedHidden[1 + j] = dHidden[1 + j] * z;
      if (withProduct) {
        expected[3 + j] = d * product[1 + j] * r * (1 - r);
        expectedProduct[1 + j] = d * r;
      }
    }
    float[] product32 = withProduct ? floats(product) : null;
    float[] dHidden32 = floats(dHidden);
    float[] dGates32 = new float[dGates.length];
    float[] dProduct32 = new float[dProduct.length];
    backend.gruStateBackward(h, gates, 3, product, 1, previous, 2, dHidden, 1, dGates, dProduct);
    backend.gruStateBackward(
        h, floats(gates), 3, product32, 1, floats(previous), 2, dHidden32, 1, dGates32, dProduct32);
    assertThat(dGates).containsExactly(expected, within(4e-15));
    assertThat(dHidden).containsExactly(expectedHidden, within(4e-15));
    assertThat(dProduct).containsExactly(expectedProduct, within(4e-15));
    assertThat(dGates32).containsExactly(floats(expected), within(2e-6f));
    assertThat(dHidden32).containsExactly(floats(expectedHidden), within(2e-6f));
    assertThat(dProduct32).containsExactly(floats(expectedProduct), within(2e-6f));
  }

  @Test
  void convolvesAllSmallShapes() {
    for (int kernel = 1; kernel <= 3; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
          for (int pad = 0; pad <= 2; pad++) {
            for (int size = 1; size <= 6; size++) {
              checkConvolution(
                  1,
                  2,
                  3,
                  1,
                  ints(size + 1, size),
                  ints(kernel, kernel),
                  ints(stride, stride),
                  ints(dilation, dilation),
                  ints(pad, pad),
                  ints(pad, 0));
            }
          }
        }
      }
    }
  }

  @Test
  void convolvesAwkwardChannels() {
    for (int channels : new int[] {1, 4, 5, 6, 11, 13, 17, 25}) {
      int[] size = {7, 9};
      checkConvolution(
          2, 3, channels, 1, size, ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
      checkConvolution(
          1, channels, 4, 1, size, ints(3, 2), ints(2, 1), ints(1, 2), ints(1, 0), ints(0, 1));
      checkConvolution(
          2, channels, 6, 1, size, ints(1, 1), ints(1, 1), ints(1, 1), ints(0, 0), ints(0, 0));
      checkConvolution(
          2, channels, 5, 1, size, ints(1, 1), ints(2, 2), ints(1, 1), ints(0, 0), ints(0, 0));
      checkConvolution(
          2,
          channels,
          channels,
          channels,
          size,
          ints(3, 3),
          ints(2, 1),
          ints(1, 1),
          ints(1, 1),
          ints(1, 1));
      checkConvolution(
          1,
          2 * channels,
          3 * channels,
          channels,
          size,
          ints(2, 3),
          ints(1, 1),
          ints(2, 1),
          ints(1, 1),
          ints(1, 1));
    }
  }

  @Test
  void convolvesAwkwardWidths() {
    for (int width : new int[] {4, 7, 8, 13, 15, 16, 17, 18, 31, 33, 49, 65, 130, 257}) {
      checkConvolution(
          1, 2, 5, 1, ints(3, width), ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
      checkConvolution(
          1, 2, 5, 1, ints(3, width), ints(2, 3), ints(1, 1), ints(1, 1), ints(0, 0), ints(0, 0));
      checkConvolution(
          1, 1, 2, 1, ints(5, width), ints(5, 5), ints(1, 4), ints(1, 1), ints(2, 2), ints(2, 2));
      checkConvolution(
          1, 3, 3, 3, ints(4, width), ints(3, 3), ints(1, 2), ints(1, 1), ints(1, 1), ints(1, 1));
      checkConvolution(2, 3, 4, 1, ints(width), ints(4), ints(1), ints(1), ints(2), ints(1));
    }
  }

  @Test
  void convolvesAwkwardPlanesDepthwise() {
    for (int kernel : new int[] {1, 2, 3, 5}) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int size : new int[] {5, 7, 8, 14, 15, 16, 17, 28, 33}) {
          for (int pad = 0; pad <= kernel / 2 + 1; pad++) {
            checkConvolution(
                2,
                2,
                2,
                2,
                ints(size, size + 1),
                ints(kernel, kernel),
                ints(stride, stride),
                ints(1, 1),
                ints(pad, pad),
                ints(pad, pad));
          }
        }
      }
    }
  }

  /** Sums so long that the gradients of some kernels only are computed at a time. */
  @Test
  void convolvesManyChannels() {
    checkConvolution(
        2, 40, 67, 1, ints(5, 6), ints(5, 4), ints(1, 1), ints(1, 1), ints(1, 2), ints(2, 0));
  }

  /** Rows of several vectors, with another stride, padding and dilation along each axis. */
  @Test
  void convolvesAndPoolsRandomWindows() {
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
      checkConvolution(2, 3, 3, 3, size, kernel, stride, dilation, before, after);
      NaivePooling.check(backend, new Window(kernel, stride, dilation, before, after), size);
    }
  }

  /** Infinite elements count only under taps that read them. */
  @Test
  void kernelGradientsOfInfiniteElements() {
    Window geometry = new Window(ints(2, 3), ints(1, 2), ints(1, 1), ints(0, 0), ints(0, 0));
    Convolution conv = new Convolution(1, 1, 1, 1, geometry, ints(2, 6), ints(1, 2));
    double[] x = {1, 2, 3, 4, 5, 6, 7, 8, Double.POSITIVE_INFINITY, 10, Double.NaN, 12};
    double[] dw = new double[6];
    backend.convolveBackwardKernel(
        conv.by(Convolution.Algorithm.DIRECT), x, new double[] {1, 2}, dw);
    assertThat(dw).containsExactly(7, 10, 13, Double.POSITIVE_INFINITY, 28, Double.NaN);
  }

  @Test
  void convolvesVolumes() {
    for (int size = 2; size <= 5; size++) {
      checkConvolution(
          2,
          4,
          6,
          2,
          ints(size, 4, size + 2),
          ints(2, 3, 2),
          ints(1, 2, 1),
          ints(1, 1, 2),
          ints(1, 1, 1),
          ints(0, 1, 1));
      checkConvolution(
          1,
          1,
          4,
          1,
          ints(size, size, size),
          ints(2, 1, 2),
          ints(2, 1, 1),
          ints(1, 1, 1),
          ints(0, 0, 0),
          ints(0, 0, 0));
    }
  }

  @Test
  void convolvesManyChannelsInBlocks() {
    checkConvolution(
        1, 44, 12, 1, ints(5, 7), ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
    checkConvolution(
        1, 401, 9, 1, ints(4, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(0, 0), ints(0, 0));
    checkConvolution(
        1, 2, 175, 1, ints(3, 6), ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
    checkConvolution(
        1, 3, 7, 1, ints(26, 29), ints(11, 11), ints(4, 4), ints(1, 1), ints(2, 2), ints(2, 2));
  }

  @Test
  void poolsAllSmallShapes() {
    for (int kernel = 1; kernel <= 3; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
          for (int pad = 0; pad <= 1; pad++) {
            for (int size = 1; size <= 7; size++) {
              checkPooling(kernel, stride, dilation, pad, size);
              checkPooling(kernel, stride, dilation, pad, size, 8 - size);
            }
            checkPooling(kernel, stride, dilation, pad, 3, 4, 5);
          }
        }
      }
    }
  }

  @Test
  void poolsAwkwardWidths() {
    for (int width : new int[] {8, 13, 15, 16, 17, 31, 32, 33, 65, 130}) {
      checkPooling(2, 2, 1, 0, 5, width);
      checkPooling(3, 2, 1, 1, 4, width);
      checkPooling(3, 1, 1, 1, 7, width);
      checkPooling(3, 3, 2, 1, 6, width);
      checkPooling(5, 4, 1, 2, width);
    }
  }

  private void checkPooling(int kernel, int stride, int dilation, int pad, int... size) {
    int[] pads = filled(pad, size.length);
    Window geometry =
        new Window(
            filled(kernel, size.length),
            filled(stride, size.length),
            filled(dilation, size.length),
            pads,
            pads);
    NaivePooling.check(backend, geometry, size);
  }

  private static int[] filled(int value, int size) {
    int[] values = new int[size];
    Arrays.fill(values, value);
    return values;
  }

  /** The mean of whole planes adds up whole vectors. */
  @Test
  void averagesWholePlanes() {
    for (int size : new int[] {1, 2, 3, 7, 8, 15, 16, 17, 33, 64, 65, 130}) {
      PoolPlacement windows = PoolPlacement.adaptive(ints(size), ints(1));
      double[] x = new Random(size).doubles(3L * size).toArray();
      double[] y = new double[3];
      float[] y32 = new float[3];
      backend.averagePool(windows, 3, false, 0, x, y);
      backend.averagePool(windows, 3, false, 0, floats(x), y32);
      for (int plane = 0; plane < 3; plane++) {
        double mean = Arrays.stream(x, plane * size, (plane + 1) * size).average().orElseThrow();
        assertThat(y[plane]).isCloseTo(mean, within(1e-14));
        assertThat((double) y32[plane]).isCloseTo(mean, within(1e-6));
      }
    }
  }

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
    for (ActivationKind kind : ActivationKind.values()) {
      if (!kind.hasAxis() && kind != ActivationKind.THRESHOLD) {
        Activation f = Activation.of(kind);
        for (int size : new int[] {0, 1, 2, 5, 12, 16, 17, 31, 33, 100}) {
          double[] x = arguments(size);
          double[] y = new double[size];
          float[] y32 = new float[size];
          backend.activate(f.pointwise(), x, y);
          backend.activate(f.pointwise(), floats(x), y32);
          for (int i = 0; i < size; i++) {
            assertClose(kind + " of " + x[i], y[i], f.value(x[i]), 1e-14);
            assertClose("float32 " + kind, y32[i], (float) f.value((float) x[i]), 2e-6);
          }
          backend.activate(f.pointwise(), x, x);
          assertThat(x).as(kind + " in place").isEqualTo(y);
        }
      }
    }
  }

  /** A gradient where the slope is 0 is 0, however large what comes back. */
  @Test
  void activatesBackwardAnyCount() {
    for (ActivationKind kind : ActivationKind.values()) {
      if (!kind.hasAxis() && kind != ActivationKind.THRESHOLD) {
        Activation f = Activation.of(kind);
        for (int size : new int[] {0, 1, 2, 5, 12, 16, 17, 31, 33, 100}) {
          double[] x = arguments(size);
          double[] dy = new Random(size).doubles(size, -2, 2).toArray();
          double[] dx = new double[size];
          float[] dx32 = new float[size];
          backend.activateBackward(f.pointwise(), x, dy, dx);
          backend.activateBackward(f.pointwise(), floats(x), floats(dy), dx32);
          for (int i = 0; i < size; i++) {
            double expected = dy[i] * f.derivative(x[i]);
            // Slopes that cross 0 have the absolute error of the terms that cancel.
            double scale = Math.max(1, 1 / Math.max(1e-30, Math.abs(f.derivative(x[i]))));
            boolean crosses = kind == ActivationKind.SILU || kind == ActivationKind.HARD_SWISH;
            String name = kind + " backward at " + x[i];
            assertClose(name, dx[i], expected, 1e-14 * (crosses ? scale : 1));
            double expected32 = (float) dy[i] * f.derivative((float) x[i]);
            assertClose("float32 " + name, dx32[i], expected32, 2e-6 * (crosses ? scale : 1));
          }
          backend.activateBackward(f.pointwise(), x, dy, dy);
          assertThat(dy).as(kind + " in place").isEqualTo(dx);
        }
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
      backend.activateBackward(Activation.byName(name).pointwise(), x, dy, dx);
      backend.activateBackward(Activation.byName(name).pointwise(), floats(x), floats(dy), dx32);
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
    backend.softmax(axis, inner, sign, false, x, y);
    backend.softmax(axis, inner, sign, true, x, log);
    backend.softmax(axis, inner, sign, false, floats(x), y32);
    backend.softmax(axis, inner, sign, true, floats(x), log32);
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

  private static int[] ints(int... values) {
    return values;
  }

  /**
   * Larger ones, whose inputs are copied some rows at a time, with panels over the ends of rows.
   */
  @Test
  void convolvesInChunksOfRows() {
    int[] one = {1, 1};
    checkConvolution(1, 40, 21, 1, ints(47, 66), ints(3, 3), one, one, ints(1, 1), ints(1, 1));
    checkConvolution(
        2, 20, 9, 1, ints(50, 35), ints(3, 3), one, ints(2, 2), ints(2, 2), ints(2, 2));
    checkConvolution(
        1, 3, 17, 1, ints(75, 91), ints(11, 11), ints(4, 4), one, ints(2, 2), ints(2, 2));
    checkConvolution(
        1, 5, 12, 1, ints(61, 77), ints(7, 7), ints(2, 2), one, ints(3, 3), ints(3, 3));
    checkConvolution(1, 33, 70, 1, ints(7, 7), ints(3, 3), one, one, ints(1, 1), ints(1, 1));
    checkConvolution(3, 36, 24, 2, ints(14, 14), ints(3, 3), one, one, ints(1, 1), ints(1, 1));
    checkConvolution(2, 65, 33, 1, ints(13, 11), one, one, one, ints(0, 0), ints(0, 0));
    checkConvolution(2, 18, 20, 1, ints(13, 12), one, ints(2, 2), one, ints(0, 0), ints(0, 0));
  }

  @Test
  void preparesKernelsForManyConvolutions() {
    Window geometry = new Window(ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1));
    Random random = new Random(5);
    for (Convolution.Algorithm algorithm : Convolution.Algorithm.values()) {
      Convolution conv = new Convolution(2, 5, 7, 1, geometry, ints(9, 10), ints(9, 10), algorithm);
      double[] w = random.doubles(7 * 5 * 9, -1, 1).toArray();
      double[] bias = random.doubles(7).toArray();
      RepeatedConvolutionDouble repeated = backend.repeated(conv, w);
      RepeatedConvolutionFloat repeated32 = backend.repeated(conv, floats(w));
      for (int time = 0; time < 3; time++) {
        double[] x = random.doubles(2 * 5 * 90, -1, 1).toArray();
        double[] expected = new double[2 * 7 * 90];
        double[] actual = new double[expected.length];
        backend.convolve(conv, x, w, bias, expected);
        repeated.convolve(x, bias, actual);
        assertThat(actual).as(conv.toString()).containsExactly(expected);
        float[] expected32 = new float[expected.length];
        float[] actual32 = new float[expected.length];
        backend.convolve(conv, floats(x), floats(w), null, expected32);
        repeated32.convolve(floats(x), null, actual32);
        for (int i = 0; i < actual32.length; i++) {
          // How often a kernel is used may change the algorithm.
          assertThat(actual32[i]).isCloseTo(expected32[i], within(1e-5f));
        }
      }
    }
  }

  private void checkConvolution(
      int batch,
      int in,
      int out,
      int groups,
      int[] size,
      int[] kernel,
      int[] stride,
      int[] dilation,
      int[] before,
      int[] after) {
    int[] outSize = new int[size.length];
    for (int axis = 0; axis < size.length; axis++) {
      int room = size[axis] + before[axis] + after[axis] - dilation[axis] * (kernel[axis] - 1) - 1;
      if (room < 0) {
        return;
      }
      outSize[axis] = room / stride[axis] + 1;
    }
    Window geometry = new Window(kernel, stride, dilation, before, after);
    NaiveConvolution.check(
        backend, new Convolution(batch, in, out, groups, geometry, size, outSize));
  }

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
