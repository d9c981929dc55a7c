package lamina.layer;

import java.util.Arrays;
import java.util.List;
import lamina.op.BinaryFunction;
import lamina.op.Broadcast;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * Whether elements of two tensors compare as a function says, as 1 or 0 in the type of the first,
 * so that arithmetic goes on with it. There is no gradient.
 */
public record Compare(BinaryFunction function) implements MergeLayer {
  @Override
  public String type() {
    return "Compare";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Broadcast.shape(inputs);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    pass.recordMerge(dy -> Arrays.asList(null, null));
    return function.forward(inputs.get(0), inputs.get(1)).as(inputs.get(0).dtype());
  }
}
