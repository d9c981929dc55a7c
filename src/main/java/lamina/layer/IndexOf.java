package lamina.layer;

import lamina.op.Reductions;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * The index of the greatest or smallest element along an axis: ONNX's ArgMax and ArgMin.
 *
 * @param keepDims whether the axis stays, with size 1
 * @param last whether the last of equal ones counts
 */
public record IndexOf(boolean greatest, int axis, boolean keepDims, boolean last) implements Layer {
  @Override
  public String type() {
    return greatest ? "ArgMax" : "ArgMin";
  }

  @Override
  public Shape output(Shape input) {
    boolean[] reduced = new boolean[input.rank()];
    reduced[axis] = true;
    return Reduce.output(input, reduced, keepDims);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    return Reductions.index(input, axis, greatest, last)
        .reshape(output(Shape.of(input.shape())).sizes());
  }
}
