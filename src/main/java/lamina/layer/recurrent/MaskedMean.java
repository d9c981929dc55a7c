package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.op.Broadcast;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The mean of the steps of a sequence {@code (N, T, F)} that a mask leaves, {@code (N, F)}: Keras's
 * GlobalAveragePooling1D. Its second input is what the masking layer took. Where no step is left,
 * it is no number, as in Keras.
 *
 * @param keepDims whether the axis of steps stays, with size 1
 * @param mask null if it is not known
 * @param refusal why it is not; null if it is known
 */
public record MaskedMean(boolean keepDims, StepMask mask, String refusal) implements MergeLayer {
  @Override
  public String type() {
    return "GlobalAveragePooling1D";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape sequence = inputs.get(0);
    if (sequence.rank() != 3) {
      throw new InputException("needs a sequence (N, T, features), not " + sequence);
    }
    List<Dim> dims = new ArrayList<>(sequence.dims());
    dims.set(1, Dim.ONE);
    if (!keepDims) {
      dims.remove(1);
    }
    return new Shape(dims);
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    if (refusal != null) {
      throw new InputException(refusal);
    }
    Tensor x = inputs.get(0);
    int batch = x.dim(0);
    int steps = x.dim(1);
    boolean[] kept = mask.kept(inputs.get(1));
    double[] shares = new double[batch * steps];
    for (int n = 0; n < batch; n++) {
      int count = 0;
      for (int t = 0; t < steps; t++) {
        count += kept[n * steps + t] ? 1 : 0;
      }
      for (int t = 0; t < steps; t++) {
        // Where no step is left, all shares are 0, and 0/0 makes the mean NaN below.
        shares[n * steps + t] = kept[n * steps + t] ? 1.0 / count : count == 0 ? Double.NaN : 0;
      }
    }
    Tensor weights = Tensor.of(shares, batch, steps, 1);
    Tensor factors = x.dtype() == DType.FLOAT32 ? weights.as(DType.FLOAT32) : weights;
    int[] one = {batch, 1, x.dim(2)};
    pass.recordMerge(dy -> Arrays.asList(Broadcast.multiply(factors, dy.reshape(one)), null));
    Tensor mean = Broadcast.reduce(Broadcast.multiply(x, factors), one);
    return keepDims ? mean : mean.reshape(batch, x.dim(2));
  }
}
