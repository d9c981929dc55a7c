package lamina.op.activation;

import lamina.kernel.ActivationDouble;
import lamina.kernel.ActivationFloat;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * One half of an axis times the sigmoid of the other. Dauphin et al., Language Modeling with Gated
 * Convolutional Networks (2016).
 */
final class Glu extends AxisFunction {
  Glu() {
    super("glu", "the first half of an axis times the sigmoid of the second");
    torch("GLU", "dim=-1");
    keras("glu(-1)");
  }

  @Override
  public int inputsPerOutput() {
    return 2;
  }

  @Override
  public void forward(int size, int inner, Tensor x, Tensor y) {
    if (x.dtype() == DType.FLOAT64) {
      ActivationDouble.glu(size, inner, x.doubles(), y.doubles());
    } else {
      ActivationFloat.glu(size, inner, x.floats(), y.floats());
    }
  }

  @Override
  public void backward(int size, int inner, Tensor x, Tensor dy, Tensor dx) {
    if (x.dtype() == DType.FLOAT64) {
      ActivationDouble.gluBackward(size, inner, x.doubles(), dy.doubles(), dx.doubles());
    } else {
      ActivationFloat.gluBackward(size, inner, x.floats(), dy.floats(), dx.floats());
    }
  }
}
