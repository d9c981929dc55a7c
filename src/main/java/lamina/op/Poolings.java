package lamina.op;

import java.util.Arrays;
import lamina.kernel.Backends;
import lamina.kernel.PoolNorm;
import lamina.kernel.PoolPlacement;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Pooling over the last axes of tensors, with its gradients: checks every argument. An input is
 * {@code (..., size...)} with as many spatial axes as the geometry has, and any number before them.
 * All methods throw {@link InputException} for shapes that do not fit.
 */
public final class Poolings {
  private Poolings() {}

  /**
   * The result of a maximum pooling.
   *
   * @param indices of dtype int64: which element each maximum was, flat over the spatial axes; −1
   *     for a window that has none
   */
  public record Maxima(Tensor output, Tensor indices) {}

  /** {@code y = max x} over each window; the first of equal values wins, NaN wins over all. */
  public static Maxima max(Tensor x, Window geometry, Rounding rounding) {
    int[] size = spatial(x.shape(), geometry.rank());
    int[] outputSize = geometry.poolSizes(size, rounding);
    return max(x, PoolPlacement.of(geometry, size, outputSize), outputSize);
  }

  /** The output of {@link #max} alone, for less than half of its time. */
  public static Tensor maxOutput(Tensor x, Window geometry, Rounding rounding) {
    int[] size = spatial(x.shape(), geometry.rank());
    int[] outputSize = geometry.poolSizes(size, rounding);
    return maxOutput(x, PoolPlacement.of(geometry, size, outputSize), outputSize, null);
  }

  /**
   * Whether windows are of 2×2 elements side by side and cover the input. For such {@link
   * #maxBackward(Tensor, Tensor, Tensor, Window, Rounding)} takes less time than to write down
   * where the maxima are.
   */
  public static boolean isInFours(int[] inputShape, Window geometry, Rounding rounding) {
    int[] size = spatial(inputShape, geometry.rank());
    return PoolPlacement.of(geometry, size, geometry.poolSizes(size, rounding)).isInFours();
  }

  /**
   * The gradient of {@link #maxOutput}: each goes to the element that was the maximum.
   *
   * @param x the input
   * @param y the output
   */
  public static Tensor maxBackward(
      Tensor dy, Tensor x, Tensor y, Window geometry, Rounding rounding) {
    Shapes.checkType(x, dy);
    checkGradient(dy, y.shape());
    int[] size = spatial(x.shape(), geometry.rank());
    PoolPlacement windows = PoolPlacement.of(geometry, size, geometry.poolSizes(size, rounding));
    Tensor dx = Tensor.unset(x.dtype(), x.shape());
    int planes = PoolPlacement.planes(x.shape(), size.length);
    Backends.current()
        .kernels(x.dtype())
        .maxPoolBackward(windows, planes, x.array(), y.array(), dy.array(), dx.array());
    return dx;
  }

  /** The maximum of each of {@code outputSize} windows of about equal size. */
  public static Maxima adaptiveMax(Tensor x, int... outputSize) {
    return max(x, adaptiveWindows(x.shape(), outputSize), outputSize);
  }

  private static Maxima max(Tensor x, PoolPlacement windows, int[] outputSize) {
    Tensor indices = Tensor.unset(DType.INT64, withSpatial(x.shape(), outputSize));
    return new Maxima(maxOutput(x, windows, outputSize, indices.longs()), indices);
  }

  /** Computes the output, and writes the indices to {@code indices} unless it is null. */
  private static Tensor maxOutput(
      Tensor x, PoolPlacement windows, int[] outputSize, long[] indices) {
    checkType(x);
    Tensor y = Tensor.unset(x.dtype(), withSpatial(x.shape(), outputSize));
    int planes = PoolPlacement.planes(x.shape(), outputSize.length);
    Backends.current().kernels(x.dtype()).maxPool(windows, planes, x.array(), y.array(), indices);
    return y;
  }

  /**
   * The gradient of a maximum pooling, adaptive or not: each goes to the element that was the
   * maximum.
   *
   * @param indices those of {@link Maxima}
   */
  public static Tensor maxBackward(Tensor dy, Tensor indices, int[] inputShape, int spatialAxes) {
    checkGradient(dy, indices.shape());
    Tensor dx = Tensor.zeros(dy.dtype(), inputShape);
    int planes = PoolPlacement.planes(inputShape, spatialAxes);
    int in = Tensor.elements(spatial(inputShape, spatialAxes));
    int out = Tensor.elements(spatial(dy.shape(), spatialAxes));
    Backends.current()
        .kernels(dy.dtype())
        .maxPoolBackward(planes, in, out, indices.longs(), dy.array(), dx.array());
    return dx;
  }

  /**
   * {@code y = Σ x / divisor} over each window, clipped at the end of the padding.
   *
   * @param countPadding whether the divisor counts the padding in the clipped window, or only the
   *     elements
   * @param divisor a divisor for all windows, or 0
   */
  public static Tensor average(
      Tensor x, Window geometry, Rounding rounding, boolean countPadding, int divisor) {
    int[] size = spatial(x.shape(), geometry.rank());
    int[] outputSize = geometry.poolSizes(size, rounding);
    PoolPlacement windows = PoolPlacement.of(geometry, size, outputSize);
    return average(x, windows, outputSize, countPadding, divisor);
  }

  /** The average of each of {@code outputSize} windows of about equal size. */
  public static Tensor adaptiveAverage(Tensor x, int... outputSize) {
    return average(x, adaptiveWindows(x.shape(), outputSize), outputSize, false, 0);
  }

  private static Tensor average(
      Tensor x, PoolPlacement windows, int[] outputSize, boolean countPadding, int divisor) {
    checkType(x);
    Tensor y = Tensor.unset(x.dtype(), withSpatial(x.shape(), outputSize));
    int planes = PoolPlacement.planes(x.shape(), outputSize.length);
    Backends.current()
        .kernels(x.dtype())
        .averagePool(windows, planes, countPadding, divisor, x.array(), y.array());
    return y;
  }

  /** The gradient of {@link #average}: spread over each window. */
  public static Tensor averageBackward(
      Tensor dy,
      int[] inputShape,
      Window geometry,
      Rounding rounding,
      boolean countPadding,
      int divisor) {
    int[] size = spatial(inputShape, geometry.rank());
    int[] outputSize = geometry.poolSizes(size, rounding);
    PoolPlacement windows = PoolPlacement.of(geometry, size, outputSize);
    return averageBackward(dy, inputShape, windows, outputSize, countPadding, divisor);
  }

  /** The gradient of {@link #adaptiveAverage}. */
  public static Tensor adaptiveAverageBackward(Tensor dy, int[] inputShape, int... outputSize) {
    PoolPlacement windows = adaptiveWindows(inputShape, outputSize);
    return averageBackward(dy, inputShape, windows, outputSize, false, 0);
  }

  private static Tensor averageBackward(
      Tensor dy,
      int[] inputShape,
      PoolPlacement windows,
      int[] outputSize,
      boolean countPadding,
      int divisor) {
    checkType(dy);
    checkGradient(dy, withSpatial(inputShape, outputSize));
    Tensor dx = Tensor.zeros(dy.dtype(), inputShape);
    int planes = PoolPlacement.planes(inputShape, outputSize.length);
    Backends.current()
        .kernels(dy.dtype())
        .averagePoolBackward(windows, planes, countPadding, divisor, dy.array(), dx.array());
    return dx;
  }

  /**
   * The p-norm of each window, by PyTorch's rule {@code (k · mean(x^p))^(1/p)} over the window
   * clipped at the end of the padding, k its whole size (not a number for negative sums); or by
   * ONNX's, {@code (Σ |x|^p)^(1/p)} over the elements.
   *
   * @param power p, above 0
   * @param onnx which rule
   */
  public static Tensor norm(
      Tensor x, Window geometry, Rounding rounding, double power, boolean onnx) {
    checkType(x);
    checkPower(power);
    int[] size = spatial(x.shape(), geometry.rank());
    int[] outputSize = geometry.poolSizes(size, rounding);
    PoolPlacement windows = PoolPlacement.of(geometry, size, outputSize);
    Tensor y = Tensor.unset(x.dtype(), withSpatial(x.shape(), outputSize));
    int planes = PoolPlacement.planes(x.shape(), size.length);
    Backends.current()
        .kernels(x.dtype())
        .normPool(windows, planes, new PoolNorm(power, !onnx), x.array(), y.array());
    return y;
  }

  /** The gradient of {@link #norm}; 0 where the norm is 0. */
  public static Tensor normBackward(
      Tensor dy,
      Tensor x,
      Tensor y,
      Window geometry,
      Rounding rounding,
      double power,
      boolean onnx) {
    checkPower(power);
    Shapes.checkType(x, dy);
    int[] size = spatial(x.shape(), geometry.rank());
    PoolPlacement windows = PoolPlacement.of(geometry, size, geometry.poolSizes(size, rounding));
    checkGradient(dy, y.shape());
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    int planes = PoolPlacement.planes(x.shape(), size.length);
    PoolNorm norm = new PoolNorm(power, !onnx);
    Backends.current()
        .kernels(x.dtype())
        .normPoolBackward(windows, planes, norm, x.array(), y.array(), dy.array(), dx.array());
    return dx;
  }

  private static void checkPower(double power) {
    if (!(power > 0) || Double.isInfinite(power)) {
      throw new InputException("the norm's power must be above 0 and finite, not " + power);
    }
  }

  private static PoolPlacement adaptiveWindows(int[] shape, int[] outputSize) {
    int[] size = spatial(shape, outputSize.length);
    for (int axis = 0; axis < outputSize.length; axis++) {
      if (outputSize[axis] < 1) {
        throw new InputException(
            "output size " + outputSize[axis] + " on spatial axis " + axis + " must be at least 1");
      }
    }
    return PoolPlacement.adaptive(size, outputSize);
  }

  private static int[] spatial(int[] shape, int axes) {
    if (shape.length < axes) {
      throw new InputException(
          "pooling over "
              + axes
              + " spatial axes does not fit an input of shape "
              + Tensor.text(shape));
    }
    int[] size = Arrays.copyOfRange(shape, shape.length - axes, shape.length);
    for (int i = 0; i < axes; i++) {
      if (size[i] == 0) {
        throw new InputException(
            "spatial axis " + i + " of the input " + Tensor.text(shape) + " is empty");
      }
    }
    return size;
  }

  private static int[] withSpatial(int[] shape, int[] size) {
    int[] result = shape.clone();
    System.arraycopy(size, 0, result, shape.length - size.length, size.length);
    return result;
  }

  private static void checkType(Tensor x) {
    Shapes.checkType(x, x);
  }

  private static void checkGradient(Tensor dy, int[] shape) {
    if (!Arrays.equals(dy.shape(), shape)) {
      throw new InputException(
          "the gradient of the output has shape "
              + Tensor.text(dy.shape())
              + " but the output has "
              + Tensor.text(shape));
    }
  }
}
