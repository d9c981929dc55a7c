// Derived from RecurrentGatesDouble.java: change that file and run DerivedFloat.
package lamina.kernel;

/**
 * The pointwise part of the recurrent cells in float32, one step over all rows of a batch, and the
 * tape it writes. Rows whose sequence has ended keep their state and pass gradients through.
 */
final class RecurrentGatesFloat {
  /** Sums before a step, gate values after it: {@code (T, N, G·H)}. */
  final float[] gates;

  /** The hidden state after each step: {@code (T, N, H)}. */
  final float[] hidden;

  /** The LSTM's cell state after each step, else null. */
  final float[] cell;

  /**
   * {@code R h + b_R} of the candidate of a GRU that resets after, {@code (T, N, H)}, else null.
   */
  final float[] hiddenCandidate;

  private final Recurrence problem;
  private final float[] peephole;
  private final int n;
  private final int h;
  private final GateFunction gate;
  private final GateFunction candidate;
  private final GateFunction state;

  /** Where clipping bit: no gradient passes there. Null without clipping. */
  private final boolean[] clipped;

  RecurrentGatesFloat(Recurrence problem, float[] peephole) {
    this.problem = problem;
    this.peephole = peephole;
    this.n = problem.batch();
    this.h = problem.hiddenSize();
    this.gate = problem.gate();
    this.candidate = problem.candidate();
    this.state = problem.state();
    int size = problem.steps() * n * h;
    this.gates = new float[size * problem.cell().gates()];
    this.hidden = new float[size];
    this.cell = problem.cell() == Cell.LSTM ? new float[size] : null;
    this.hiddenCandidate =
        problem.cell() == Cell.GRU && problem.resetAfter() ? new float[size] : null;
    this.clipped = problem.clips() ? new boolean[gates.length] : null;
  }

  private float squash(GateFunction function, float sum, int at) {
    float x = sum;
    if (clipped != null) {
      x = problem.bounded(sum);
      clipped[at] = x != sum;
    }
    float value = function.apply(x);
    gates[at] = value;
    return value;
  }

  /** The gradient of a gate's sum from that of its value. */
  private float unsquash(GateFunction function, float gradient, int at) {
    return clipped != null && clipped[at] ? 0 : gradient * function.slope(gates[at]);
  }

  /** One step of an RNN: {@code gates} holds the sums. */
  void rnn(int t, float[] previousHidden, int previous) {
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

  void rnnBackward(int t, float[] dh, float[] dGates) {
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
  void lstm(int t, float[] previousHidden, float[] previousCell, int previous) {
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
        float c = previousCell[before + j];
        float in = gates[at + j];
        float forget = gates[at + h + j];
        float out = gates[at + 3 * h + j];
        if (peephole != null) {
          in += peephole[j] * c;
          forget += peephole[h + j] * c;
        }
        in = squash(gate, in, at + j);
        forget = squash(gate, forget, at + h + j);
        float update = squash(candidate, gates[at + 2 * h + j], at + 2 * h + j);
        float next = forget * c + in * update;
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
      float[] previousCell,
      int previous,
      float[] dh,
      float[] dc,
      float[] dGates,
      float[] dPeephole) {
    for (int i = 0; i < n; i++) {
      if (!problem.isValid(t, i)) {
        continue;
      }
      int at = (t * n + i) * 4 * h;
      for (int j = 0; j < h; j++) {
        float before = previousCell[previous + i * h + j];
        float c = cell[(t * n + i) * h + j];
        float squashed = state.apply(c);
        float out = gates[at + 3 * h + j];
        float dHidden = dh[i * h + j];
        float dOut = unsquash(gate, dHidden * squashed, at + 3 * h + j);
        float dCell = dc[i * h + j] + dHidden * out * state.slope(squashed);
        if (peephole != null) {
          dCell += dOut * peephole[2 * h + j];
        }
        float dIn = unsquash(gate, dCell * gates[at + 2 * h + j], at + j);
        float dForget = unsquash(gate, dCell * before, at + h + j);
        float dBefore = dCell * gates[at + h + j];
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
  void resetHidden(int t, float[] previousHidden, int previous, float[] product, int to) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < h; j++) {
        product[to + i * h + j] =
            gates[(t * n + i) * 3 * h + j] * previousHidden[previous + i * h + j];
      }
    }
  }

  /** The candidate and the new state of a GRU, after {@link #gruResets}. */
  void gru(int t, float[] previousHidden, int previous) {
    for (int i = 0; i < n; i++) {
      int to = (t * n + i) * h;
      int before = previous + i * h;
      if (!problem.isValid(t, i)) {
        System.arraycopy(previousHidden, before, hidden, to, h);
        continue;
      }
      int at = to * 3;
      for (int j = 0; j < h; j++) {
        float sum = gates[at + 2 * h + j];
        if (hiddenCandidate != null) {
          sum += gates[at + j] * hiddenCandidate[to + j];
        }
        float update = squash(candidate, sum, at + 2 * h + j);
        float keep = gates[at + h + j];
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
      float[] previousHidden,
      int previous,
      float[] dh,
      float[] dGates,
      float[] dHiddenCandidate) {
    for (int i = 0; i < n; i++) {
      if (!problem.isValid(t, i)) {
        continue;
      }
      int to = (t * n + i) * h;
      int at = to * 3;
      for (int j = 0; j < h; j++) {
        float dHidden = dh[i * h + j];
        float keep = gates[at + h + j];
        float update = gates[at + 2 * h + j];
        float dUpdate = unsquash(candidate, dHidden * (1 - keep), at + 2 * h + j);
        float dKeep = dHidden * (previousHidden[previous + i * h + j] - update);
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
      int t, float[] previousHidden, int previous, float[] dReset, float[] dh, float[] dGates) {
    for (int i = 0; i < n; i++) {
      if (problem.isValid(t, i)) {
        int at = (t * n + i) * 3 * h;
        for (int j = 0; j < h; j++) {
          float d = dReset[i * h + j];
          dh[i * h + j] += d * gates[at + j];
          dGates[at + j] = unsquash(gate, d * previousHidden[previous + i * h + j], at + j);
        }
      }
    }
  }
}
