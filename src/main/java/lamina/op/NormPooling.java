package lamina.op;

import lamina.kernel.Backends;
import lamina.kernel.PoolNorm;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The p-norm of each window of the last axes, by PyTorch's rule {@code (k · mean(x^p))^(1/p)} over
 * the window clipped at the end of the padding, k its whole size (not a number for negative sums);
 * or by ONNX's, {@code (Σ |x|^p)^(1/p)} over the elements. All methods throw {@link InputException}
 * for shapes that do not fit.
 *
 * @param power p, above 0
 * @param onnx which rule
 */
public record NormPooling(PoolWindows windows, double power, boolean onnx) {
  /**
   * @throws InputException if the power is not above 0 and finite
   */
  public NormPooling {
    if (!(power > 0) || Double.isInfinite(power)) {
      throw InputException.sentence("the norm's power must be above 0 and finite, not " + power);
    }
  }

  /** The output. */
  public Tensor forward(Tensor x) {
    Shapes.checkType(x, x);
    PooledShape pooled = PooledShape.of(windows, x.shape());
    Tensor y = Tensor.unset(x.dtype(), pooled.output());
    Backends.current()
        .kernels(x.dtype())
        .normPool(pooled.windows(), pooled.planes(), norm(), x.array(), y.array());
    return y;
  }

  /**
   * The gradient with respect to the input; 0 where the norm is 0.
   *
   * @param x the input
   * @param y the output
   */
  public Tensor backward(Tensor dy, Tensor x, Tensor y) {
    Shapes.checkType(x, dy);
    PooledShape pooled = PooledShape.of(windows, x.shape());
    pooled.checkGradient(dy);
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    Backends.current()
        .kernels(x.dtype())
        .normPoolBackward(
            pooled.windows(),
            pooled.planes(),
            norm(),
            x.array(),
            y.array(),
            dy.array(),
            dx.array());
    return dx;
  }

  private PoolNorm norm() {
    return new PoolNorm(power, !onnx);
  }
}
