package lamina.op;

import lamina.kernel.Backend;
import lamina.kernel.Cell;
import lamina.tensor.DType;

/**
 * The weights of one recurrent layer in one direction, prepared once for the forward passes over
 * any number of sequences, one at a time. They must not change meanwhile.
 */
public interface RecurrentProducts {
  /** Prepares weights in their precision. */
  static RecurrentProducts of(Cell cell, RecurrentWeights weights, Backend backend) {
    return weights.input().dtype() == DType.FLOAT32
        ? new RecurrentProductsFloat(cell, weights, backend)
        : new RecurrentProductsDouble(cell, weights, backend);
  }

  /** Gives back the memory of what was prepared. No sequence may run with it any more. */
  void release();
}
