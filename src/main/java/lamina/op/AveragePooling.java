package lamina.op;

import lamina.kernel.Backends;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * {@code y = Σ x / divisor} over each window of the last axes, clipped at the end of the padding.
 * All methods throw {@link InputException} for shapes that do not fit.
 *
 * @param countPadding whether the divisor counts the padding in the clipped window, or only the
 *     elements
 * @param divisor a divisor for all windows, or 0
 */
public record AveragePooling(PoolWindows windows, boolean countPadding, int divisor) {
  /** The average of so many windows of about equal size on each axis. */
  public static AveragePooling adaptive(int... outputSize) {
    return new AveragePooling(new PoolWindows.Adaptive(outputSize), false, 0);
  }

  /** The output. */
  public Tensor forward(Tensor x) {
    PooledShape pooled = PooledShape.of(windows, x.shape());
    Shapes.checkType(x, x);
    Tensor y = Tensor.unset(x.dtype(), pooled.output());
    Backends.current()
        .kernels(x.dtype())
        .averagePool(
            pooled.windows(), pooled.planes(), countPadding, divisor, x.array(), y.array());
    return y;
  }

  /** The gradient with respect to the input: spread over each window. */
  public Tensor backward(Tensor dy, int[] inputShape) {
    PooledShape pooled = PooledShape.of(windows, inputShape);
    Shapes.checkType(dy, dy);
    pooled.checkGradient(dy);
    Tensor dx = Tensor.zeros(dy.dtype(), inputShape);
    Backends.current()
        .kernels(dy.dtype())
        .averagePoolBackward(
            pooled.windows(), pooled.planes(), countPadding, divisor, dy.array(), dx.array());
    return dx;
  }
}
