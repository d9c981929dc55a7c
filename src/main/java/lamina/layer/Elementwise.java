package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.BinaryFunction;
import lamina.op.Broadcast;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A function of two tensors, element by element; sizes of 1 are stretched.
 *
 * @param type the operator's name in ONNX
 */
public record Elementwise(String type, BinaryFunction function) implements MergeLayer {
  @Override
  public Shape output(List<Shape> inputs) {
    return Broadcast.shape(inputs);
  }

  @Override
  public String assumption(List<Shape> inputs) {
    return Broadcast.assumption(inputs);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor a = inputs.get(0);
    Tensor b = inputs.get(1);
    if (pass.needsInputGradient() && !function.isTruth()) {
      pass.requireGradient(function.hasGradient());
      pass.recordMerge(
          dy -> {
            List<Tensor> gradients = new ArrayList<>();
            for (boolean first : new boolean[] {true, false}) {
              boolean isReal = (first ? a : b).dtype() != DType.INT64;
              gradients.add(isReal ? function.backward(a, b, dy, first) : null);
            }
            return gradients;
          });
    }
    return function.forward(a, b);
  }
}
