package lamina.op;

import lamina.kernel.NormalizationLoops;
import lamina.kernel.ResponseRule;
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
    NormalizationLoops.of(x.dtype()).response(rule(x), x.array(), base.array(), y.array());
    return y;
  }

  /** The gradient with respect to the input. */
  public Tensor backward(Tensor x, Tensor dy) {
    Tensor base = base(x);
    Checks.gradient(dy, x.dtype(), x.shape());
    compute(x, base);
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    NormalizationLoops.of(x.dtype())
        .responseBackward(rule(x), x.array(), base.array(), dy.array(), dx.array());
    return dx;
  }

  private ResponseRule rule(Tensor x) {
    int inner = Checks.product(x.shape(), 2, x.rank());
    return new ResponseRule(x.dim(1), inner, size, alpha, beta, k);
  }
}
