package lamina.layer;

import lamina.op.BinaryFunction;
import lamina.op.Reductions;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * The variance of some axes, or its root, as torch.var and torch.std.
 *
 * @param reduced which axes
 * @param keepDims whether they stay, with size 1
 * @param correction what is taken off the number of elements: 1 for the unbiased one
 * @param isRoot whether it is the standard deviation
 */
public record Spread(boolean[] reduced, boolean keepDims, double correction, boolean isRoot)
    implements Layer {
  @Override
  public String type() {
    return isRoot ? "Std" : "Var";
  }

  @Override
  public Shape output(Shape input) {
    return Reduce.output(input, reduced, keepDims);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int[] kept = Reduce.output(Shape.of(input.shape()), reduced, true).sizes();
    Tensor mean = Reductions.MEAN.forward(input, reduced).reshape(kept);
    Tensor off = BinaryFunction.SUB.forward(input, mean);
    double count = (double) input.size() / Math.max(1, mean.size()) - correction;
    Tensor y = Reductions.SUM_SQUARE.forward(off, reduced).reshape(kept);
    for (int i = 0; i < y.size(); i++) {
      y.set(i, isRoot ? Math.sqrt(y.get(i) / count) : y.get(i) / count);
    }
    pass.record(
        (dy, gradients) -> {
          Tensor slopes = Tensor.zeros(dy.dtype(), kept);
          for (int i = 0; i < slopes.size(); i++) {
            slopes.set(i, (isRoot ? 1 / y.get(i) : 2) * dy.get(i) / count);
          }
          return BinaryFunction.MUL.forward(off, slopes);
        });
    return y.reshape(output(Shape.of(input.shape())).sizes());
  }
}
