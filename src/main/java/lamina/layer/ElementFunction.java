package lamina.layer;

import lamina.op.UnaryFunction;
import lamina.tensor.Tensor;

/**
 * A function of each element that is no activation.
 *
 * @param type the operator's name in ONNX
 */
public record ElementFunction(String type, UnaryFunction function) implements Layer {
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (!function.isTruth()) {
      pass.record((dy, gradients) -> function.backward(input, dy));
    }
    return function.forward(input);
  }
}
