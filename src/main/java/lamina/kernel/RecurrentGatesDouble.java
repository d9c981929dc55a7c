package lamina.kernel;

import java.util.Arrays;
import lamina.kernel.plain.SquashDouble;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * The pointwise part of the recurrent cells in float64, one step over all rows of a batch, and the
 * tape it writes. Rows whose sequence has ended keep their state and pass gradients through.
 */
public final class RecurrentGatesDouble {
  /**
   * The sums that go into the gates before a step, the gates' values after it: {@code (steps, N,
   * G·H)}.
   */
  public final double[] gates;

  /** The hidden state after each step: {@code (steps, N, H)}. */
  public final double[] hidden;

  /** The LSTM's cell state after each step, else null. */
  public final double[] cell;

  /**
   * {@code R h + b_R} of the candidate of a GRU that resets after, {@code (steps, N, H)}, else
   * null.
   */
  public final double[] hiddenCandidate;

  private final Recurrence problem;
  private final double[] peephole;
  private final int n;
  private final int h;
  private final GateFunction gate;
  private final GateFunction candidate;
  private final GateFunction state;

  /** Which sums were beyond the bound: no gradient passes there. Null if there is no bound. */
  private final boolean[] clipped;

  private final Kernels<double[]> kernels;
  private final RecurrentTape<double[]> tape;

  /** Whether all functions are the usual ones, whose gradients the kernels compute. */
  private final boolean usual;

  /** The values of the state's function for one row of a state, and their gradients. */
  private final double[] squashed;

  private final double[] dSquashed;

  /** The step that the arrays start with. */
  private int first;

  /**
   * @param steps how many steps the arrays hold
   */
  public RecurrentGatesDouble(
      Recurrence problem, double[] peephole, int steps, Kernels<double[]> kernels) {
    this.problem = problem;
    this.kernels = kernels;
    this.peephole = peephole;
    this.n = problem.batch();
    this.h = problem.hiddenSize();
    this.gate = problem.gate();
    this.candidate = problem.candidate();
    this.state = problem.state();
    int size = steps * n * h;
    this.gates = room(size * problem.cell().gates());
    this.hidden = room(size);
    this.cell = problem.cell() == Cell.LSTM ? room(size) : null;
    this.hiddenCandidate = problem.cell() == Cell.GRU && problem.resetAfter() ? room(size) : null;
    this.tape = new RecurrentTape<>(h, gates, hidden, cell, hiddenCandidate);
    this.clipped = problem.clips() ? new boolean[gates.length] : null;
    this.usual =
        clipped == null
            && peephole == null
            && gate == GateFunction.SIGMOID
            && candidate == GateFunction.TANH
            && state == GateFunction.TANH;
    this.squashed = new double[h];
    this.dSquashed = new double[h];
  }

  /**
   * An array of which each step sets its part. In training it is the one that the pass before used.
   */
  private static double[] room(int size) {
    return Tensor.unset(DType.FLOAT64, size).doubles();
  }

  /** Sets which step the arrays start with. */
  public void startWith(int step) {
    first = step;
  }

  /** Where step t stands among the steps in the arrays. */
  public int slot(int t) {
    return t - first;
  }

  /** Replaces sums by the values of their function, after bounding them. */
  private void squash(GateFunction function, int from, int count) {
    if (clipped != null) {
      for (int i = from; i < from + count; i++) {
        double bounded = problem.bounded(gates[i]);
        clipped[i] = bounded != gates[i];
        gates[i] = bounded;
      }
    }
    kernels.squash(function, gates, from, count);
  }

  /** Turns the gradients of gates into those of their sums. */
  private void unsquash(GateFunction function, double[] dGates, int from, int count) {
    SquashDouble.timesSlope(function, dGates, from, gates, from, count);
    if (clipped != null) {
      for (int i = from; i < from + count; i++) {
        dGates[i] = clipped[i] ? 0 : dGates[i];
      }
    }
  }

  /** One step of an RNN: {@code gates} holds the sums. */
  public void rnn(int t, RecurrentState<double[]> previous) {
    for (int i = 0; i < n; i++) {
      int to = (slot(t) * n + i) * h;
      if (!problem.isValid(t, i)) {
        System.arraycopy(previous.hidden(), previous.offset() + i * h, hidden, to, h);
        continue;
      }
      squash(candidate, to, h);
      System.arraycopy(gates, to, hidden, to, h);
    }
  }

  public void rnnBackward(int t, RecurrentGradients<double[]> gradients) {
    double[] dh = gradients.hidden();
    double[] dGates = gradients.gates();
    for (int i = 0; i < n; i++) {
      int gatesOffset = (slot(t) * n + i) * h;
      if (problem.isValid(t, i)) {
        System.arraycopy(dh, i * h, dGates, gatesOffset, h);
        Arrays.fill(dh, i * h, (i + 1) * h, 0);
        unsquash(candidate, dGates, gatesOffset, h);
      }
    }
  }

  /** One step of an LSTM: {@code gates} holds the sums, without the peepholes. */
  public void lstm(int t, RecurrentState<double[]> previous) {
    double[] previousCell = previous.cell();
    for (int i = 0; i < n; i++) {
      int row = slot(t) * n + i;
      int to = row * h;
      int before = previous.offset() + i * h;
      if (!problem.isValid(t, i)) {
        System.arraycopy(previous.hidden(), before, hidden, to, h);
        System.arraycopy(previousCell, before, cell, to, h);
        continue;
      }
      int gatesOffset = to * 4;
      if (peephole != null) {
        for (int j = 0; j < h; j++) {
          gates[gatesOffset + j] += peephole[j] * previousCell[before + j];
          gates[gatesOffset + h + j] += peephole[h + j] * previousCell[before + j];
        }
      }
      squash(gate, gatesOffset, 2 * h);
      squash(candidate, gatesOffset + 2 * h, h);
      if (peephole != null) {
        for (int j = 0; j < h; j++) {
          double now =
              gates[gatesOffset + h + j] * previousCell[before + j]
                  + gates[gatesOffset + j] * gates[gatesOffset + 2 * h + j];
          gates[gatesOffset + 3 * h + j] += peephole[2 * h + j] * now;
        }
      }
      squash(gate, gatesOffset + 3 * h, h);
      kernels.lstmState(state, tape, row, previous, i);
    }
  }

  /** Sets {@link #squashed} to the values of the state's function for a row of the cell state. */
  private void squashCell(int row) {
    System.arraycopy(cell, row, squashed, 0, h);
    kernels.squash(state, squashed, 0, h);
  }

  /**
   * The gradients of an LSTM's sums.
   *
   * @param dPeephole those of the peepholes, to be added to; null without
   */
  public void lstmBackward(
      int t,
      RecurrentState<double[]> previous,
      RecurrentGradients<double[]> gradients,
      double[] dPeephole) {
    double[] dh = gradients.hidden();
    double[] dc = gradients.cell();
    double[] dGates = gradients.gates();
    double[] previousCell = previous.cell();
    for (int i = 0; i < n; i++) {
      if (!problem.isValid(t, i)) {
        continue;
      }
      int row = i * h;
      int before = previous.offset() + row;
      int to = (slot(t) * n + i) * h;
      int gatesOffset = to * 4;
      squashCell(to);
      if (usual) {
        kernels.lstmStateBackward(tape, slot(t) * n + i, squashed, previous, i, gradients);
        Arrays.fill(dh, row, row + h, 0);
        continue;
      }
      for (int j = 0; j < h; j++) {
        dGates[gatesOffset + 3 * h + j] = dh[row + j] * squashed[j];
        dSquashed[j] = dh[row + j] * gates[gatesOffset + 3 * h + j];
        dh[row + j] = 0;
      }
      unsquash(gate, dGates, gatesOffset + 3 * h, h);
      SquashDouble.timesSlope(state, dSquashed, 0, squashed, 0, h);
      for (int j = 0; j < h; j++) {
        double dCell = dc[row + j] + dSquashed[j];
        if (peephole != null) {
          dCell += dGates[gatesOffset + 3 * h + j] * peephole[2 * h + j];
        }
        dGates[gatesOffset + j] = dCell * gates[gatesOffset + 2 * h + j];
        dGates[gatesOffset + h + j] = dCell * previousCell[before + j];
        dGates[gatesOffset + 2 * h + j] = dCell * gates[gatesOffset + j];
        dc[row + j] = dCell * gates[gatesOffset + h + j];
      }
      unsquash(gate, dGates, gatesOffset, 2 * h);
      unsquash(candidate, dGates, gatesOffset + 2 * h, h);
      if (peephole != null) {
        peepholeBackward(slot(t) * n + i, i, previousCell, before, gradients, dPeephole);
      }
    }
  }

  private void peepholeBackward(
      int row,
      int sequence,
      double[] previousCell,
      int before,
      RecurrentGradients<double[]> gradients,
      double[] dPeephole) {
    double[] dc = gradients.cell();
    double[] d = gradients.gates();
    int input = row * 4 * h;
    int forget = input + h;
    int output = input + 3 * h;
    for (int j = 0; j < h; j++) {
      double was = previousCell[before + j];
      dc[sequence * h + j] += d[input + j] * peephole[j] + d[forget + j] * peephole[h + j];
      dPeephole[j] += d[input + j] * was;
      dPeephole[h + j] += d[forget + j] * was;
      dPeephole[2 * h + j] += d[output + j] * cell[row * h + j];
    }
  }

  /** The reset and update gates of a GRU's step. */
  public void gruResets(int t) {
    for (int row = slot(t) * n; row < slot(t + 1) * n; row++) {
      squash(gate, row * 3 * h, 2 * h);
    }
  }

  /** {@code r ⊙ h} of a step, to {@code product} from {@code to} on. */
  public void resetHidden(int t, RecurrentState<double[]> previous, double[] product, int to) {
    double[] previousHidden = previous.hidden();
    for (int i = 0; i < n; i++) {
      int gatesOffset = (slot(t) * n + i) * 3 * h;
      int before = previous.offset() + i * h;
      for (int j = 0; j < h; j++) {
        product[to + i * h + j] = gates[gatesOffset + j] * previousHidden[before + j];
      }
    }
  }

  /** The candidate and the new state of a GRU, after {@link #gruResets}. */
  public void gru(int t, RecurrentState<double[]> previous) {
    double[] previousHidden = previous.hidden();
    for (int i = 0; i < n; i++) {
      int row = slot(t) * n + i;
      int to = row * h;
      int before = previous.offset() + i * h;
      if (!problem.isValid(t, i)) {
        System.arraycopy(previousHidden, before, hidden, to, h);
        continue;
      }
      if (clipped == null) {
        kernels.gruState(candidate, tape, row, previous, i);
        continue;
      }
      int gatesOffset = to * 3;
      if (hiddenCandidate != null) {
        for (int j = 0; j < h; j++) {
          gates[gatesOffset + 2 * h + j] += gates[gatesOffset + j] * hiddenCandidate[to + j];
        }
      }
      squash(candidate, gatesOffset + 2 * h, h);
      for (int j = 0; j < h; j++) {
        double keep = gates[gatesOffset + h + j];
        hidden[to + j] =
            (1 - keep) * gates[gatesOffset + 2 * h + j] + keep * previousHidden[before + j];
      }
    }
  }

  /**
   * The gradients of a GRU's sums; with a reset before, that of the reset gate is left to {@link
   * #resetBackward}.
   */
  public void gruBackward(
      int t, RecurrentState<double[]> previous, RecurrentGradients<double[]> gradients) {
    double[] dh = gradients.hidden();
    double[] dGates = gradients.gates();
    double[] dHiddenCandidate = gradients.candidateProduct();
    double[] previousHidden = previous.hidden();
    for (int i = 0; i < n; i++) {
      if (!problem.isValid(t, i)) {
        continue;
      }
      if (usual) {
        kernels.gruStateBackward(tape, slot(t) * n + i, previous, i, gradients);
        continue;
      }
      int to = (slot(t) * n + i) * h;
      int gatesOffset = to * 3;
      int before = previous.offset() + i * h;
      for (int j = 0; j < h; j++) {
        double dHidden = dh[i * h + j];
        double keep = gates[gatesOffset + h + j];
        dGates[gatesOffset + 2 * h + j] = dHidden * (1 - keep);
        dGates[gatesOffset + h + j] =
            dHidden * (previousHidden[before + j] - gates[gatesOffset + 2 * h + j]);
        dh[i * h + j] = dHidden * keep;
      }
      unsquash(gate, dGates, gatesOffset + h, h);
      unsquash(candidate, dGates, gatesOffset + 2 * h, h);
      if (hiddenCandidate != null) {
        for (int j = 0; j < h; j++) {
          double dUpdate = dGates[gatesOffset + 2 * h + j];
          dHiddenCandidate[to + j] = dUpdate * gates[gatesOffset + j];
          dGates[gatesOffset + j] = dUpdate * hiddenCandidate[to + j];
        }
        unsquash(gate, dGates, gatesOffset, h);
      }
    }
  }

  /** The gradients of r and h from that of {@code r ⊙ h}. */
  public void resetBackward(
      int t,
      RecurrentState<double[]> previous,
      double[] dReset,
      RecurrentGradients<double[]> gradients) {
    double[] dh = gradients.hidden();
    double[] dGates = gradients.gates();
    for (int i = 0; i < n; i++) {
      if (problem.isValid(t, i)) {
        int gatesOffset = (slot(t) * n + i) * 3 * h;
        int before = previous.offset() + i * h;
        for (int j = 0; j < h; j++) {
          double d = dReset[i * h + j];
          dh[i * h + j] += d * gates[gatesOffset + j];
          dGates[gatesOffset + j] = d * previous.hidden()[before + j];
        }
        unsquash(gate, dGates, gatesOffset, h);
      }
    }
  }
}
