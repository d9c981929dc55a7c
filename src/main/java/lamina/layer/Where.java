package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Blocks;
import lamina.op.Broadcast;
import lamina.op.Picks;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/** Elements of its second input where the first is true, and of the third elsewhere. */
public record Where() implements MergeLayer {
  @Override
  public String type() {
    return "Where";
  }

  @Override
  public int least() {
    return 3;
  }

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
    List<Shape> shapes = new ArrayList<>();
    for (Tensor input : inputs) {
      shapes.add(Shape.of(input.shape()));
    }
    int[] shape = output(shapes).sizes();
    Tensor condition = Picks.stretched(inputs.get(0), shape);
    DType dtype = Broadcast.common(inputs.get(1).dtype(), inputs.get(2).dtype());
    Tensor y = chosen(condition, true, Picks.stretched(inputs.get(1).as(dtype), shape));
    Tensor otherwise = Picks.stretched(inputs.get(2).as(dtype), shape);
    for (int i = 0; i < y.size(); i++) {
      if (condition.get(i) == 0) {
        Blocks.copy(otherwise, i, y, i, 1);
      }
    }
    if (y.dtype() != DType.INT64) {
      pass.recordMerge(
          dy -> {
            List<Tensor> gradients = new ArrayList<>();
            gradients.add(null);
            for (int i = 1; i < 3; i++) {
              Tensor own = inputs.get(i);
              boolean isWhole = own.dtype() == DType.INT64;
              Tensor part = isWhole ? null : chosen(condition, i == 1, dy);
              gradients.add(isWhole ? null : Broadcast.reduce(part, own.shape()));
            }
            return gradients;
          });
    }
    return y;
  }

  /** The elements where the condition is this, and zeros. */
  private static Tensor chosen(Tensor condition, boolean value, Tensor from) {
    Tensor y = Tensor.zeros(from.dtype(), from.shape());
    for (int i = 0; i < y.size(); i++) {
      if ((condition.get(i) != 0) == value) {
        Blocks.copy(from, i, y, i, 1);
      }
    }
    return y;
  }
}
