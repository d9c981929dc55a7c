package lamina.op.activation;

import lamina.kernel.ActivationDouble;
import lamina.kernel.ActivationFloat;
import lamina.kernel.Backends;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Exponentials with the sum 1, shifted by the maximum so that none overflows; of −x; or their
 * logarithms.
 */
final class Softmax extends AxisFunction {
  private final int sign;
  private final boolean logarithm;

  private Softmax(String label, String about, int sign, boolean logarithm) {
    super(label, about);
    this.sign = sign;
    this.logarithm = logarithm;
  }

  static Softmax plain() {
    Softmax kind = new Softmax("softmax", "exp(x) / Σ exp(x) over an axis", 1, false);
    kind.torch("Softmax", "dim=None");
    kind.keras("softmax(-1)", "Softmax(axis=-1)");
    kind.onnx("Softmax(axis=-1)");
    return kind;
  }

  static Softmax ofLogarithm() {
    Softmax kind = new Softmax("log-softmax", "log(exp(x) / Σ exp(x)) over an axis", 1, true);
    kind.torch("LogSoftmax", "dim=None");
    kind.keras("log_softmax(-1)");
    kind.onnx("LogSoftmax(axis=-1)");
    return kind;
  }

  static Softmax ofNegative() {
    Softmax kind = new Softmax("softmin", "exp(−x) / Σ exp(−x) over an axis", -1, false);
    kind.torch("Softmin", "dim=None");
    return kind;
  }

  @Override
  public void forward(int size, int inner, Tensor x, Tensor y) {
    Backends.current()
        .kernels(x.dtype())
        .softmax(size, inner, sign, logarithm, x.array(), y.array());
  }

  @Override
  public void backward(int size, int inner, Tensor x, Tensor dy, Tensor dx) {
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    forward(size, inner, x, y);
    if (x.dtype() == DType.FLOAT64) {
      ActivationDouble.softmaxBackward(
          size, inner, sign, logarithm, y.doubles(), dy.doubles(), dx.doubles());
    } else {
      ActivationFloat.softmaxBackward(
          size, inner, sign, logarithm, y.floats(), dy.floats(), dx.floats());
    }
  }

  @Override
  public double slope(double y) {
    return logarithm ? 1 - Math.exp(y) : sign * y * (1 - y);
  }
}
