package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import lamina.Golden;
import lamina.kernel.PaddingMode;
import lamina.kernel.Window;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;

/** Convolutions against a reference that follows the definition literally, and by hand. */
class ConvolutionTest {
  @Test
  void aTutorialImageUnderAFilter() {
    // By hand, first element: 0.4·0.8 + 1.0·0.3 + 0.6·0.8 + 0.9·0.4 + 0.4·0.5 + 0.1·0.2
    // + 0.4·(−0.2) + 0.7·0 + 0·0.9 = 1.60
    double[] image = {.4, 1, .6, .9, .9, .4, .1, .5, .4, .7, 0, .8, .5, 0, .2, .8};
    double[] filter = {.8, .3, .8, .4, .5, .2, -.2, 0, .9};
    Tensor y =
        new TensorConvolution(window(new int[] {3, 3}, 1, 1, 0, 0), 1, PaddingMode.ZEROS)
            .forward(Tensor.of(image, 1, 1, 4, 4), Tensor.of(filter, 1, 1, 3, 3), null);
    Tensor expected = Tensor.of(new double[] {1.60, 2.59, 1.51, 1.91}, 1, 1, 2, 2);
    Golden.assertClose("output", y, expected, 0, 1e-15);
  }

  @Test
  void allSmallShapesOfTwoAxes() {
    int cases = 0;
    for (int k = 1; k <= 3; k++) {
      for (int s = 1; s <= 3; s++) {
        for (int d = 1; d <= 2; d++) {
          for (int before = 0; before <= 2; before++) {
            for (int after = 0; after <= 2; after++) {
              for (int i = 1; i <= 5; i++) {
                if (i + before + after >= d * (k - 1) + 1) {
                  check(
                      new int[] {2, 2, 3, i}, 4, 2, window(new int[] {2, k}, s, d, before, after));
                  cases++;
                }
              }
            }
          }
        }
      }
    }
    assertThat(cases).isGreaterThan(500);
  }

  @Test
  void randomShapesOfOneToThreeAxesAcrossTheBlocksOfPanels() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int axes = 1 + random.nextInt(3);
      int groups = 1 + random.nextInt(2);
      int[] shape = new int[axes + 2];
      int[] kernel = new int[axes];
      shape[0] = 1 + random.nextInt(2);
      shape[1] = groups * (1 + random.nextInt(axes == 1 ? 150 : 3));
      for (int axis = 0; axis < axes; axis++) {
        kernel[axis] = 1 + random.nextInt(4);
        shape[axis + 2] = 8 + random.nextInt(axes == 1 ? 600 : 9);
      }
      int stride = 1 + random.nextInt(3);
      int dilation = 1 + random.nextInt(2);
      Window geometry = window(kernel, stride, dilation, random.nextInt(4), random.nextInt(4));
      check(shape, groups * (1 + random.nextInt(3)), groups, geometry);
    }
  }

  @Test
  void flipTurnsTheSpatialAxesOnly() {
    Tensor w = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 2);
    assertThat(TensorConvolution.flip(w).doubles()).containsExactly(4, 3, 2, 1, 8, 7, 6, 5);
  }

  @Test
  void paddingModesByHand() {
    Tensor x = Tensor.of(new double[] {1, 2, 3}, 1, 1, 3);
    assertThat(pad(x, 2, 1, PaddingMode.REFLECT)).containsExactly(3, 2, 1, 2, 3, 2);
    assertThat(pad(x, 2, 1, PaddingMode.REPLICATE)).containsExactly(1, 1, 1, 2, 3, 3);
    assertThat(pad(x, 2, 1, PaddingMode.CIRCULAR)).containsExactly(2, 3, 1, 2, 3, 1);
    assertThat(pad(x, 1, 1, PaddingMode.constant(7))).containsExactly(7, 1, 2, 3, 7);
    assertThat(pad(x, -1, 0, PaddingMode.ZEROS)).containsExactly(2, 3);
    assertThat(pad(x, 3, 3, PaddingMode.CIRCULAR)).hasSize(9);
    assertThatThrownBy(() -> pad(x, 3, 0, PaddingMode.REFLECT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("padding 3")
        .hasMessageContaining("at most 2");
    assertThatThrownBy(() -> pad(x, 0, 4, PaddingMode.CIRCULAR))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at most 3");
  }

  private static double[] pad(Tensor x, int before, int after, PaddingMode mode) {
    return Paddings.pad(x, new int[] {before}, new int[] {after}, mode).doubles();
  }

  private static Window window(int[] kernel, int stride, int dilation, int before, int after) {
    int n = kernel.length;
    return new Window(kernel, all(n, stride), all(n, dilation), all(n, before), all(n, after));
  }

  private static int[] all(int n, int value) {
    int[] values = new int[n];
    Arrays.fill(values, value);
    return values;
  }

  /** Both precisions, forward and both gradients, against the definition. */
  private static void check(int[] shape, int filters, int groups, Window geometry) {
    Random random = new Random(Arrays.hashCode(shape) + geometry.toString().hashCode());
    int[] kernelShape = shape.clone();
    kernelShape[0] = filters;
    kernelShape[1] = shape[1] / groups;
    System.arraycopy(geometry.kernel(), 0, kernelShape, 2, geometry.rank());
    Tensor x = random(random, shape);
    Tensor w = random(random, kernelShape);
    Tensor bias = random(random, filters);
    int[] outputShape = shape.clone();
    outputShape[1] = filters;
    int[] size = Arrays.copyOfRange(shape, 2, shape.length);
    System.arraycopy(geometry.outputSizes(size), 0, outputShape, 2, size.length);
    Tensor dy = random(random, outputShape);
    Tensor y = Tensor.zeros(DType.FLOAT64, outputShape);
    Tensor dx = Tensor.zeros(DType.FLOAT64, shape);
    Tensor dw = Tensor.zeros(DType.FLOAT64, kernelShape);
    reference(geometry, groups, x, w, bias, dy, y, dx, dw);
    String name = Tensor.text(shape) + " filters " + filters + " " + geometry;
    for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
      Tensor x1 = x.as(dtype);
      Tensor w1 = w.as(dtype);
      Tensor dy1 = dy.as(dtype);
      double terms = Math.max(w.size() / filters, dy.size() / filters);
      double atol = (dtype == DType.FLOAT64 ? 1e-14 : 1e-6) * (4 + terms);
      TensorConvolution convolution = new TensorConvolution(geometry, groups, PaddingMode.ZEROS);
      Golden.assertClose(name, convolution.forward(x1, w1, bias.as(dtype)), y, 0, atol);
      Golden.assertClose(name + " dx", convolution.backwardInput(dy1, w1, shape), dx, 0, atol);
      Golden.assertClose(
          name + " dw", convolution.backwardKernel(x1, dy1, kernelShape), dw, 0, atol);
    }
  }

  private static Tensor random(Random random, int... shape) {
    Tensor tensor = Tensor.zeros(DType.FLOAT64, shape);
    for (int i = 0; i < tensor.size(); i++) {
      // Exact in float32, so that both precisions see the same problem.
      tensor.doubles()[i] = (random.nextInt(2001) - 1000) / 1024.0;
    }
    return tensor;
  }

  /** Every output element and every tap, by multi-index; slow and obvious. */
  private static void reference(
      Window geometry,
      int groups,
      Tensor x,
      Tensor w,
      Tensor bias,
      Tensor dy,
      Tensor y,
      Tensor dx,
      Tensor dw) {
    int[] strides = Tensor.strides(x.shape());
    int groupOut = w.dim(0) / groups;
    for (int out = 0; out < y.size(); out++) {
      int[] at = index(out, y.shape());
      y.doubles()[out] = bias.get(at[1]);
      for (int tap = 0; tap < w.size() / w.dim(0); tap++) {
        int weight = at[1] * (w.size() / w.dim(0)) + tap;
        int[] k = index(weight, w.shape());
        int from = at[0] * strides[0] + (at[1] / groupOut * w.dim(1) + k[1]) * strides[1];
        boolean inside = true;
        for (int axis = 0; axis < geometry.rank(); axis++) {
          int i =
              at[axis + 2] * geometry.stride()[axis]
                  - geometry.padBefore()[axis]
                  + k[axis + 2] * geometry.dilation()[axis];
          inside &= i >= 0 && i < x.dim(axis + 2);
          from += i * strides[axis + 2];
        }
        if (inside) {
          y.doubles()[out] += x.get(from) * w.get(weight);
          dx.doubles()[from] += dy.get(out) * w.get(weight);
          dw.doubles()[weight] += dy.get(out) * x.get(from);
        }
      }
    }
  }

  private static int[] index(int flat, int[] shape) {
    int[] index = new int[shape.length];
    int rest = flat;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return index;
  }

  @Test
  void repeatedConvolutionsTakeWhatTheyAreGiven() {
    Window geometry =
        new Window(
            new int[] {3, 3},
            new int[] {1, 1},
            new int[] {1, 1},
            new int[] {1, 1},
            new int[] {1, 1});
    TensorConvolution convolution = new TensorConvolution(geometry, 1, PaddingMode.ZEROS);
    TensorConvolution.Repeated repeated = new TensorConvolution.Repeated();
    Random random = new Random(2);
    Tensor first = Tensor.of(random.doubles(4 * 3 * 9).toArray(), 4, 3, 3, 3);
    Tensor second = Tensor.of(random.doubles(5 * 3 * 9).toArray(), 5, 3, 3, 3);
    Tensor bias = Tensor.of(random.doubles(4).toArray(), 4);
    for (int size : new int[] {6, 6, 6, 7, 6, 6}) {
      for (int i = 0; i < 5; i++) {
        Tensor kernel = i == 2 ? second : first;
        Tensor b = i == 2 ? null : bias;
        Tensor x = Tensor.of(random.doubles(3L * size * 5).toArray(), 1, 3, size, 5);
        Tensor y = repeated.forward(convolution, x, kernel, b);
        assertThat(y.doubles()).containsExactly(convolution.forward(x, kernel, b).doubles());
      }
    }
  }
}
