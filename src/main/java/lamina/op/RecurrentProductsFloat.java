// Derived from RecurrentProductsDouble.java: change that file and run DerivedFloat.
package lamina.op;

import lamina.kernel.Backend;
import lamina.kernel.Cell;
import lamina.kernel.RepeatedProductFloat;

/** {@link RecurrentProducts} in float32. */
final class RecurrentProductsFloat implements RecurrentProducts {
  /** · Wᵀ. */
  RepeatedProductFloat input;

  /** · Rᵀ of the gates whose product is one: all, or a GRU's r and z. */
  RepeatedProductFloat hidden;

  /** · Rᵀ of a GRU's candidate, which has a product of its own; else null. */
  RepeatedProductFloat candidate;

  private final Cell cell;
  private final RecurrentWeights weights;
  private final Backend backend;
  private Backend prepared;

  RecurrentProductsFloat(Cell cell, RecurrentWeights weights, Backend backend) {
    this.cell = cell;
    this.weights = weights;
    this.backend = backend;
  }

  /** To be called before a sequence with so many rows: steps times batch. */
  void begin(long rows) {
    int width = weights.input().dim(0);
    int size = weights.input().dim(1);
    int h = weights.hidden().dim(1);
    Backend now = backend.forWork(rows * width * (size + h));
    if (now == prepared) {
      input.settle();
      hidden.settle();
      if (candidate != null) {
        candidate.settle();
      }
      return;
    }
    release();
    int together = cell == Cell.GRU ? 2 * h : width;
    float[] r = weights.hidden().floats();
    input = now.repeated(size, width, weights.input().floats(), 0, size, true, rows);
    hidden = now.repeated(h, together, r, 0, h, true, rows);
    if (cell == Cell.GRU) {
      candidate = now.repeated(h, h, r, together * h, h, true, rows);
    }
    prepared = now;
  }

  @Override
  public void release() {
    if (prepared != null) {
      input.release();
      hidden.release();
      if (candidate != null) {
        candidate.release();
      }
      prepared = null;
    }
  }
}
