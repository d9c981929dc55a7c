package lamina.op;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Upsampling (or downsampling without smoothing) of the spatial axes of {@code (N, C, ...)}, one
 * axis after another, with the coordinates of torch.nn.functional.interpolate.
 *
 * @param mode how values between elements are found
 * @param alignCorners whether the corner elements' centres stay in place; not for nearest
 */
public record Resampling(Mode mode, boolean alignCorners) {
  /** How values between elements are found. */
  public enum Mode {
    /** The element {@code ⌊o · step⌋}, as OpenCV and torch's "nearest" take it. */
    NEAREST,
    /** The element under the centre, {@code ⌊(o + 1/2) · step⌋}, as Pillow takes it. */
    NEAREST_EXACT,
    /** Linear interpolation in each axis: linear, bilinear, trilinear. */
    LINEAR,
    /** Keys's cubic convolution with a = −3/4 in each axis: bicubic. */
    CUBIC
  }

  private static final double CUBIC_A = -0.75;

  /**
   * What each output position of one axis takes from the input: {@code count} elements with their
   * weights.
   */
  record Taps(int inputSize, int outputSize, int count, int[] index, double[] weight) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Taps that
          && inputSize == that.inputSize
          && outputSize == that.outputSize
          && Arrays.equals(index, that.index)
          && Arrays.equals(weight, that.weight);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(index);
    }
  }

  /**
   * The output.
   *
   * @param x {@code (N, C, ...)} with 1 to 3 spatial axes
   * @param size the output's spatial sizes
   * @param scale the scale factors that gave the sizes, which then decide the coordinates; null if
   *     the sizes were given
   * @throws InputException if the input is empty or an axis is missing
   */
  public Tensor forward(Tensor x, int[] size, double[] scale) {
    check(x.rank(), x.shape(), size);
    Checks.real(x, "upsampling");
    Tensor y = x;
    for (int axis = 0; axis < size.length; axis++) {
      Taps taps = taps(x.dim(axis + 2), size[axis], scale == null ? 0 : scale[axis]);
      int[] shape = y.shape();
      shape[axis + 2] = size[axis];
      Tensor next = Tensor.zeros(x.dtype(), shape);
      int inner = Checks.product(shape, axis + 3, shape.length);
      if (x.dtype() == DType.FLOAT64) {
        ResamplingDouble.forward(taps, inner, y.doubles(), next.doubles());
      } else {
        ResamplingFloat.forward(taps, inner, y.floats(), next.floats());
      }
      y = next;
    }
    return y;
  }

  /**
   * The gradient with respect to the input.
   *
   * @param inputShape the input's shape
   * @param scale as in {@link #forward}
   * @param dy the gradient with respect to the output
   */
  public Tensor backward(int[] inputShape, double[] scale, Tensor dy) {
    int[] size = Arrays.copyOfRange(dy.shape(), 2, Math.max(2, dy.rank()));
    check(inputShape.length, inputShape, size);
    Tensor d = dy;
    for (int axis = size.length - 1; axis >= 0; axis--) {
      Taps taps = taps(inputShape[axis + 2], size[axis], scale == null ? 0 : scale[axis]);
      int[] shape = d.shape();
      shape[axis + 2] = inputShape[axis + 2];
      Tensor next = Tensor.zeros(dy.dtype(), shape);
      int inner = Checks.product(shape, axis + 3, shape.length);
      if (dy.dtype() == DType.FLOAT64) {
        ResamplingDouble.backward(taps, inner, d.doubles(), next.doubles());
      } else {
        ResamplingFloat.backward(taps, inner, d.floats(), next.floats());
      }
      d = next;
    }
    return d;
  }

  private static void check(int rank, int[] shape, int[] size) {
    if (rank < 3 || rank != size.length + 2) {
      throw new InputException(
          "upsampling to "
              + Tensor.text(size)
              + " needs an input (N, C, ...) with as many spatial axes, not "
              + Tensor.text(shape));
    }
    for (int i = 0; i < size.length; i++) {
      if (size[i] < 1 || shape[i + 2] < 1) {
        throw new InputException(
            "upsampling from "
                + Tensor.text(shape)
                + " to "
                + Tensor.text(size)
                + ": every spatial size must be at least 1");
      }
    }
  }

  private boolean isNearest() {
    return mode == Mode.NEAREST || mode == Mode.NEAREST_EXACT;
  }

  /** The taps of one axis; a scale of 0 stands for output / input. */
  private Taps taps(int input, int output, double scale) {
    int count = isNearest() ? 1 : mode == Mode.LINEAR ? 2 : 4;
    int[] index = new int[output * count];
    double[] weight = new double[output * count];
    double step = scale > 0 ? 1 / scale : (double) input / output;
    if (alignCorners) {
      step = output > 1 ? (input - 1.0) / (output - 1) : 0;
    }
    for (int o = 0; o < output; o++) {
      if (isNearest()) {
        double centre = mode == Mode.NEAREST ? o : o + 0.5;
        index[o] = Math.min((int) Math.floor(centre * step), input - 1);
        weight[o] = 1;
        continue;
      }
      double source = alignCorners ? o * step : (o + 0.5) * step - 0.5;
      if (mode == Mode.LINEAR) {
        source = Math.max(source, 0);
      }
      int base = (int) Math.floor(source);
      double t = source - base;
      for (int tap = 0; tap < count; tap++) {
        int position = base + tap - (mode == Mode.CUBIC ? 1 : 0);
        index[o * count + tap] = Math.min(Math.max(position, 0), input - 1);
        weight[o * count + tap] =
            mode == Mode.LINEAR ? (tap == 0 ? 1 - t : t) : cubic(Math.abs(t + 1 - tap));
      }
    }
    return new Taps(input, output, count, index, weight);
  }

  /**
   * The weight at a distance. Source: Keys, Cubic convolution interpolation for digital image
   * processing (1981).
   */
  private static double cubic(double d) {
    if (d <= 1) {
      return ((CUBIC_A + 2) * d - (CUBIC_A + 3)) * d * d + 1;
    }
    return d < 2 ? ((CUBIC_A * d - 5 * CUBIC_A) * d + 8 * CUBIC_A) * d - 4 * CUBIC_A : 0;
  }
}
