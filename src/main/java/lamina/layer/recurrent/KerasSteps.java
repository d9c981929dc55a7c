package lamina.layer.recurrent;

import java.util.Arrays;

/**
 * The order in which a recurrent layer of Keras reads the steps of sequences and gives its outputs.
 * Steps that a mask leaves out are not read: those that stay move up, so that each sequence is one
 * without gaps, and the output of the step before stands again, or zeros.
 */
final class KerasSteps {
  private final int batch;
  private final int steps;
  private final boolean[] kept;
  private final boolean backwards;

  /** How many steps of each sequence are read, at least 1. */
  private final int[] lengths;

  private int most = 1;

  /**
   * @param kept whether each step of each sequence is read, N·T of them; null if all are
   * @param backwards whether the last step is read first
   */
  KerasSteps(int batch, int steps, boolean[] kept, boolean backwards) {
    this.batch = batch;
    this.steps = steps;
    this.kept = kept;
    this.backwards = backwards;
    this.lengths = new int[batch];
    for (int n = 0; n < batch; n++) {
      for (int t = 0; t < steps; t++) {
        lengths[n] += isRead(n, t) ? 1 : 0;
      }
      // A sequence of which nothing stays is one step, whose output nobody takes.
      lengths[n] = Math.max(1, lengths[n]);
      most = Math.max(most, lengths[n]);
    }
  }

  private boolean isRead(int n, int t) {
    return kept == null || kept[n * steps + t];
  }

  /** How many steps the longest sequence has that is read. */
  int most() {
    return most;
  }

  /** How many steps of each sequence are read; null if all are. */
  int[] lengths() {
    return kept == null ? null : lengths;
  }

  private int step(int index) {
    return backwards ? steps - 1 - index : index;
  }

  /** For each row of what is read {@code (most, N)}, that of the input {@code (N, T)}, or −1. */
  int[] read() {
    int[] rows = new int[most * batch];
    Arrays.fill(rows, -1);
    for (int n = 0; n < batch; n++) {
      int count = 0;
      for (int index = 0; index < steps; index++) {
        int t = step(index);
        if (isRead(n, t)) {
          rows[count++ * batch + n] = n * steps + t;
        }
      }
    }
    return rows;
  }

  /**
   * For each row of the output {@code (N, T)}, or {@code (N)} of the last step alone, that of the
   * results {@code (most, N)}; −1 for zeros.
   *
   * @param sequences whether all steps are given, in the order in which they were read
   * @param turned whether they are given in the opposite order
   * @param zeroed whether a step that was left out gives zeros, not what stood before
   */
  int[] given(boolean sequences, boolean turned, boolean zeroed) {
    int[] rows = new int[batch * (sequences ? steps : 1)];
    for (int n = 0; n < batch; n++) {
      int count = 0;
      for (int index = 0; index < steps; index++) {
        boolean isRead = isRead(n, step(index));
        count += isRead ? 1 : 0;
        int row = count == 0 || (zeroed && !isRead) ? -1 : (count - 1) * batch + n;
        if (sequences) {
          rows[n * steps + (turned ? steps - 1 - index : index)] = row;
        } else {
          rows[n] = row;
        }
      }
    }
    return rows;
  }
}
