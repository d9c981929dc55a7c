package lamina.layer;

import lamina.op.MaxPooling;
import lamina.tensor.Tensor;

/** A pooling, which may tell of each maximum which element of the input it was. */
public interface PoolLayer extends Layer {
  /**
   * The output of a maximum pooling as {@link #forward} gives it, with the indices of the maxima.
   * Records the backward step on the pass.
   */
  MaxPooling.Maxima maxima(Tensor input, Pass pass);

  /** What {@link #maxima(Tensor, Pass)} gives where a layer computes this. */
  static MaxPooling.Maxima maxima(MaxPooling pooling, Tensor input, Pass pass) {
    MaxPooling.Maxima maxima = pooling.maxima(input);
    pass.record((dy, gradients) -> pooling.backward(dy, maxima.indices(), input.shape()));
    return maxima;
  }
}
