package lamina.layer;

import lamina.op.Broadcast;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** {@code e^x}, an activation of Keras. */
public record Exponential() implements Layer {
  @Override
  public String type() {
    return "Exponential";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor output = Tensor.zeros(input.dtype(), input.shape());
    for (int i = 0; i < input.size(); i++) {
      double value = Math.exp(input.get(i));
      if (input.dtype() == DType.FLOAT64) {
        output.doubles()[i] = value;
      } else {
        output.floats()[i] = (float) value;
      }
    }
    pass.record((dy, gradients) -> Broadcast.multiply(dy, output));
    return output;
  }
}
