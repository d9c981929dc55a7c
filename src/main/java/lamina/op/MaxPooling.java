package lamina.op;

import lamina.kernel.Backends;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * {@code y = max x} over each window of the last axes; the first of equal values wins, NaN wins
 * over all. All methods throw {@link InputException} for shapes that do not fit.
 */
public record MaxPooling(PoolWindows windows) {
  /**
   * The output with where the maxima are.
   *
   * @param indices of dtype int64: which element each maximum was, flat over the spatial axes; −1
   *     for a window that has none
   */
  public record Maxima(Tensor output, Tensor indices) {}

  /** The output alone, for less than half of the time of {@link #maxima}. */
  public Tensor forward(Tensor x) {
    return forward(x, PooledShape.of(windows, x.shape()), null);
  }

  /** The output with where the maxima are. */
  public Maxima maxima(Tensor x) {
    PooledShape pooled = PooledShape.of(windows, x.shape());
    Tensor indices = Tensor.unset(DType.INT64, pooled.output());
    return new Maxima(forward(x, pooled, indices.longs()), indices);
  }

  /** Computes the output, and writes the indices to {@code indices} unless it is null. */
  private static Tensor forward(Tensor x, PooledShape pooled, long[] indices) {
    Shapes.checkType(x, x);
    Tensor y = Tensor.unset(x.dtype(), pooled.output());
    Backends.current()
        .kernels(x.dtype())
        .maxPool(pooled.windows(), pooled.planes(), x.array(), y.array(), indices);
    return y;
  }

  /**
   * Whether windows are of 2×2 elements side by side and cover the input. For such {@link
   * #backward(Tensor, Tensor, Tensor)} takes less time than to write down where the maxima are.
   */
  public boolean isInFours(int[] inputShape) {
    return PooledShape.of(windows, inputShape).windows().isInFours();
  }

  /**
   * The gradient: each goes to the element that was the maximum.
   *
   * @param x the input
   * @param y the output
   */
  public Tensor backward(Tensor dy, Tensor x, Tensor y) {
    Shapes.checkType(x, dy);
    PooledShape pooled = PooledShape.of(windows, x.shape());
    pooled.checkGradient(dy);
    Tensor dx = Tensor.unset(x.dtype(), x.shape());
    Backends.current()
        .kernels(x.dtype())
        .maxPoolBackward(
            pooled.windows(), pooled.planes(), x.array(), y.array(), dy.array(), dx.array());
    return dx;
  }

  /**
   * The gradient: each goes to the element that was the maximum.
   *
   * @param indices those of {@link Maxima}
   */
  public Tensor backward(Tensor dy, Tensor indices, int[] inputShape) {
    PooledShape pooled = PooledShape.of(windows, inputShape);
    pooled.checkGradient(dy);
    Tensor dx = Tensor.zeros(dy.dtype(), inputShape);
    int in = pooled.windows().inPlane();
    int out = pooled.windows().outPlane();
    Backends.current()
        .kernels(dy.dtype())
        .maxPoolBackward(pooled.planes(), in, out, indices.longs(), dy.array(), dx.array());
    return dx;
  }
}
