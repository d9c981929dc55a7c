package lamina.train;

import java.util.Map;
import lamina.tensor.Tensor;

/** Ends a training after some epochs without a better loss, and keeps the best epoch's weights. */
public final class EarlyStopping {
  private final int patience;
  private double least = Double.POSITIVE_INFINITY;
  private int waited;
  private Map<String, Tensor> best;

  /**
   * @param patience the epochs to wait for a better loss; 0 for no end
   */
  public EarlyStopping(int patience) {
    this.patience = patience;
  }

  /**
   * Goes on from what a checkpoint holds.
   *
   * @param state null if it holds nothing
   */
  public void resume(Checkpoint.Best state) {
    if (state != null) {
      least = state.loss();
      waited = state.waited();
      best = state.weights();
    }
  }

  /** Takes in the loss after an epoch; keeps the trainer's weights if it is the least. */
  public void add(double loss, Trainer trainer) {
    if (loss < least) {
      least = loss;
      waited = 0;
      best = patience > 0 ? trainer.snapshot() : null;
    } else if (patience > 0) {
      waited++;
    }
  }

  /** The epochs since the best one. */
  public int waited() {
    return waited;
  }

  /** Whether the training ends, or ended before it was taken up again. */
  public boolean isOver() {
    return patience > 0 && waited >= patience;
  }

  /** The best epoch's weights; null without patience. */
  public Map<String, Tensor> best() {
    return best;
  }

  /** What a checkpoint keeps; null without patience. */
  public Checkpoint.Best state() {
    return best == null ? null : new Checkpoint.Best(least, waited, best);
  }
}
