package lamina.layer;

import java.util.Arrays;
import java.util.List;
import lamina.op.Gathers;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * Its first input with the elements of the third put where the second says: ONNX's ScatterElements
 * and ScatterND.
 *
 * @param rows whether rows of indices name entries, rather than each an element on the axis
 */
public record Scatter(boolean rows, int axis, Gathers.Meeting meeting) implements MergeLayer {
  @Override
  public String type() {
    return rows ? "ScatterND" : "ScatterElements";
  }

  @Override
  public int least() {
    return 3;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor x = inputs.get(0);
    Tensor indices = inputs.get(1);
    Tensor updates = inputs.get(2);
    int[] places =
        rows ? Gathers.rows(x.shape(), indices, 0) : Gathers.elements(x.shape(), indices, axis);
    if (x.dtype() != DType.INT64 && pass.needsInputGradient()) {
      boolean replaces = meeting == Gathers.Meeting.NONE;
      pass.requireGradient(replaces || meeting == Gathers.Meeting.ADD);
      pass.recordMerge(
          dy -> {
            Tensor zeros = Tensor.zeros(dy.dtype(), updates.shape());
            Tensor dx = replaces ? Gathers.put(dy, places, zeros, meeting) : dy;
            return Arrays.asList(dx, null, Gathers.take(dy, places, updates.shape()));
          });
    }
    return Gathers.put(x, places, updates, meeting);
  }
}
