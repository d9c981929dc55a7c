package lamina.op;

import lamina.kernel.Backend;
import lamina.kernel.Cell;
import lamina.kernel.Kernels;
import lamina.kernel.Matrix;
import lamina.kernel.RepeatedProduct;

/** {@link RecurrentProducts} in float64. */
final class RecurrentProductsDouble implements RecurrentProducts {
  /** Products with Wᵀ. */
  RepeatedProduct<double[]> input;

  /** Products with Rᵀ of the gates that one product serves: all, or a GRU's r and z. */
  RepeatedProduct<double[]> hidden;

  /** Products with Rᵀ of a GRU's candidate, which has a product of its own; else null. */
  RepeatedProduct<double[]> candidate;

  private final Cell cell;
  private final RecurrentWeights weights;
  private final Backend backend;
  private Backend prepared;

  RecurrentProductsDouble(Cell cell, RecurrentWeights weights, Backend backend) {
    this.cell = cell;
    this.weights = weights;
    this.backend = backend;
  }

  /** Prepares for a sequence; to be called before each one. */
  void begin(long rows) {
    int width = weights.input().dim(0);
    int size = weights.input().dim(1);
    int h = weights.hidden().dim(1);
    Backend now = backend.forWork(rows * width * (size + h));
    if (now == prepared) {
      return;
    }
    release();
    int together = cell == Cell.GRU ? 2 * h : width;
    Kernels<double[]> kernels = now.float64();
    Matrix<double[]> w = Matrix.of(weights.input().doubles(), width, size);
    Matrix<double[]> r = Matrix.of(weights.hidden().doubles(), width, h);
    input = kernels.repeated(w.transpose(), rows);
    hidden = kernels.repeated(r.rows(0, together).transpose(), rows);
    if (cell == Cell.GRU) {
      candidate = kernels.repeated(r.rows(together, h).transpose(), rows);
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
