package lamina.op;

import lamina.kernel.NormalizationDouble;
import lamina.kernel.NormalizationFloat;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Local response normalisation over neighbouring channels, {@code y_c = x_c (k + alpha / size · Σ
 * x_j²)^−beta}. Formula: documentation of torch.nn.LocalResponseNorm; the sum is divided by the
 * size at the borders too.
 *
 * @param size how many channels are summed, at least 1
 */
public record ResponseNormalization(int size, double alpha, double beta, double k) {
  /**
   * @throws InputException if the size is below 1
   */
  public ResponseNormalization {
    if (size < 1) {
      throw new InputException("local response norm needs a size of at least 1, not " + size);
    }
  }

  /** The output for an input {@code (N, C, ...)}. */
  public Tensor forward(Tensor x) {
    return compute(x, base(x));
  }

  private Tensor base(Tensor x) {
    Checks.real(x, "local response norm");
    if (x.rank() < 2) {
      throw new InputException(
          "local response norm needs an input (N, C, ...) of rank 2 or more, not "
              + Tensor.text(x.shape()));
    }
    return Tensor.zeros(x.dtype(), x.shape());
  }

  private Tensor compute(Tensor x, Tensor base) {
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    int inner = Checks.product(x.shape(), 2, x.rank());
    if (x.dtype() == DType.FLOAT64) {
      NormalizationDouble.response(
          x.dim(1), inner, size, alpha, beta, k, x.doubles(), base.doubles(), y.doubles());
    } else {
      NormalizationFloat.response(
          x.dim(1),
          inner,
          size,
          (float) alpha,
          (float) beta,
          (float) k,
          x.floats(),
          base.floats(),
          y.floats());
    }
    return y;
  }

  /** The gradient with respect to the input. */
  public Tensor backward(Tensor x, Tensor dy) {
    Tensor base = base(x);
    Checks.gradient(dy, x.dtype(), x.shape());
    compute(x, base);
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    int inner = Checks.product(x.shape(), 2, x.rank());
    if (x.dtype() == DType.FLOAT64) {
      NormalizationDouble.responseBackward(
          x.dim(1),
          inner,
          size,
          alpha,
          beta,
          x.doubles(),
          base.doubles(),
          dy.doubles(),
          dx.doubles());
    } else {
      NormalizationFloat.responseBackward(
          x.dim(1),
          inner,
          size,
          (float) alpha,
          (float) beta,
          x.floats(),
          base.floats(),
          dy.floats(),
          dx.floats());
    }
    return dx;
  }
}
