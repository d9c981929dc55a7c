package lamina.layer;

import lamina.op.Poolings;
import lamina.tensor.Tensor;

/** A pooling, which may tell of each maximum which element of the input it was. */
public interface PoolLayer extends Layer {
  /**
   * The output of a maximum pooling as {@link #forward} gives it, with the indices of the maxima.
   * Records the backward step on the pass.
   */
  Poolings.Maxima maxima(Tensor input, Pass pass);
}
