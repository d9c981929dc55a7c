package lamina.kernel;

/**
 * The pointwise part of the recurrent cells in float64, one step over all rows of a batch, and the
 * tape it writes. Rows whose sequence has ended keep their state and pass gradients through.
 */
final class RecurrentGatesDouble {
  /** Sums before a step, gate values after it: {@code (T, N, G·H)}. */
  final double[] gates;

  /** The hidden state after each step: {@code (T, N, H)}. */
  final double[] hidden;

  /** The LSTM's cell state after each step, else null. */
  final double[] cell;

  /**
   * {@code R h + b_R} of the candidate of a GRU that resets after, {@code (T, N, H)}, else null.
   */
  final double[] hiddenCandidate;

  private final Recurrence problem;
  private final double[] peephole;
  private final int n;
  private final int h;
  private final GateFunction gate;
  private final GateFunction candidate;
  private final GateFunction state;

  /** Where clipping bit: no gradient passes there. Null without clipping. */
  private final boolean[] clipped;

  RecurrentGatesDouble(Recurrence problem, double[] peephole) {
    this.problem = problem;
    this.peephole = peephole;
    this.n = problem.batch();
    this.h = problem.hiddenSize();
    this.gate = problem.gate();
    this.candidate = problem.candidate();
    this.state = problem.state();
    int size = problem.steps() * n * h;
    this.gates = new double[size * problem.cell().gates()];
    this.hidden = new double[size];
    this.cell = problem.cell() == Cell.LSTM ? new double[size] : null;
    this.hiddenCandidate =
        problem.cell() == Cell.GRU && problem.resetAfter() ? new double[size] : null;
    this.clipped = problem.clips() ? new boolean[gates.length] : null;
  }

  private double squash(GateFunction function, double sum, int at) {
    double x = sum;
    if (clipped != null) {
      x = problem.bounded(sum);
      clipped[at] = x != sum;
    }
    double value = function.apply(x);
    gates[at] = value;
    return value;
  }

  /** The gradient of a gate's sum from that of its value. */
  private double unsquash(GateFunction function, double gradient, int at) {
    return clipped != null && clipped[at] ? 0 : gradient * function.slope(gates[at]);
  }

  /** One step of an RNN: {@code gates} holds the sums. */
  void rnn(int t, double[] previousHidden, int previous) {
    for (int i = 0; i < n; i++) {
      int to = (t * n + i) * h;
      if (!problem.isValid(t, i)) {
        System.arraycopy(previousHidden, previous + i * h, hidden, to, h);
        continue;
      }
      for (int j = 0; j < h; j++) {
        hidden[to + j] = squash(candidate, gates[to + j], to + j);
      }
    }
  }

  void rnnBackward(int t, double[] dh, double[] dGates) {
    for (int i = 0; i < n; i++) {
      int at = (t * n + i) * h;
      if (problem.isValid(t, i)) {
        for (int j = 0; j < h; j++) {
          dGates[at + j] = unsquash(candidate, dh[i * h + j], at + j);
          dh[i * h + j] = 0;
        }
      }
    }
  }

  /** One step of an LSTM: {@code gates} holds the sums, without the peepholes. */
  void lstm(int t, double[] previousHidden, double[] previousCell, int previous) {
    for (int i = 0; i < n; i++) {
      int to = (t * n + i) * h;
      int before = previous + i * h;
      if (!problem.isValid(t, i)) {
        System.arraycopy(previousHidden, before, hidden, to, h);
        System.arraycopy(previousCell, before, cell, to, h);
        continue;
      }
      int at = to * 4;
      for (int j = 0; j < h; j++) {
        double c = previousCell[before + j];
        double in = gates[at + j];
        double forget = gates[at + h + j];
        double out = gates[at + 3 * h + j];
        if (peephole != null) {
          in += peephole[j] * c;
          forget += peephole[h + j] * c;
        }
        in = squash(gate, in, at + j);
        forget = squash(gate, forget, at + h + j);
        double update = squash(candidate, gates[at + 2 * h + j], at + 2 * h + j);
        double next = forget * c + in * update;
        if (peephole != null) {
          out += peephole[2 * h + j] * next;
        }
        out = squash(gate, out, at + 3 * h + j);
        cell[to + j] = next;
        hidden[to + j] = out * state.apply(next);
      }
    }
  }

  void lstmBackward(
      int t,
      double[] previousCell,
      int previous,
      double[] dh,
      double[] dc,
      double[] dGates,
      double[] dPeephole) {
    for (int i = 0; i < n; i++) {
      if (!problem.isValid(t, i)) {
        continue;
      }
      int at = (t * n + i) * 4 * h;
      for (int j = 0; j < h; j++) {
        double before = previousCell[previous + i * h + j];
        double c = cell[(t * n + i) * h + j];
        double squashed = state.apply(c);
        double out = gates[at + 3 * h + j];
        double dHidden = dh[i * h + j];
        double dOut = unsquash(gate, dHidden * squashed, at + 3 * h + j);
        double dCell = dc[i * h + j] + dHidden * out * state.slope(squashed);
        if (peephole != null) {
          dCell += dOut * peephole[2 * h + j];
        }
        double dIn = unsquash(gate, dCell * gates[at + 2 * h + j], at + j);
        double dForget = unsquash(gate, dCell * before, at + h + j);
        double dBefore = dCell * gates[at + h + j];
        if (peephole != null) {
          dBefore += dIn * peephole[j] + dForget * peephole[h + j];
          dPeephole[j] += dIn * before;
          dPeephole[h + j] += dForget * before;
          dPeephole[2 * h + j] += dOut * c;
        }
        dGates[at + j] = dIn;
        dGates[at + h + j] = dForget;
        dGates[at + 2 * h + j] = unsquash(candidate, dCell * gates[at + j], at + 2 * h + j);
        dGates[at + 3 * h + j] = dOut;
        dc[i * h + j] = dBefore;
        dh[i * h + j] = 0;
      }
    }
  }

  /** The reset and update gates of a GRU's step. */
  void gruResets(int t) {
    for (int row = t * n; row < (t + 1) * n; row++) {
      for (int at = row * 3 * h; at < (row * 3 + 2) * h; at++) {
        squash(gate, gates[at], at);
      }
    }
  }

  /** {@code r ⊙ h} of a step, to {@code product} from {@code to} on. */
  void resetHidden(int t, double[] previousHidden, int previous, double[] product, int to) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < h; j++) {
        product[to + i * h + j] =
            gates[(t * n + i) * 3 * h + j] * previousHidden[previous + i * h + j];
      }
    }
  }

  /** The candidate and the new state of a GRU, after {@link #gruResets}. */
  void gru(int t, double[] previousHidden, int previous) {
    for (int i = 0; i < n; i++) {
      int to = (t * n + i) * h;
      int before = previous + i * h;
      if (!problem.isValid(t, i)) {
        System.arraycopy(previousHidden, before, hidden, to, h);
        continue;
      }
      int at = to * 3;
      for (int j = 0; j < h; j++) {
        double sum = gates[at + 2 * h + j];
        if (hiddenCandidate != null) {
          sum += gates[at + j] * hiddenCandidate[to + j];
        }
        double update = squash(candidate, sum, at + 2 * h + j);
        double keep = gates[at + h + j];
        hidden[to + j] = (1 - keep) * update + keep * previousHidden[before + j];
      }
    }
  }

  /**
   * The gradients of a GRU's sums; with a reset before, that of the reset gate is left to {@link
   * #resetBackward}.
   */
  void gruBackward(
      int t,
      double[] previousHidden,
      int previous,
      double[] dh,
      double[] dGates,
      double[] dHiddenCandidate) {
    for (int i = 0; i < n; i++) {
      if (!problem.isValid(t, i)) {
        continue;
      }
      int to = (t * n + i) * h;
      int at = to * 3;
      for (int j = 0; j < h; j++) {
        double dHidden = dh[i * h + j];
        double keep = gates[at + h + j];
        double update = gates[at + 2 * h + j];
        double dUpdate = unsquash(candidate, dHidden * (1 - keep), at + 2 * h + j);
        double dKeep = dHidden * (previousHidden[previous + i * h + j] - update);
        dGates[at + h + j] = unsquash(gate, dKeep, at + h + j);
        dGates[at + 2 * h + j] = dUpdate;
        if (hiddenCandidate != null) {
          dHiddenCandidate[to + j] = dUpdate * gates[at + j];
          dGates[at + j] = unsquash(gate, dUpdate * hiddenCandidate[to + j], at + j);
        }
        dh[i * h + j] = dHidden * keep;
      }
    }
  }

  /** The gradients of r and h from that of {@code r ⊙ h}. */
  void resetBackward(
      int t, double[] previousHidden, int previous, double[] dReset, double[] dh, double[] dGates) {
    for (int i = 0; i < n; i++) {
      if (problem.isValid(t, i)) {
        int at = (t * n + i) * 3 * h;
        for (int j = 0; j < h; j++) {
          double d = dReset[i * h + j];
          dh[i * h + j] += d * gates[at + j];
          dGates[at + j] = unsquash(gate, d * previousHidden[previous + i * h + j], at + j);
        }
      }
    }
  }
}
