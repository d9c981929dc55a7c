package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.RecurrentGradients;
import lamina.kernel.RecurrentState;
import lamina.kernel.RecurrentTape;

/**
 * The new states of LSTM and GRU in float64 with the hyperbolic tangent, and their gradients, for
 * rows of at least one vector. The last vector of a row overlaps the one before.
 */
final class StateVectorsDouble {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;

  private StateVectorsDouble() {}

  /** As {@link lamina.kernel.Kernels#lstmState}, for the tangent. */
  static void lstm(
      RecurrentTape<double[]> tape, int row, RecurrentState<double[]> previous, int sequence) {
    int h = tape.hiddenSize();
    double[] gates = tape.gates();
    double[] cell = tape.cell();
    double[] hidden = tape.hidden();
    double[] previousCell = previous.cell();
    int before = previous.offset() + sequence * h;
    int to = row * h;
    int gatesOffset = 4 * to;
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, h - LANES);
      DoubleVector written =
          vector(gates, gatesOffset + j).mul(vector(gates, gatesOffset + 2 * h + j));
      DoubleVector state =
          vector(gates, gatesOffset + h + j).fma(vector(previousCell, before + j), written);
      state.intoArray(cell, to + j);
      SquashVectorsDouble.tanh(state)
          .mul(vector(gates, gatesOffset + 3 * h + j))
          .intoArray(hidden, to + j);
    }
  }

  /** As {@link lamina.kernel.Kernels#gruState}, for the tangent. */
  static void gru(
      RecurrentTape<double[]> tape, int row, RecurrentState<double[]> previous, int sequence) {
    int h = tape.hiddenSize();
    double[] gates = tape.gates();
    double[] hidden = tape.hidden();
    double[] previousHidden = previous.hidden();
    int before = previous.offset() + sequence * h;
    int to = row * h;
    int gatesOffset = 3 * to;
    int tail = h - LANES;
    // The last vector is read first, since the one before overwrites a part of it.
    DoubleVector last = candidateSum(tape, row, tail);
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, tail);
      DoubleVector sum = j < tail ? candidateSum(tape, row, j) : last;
      DoubleVector candidate = SquashVectorsDouble.tanh(sum);
      candidate.intoArray(gates, gatesOffset + 2 * h + j);
      DoubleVector keep = vector(gates, gatesOffset + h + j);
      DoubleVector change = vector(previousHidden, before + j).sub(candidate);
      keep.fma(change, candidate).intoArray(hidden, to + j);
    }
  }

  /** The sums that go into the candidate, from element {@code j} of a row on. */
  private static DoubleVector candidateSum(RecurrentTape<double[]> tape, int row, int j) {
    int h = tape.hiddenSize();
    int to = row * h;
    double[] product = tape.candidateProduct();
    DoubleVector sum = vector(tape.gates(), 3 * to + 2 * h + j);
    return product == null
        ? sum
        : vector(tape.gates(), 3 * to + j).fma(vector(product, to + j), sum);
  }

  /** As {@link lamina.kernel.Kernels#lstmStateBackward}. */
  static void lstmBackward(
      RecurrentTape<double[]> tape,
      int row,
      double[] squashed,
      RecurrentState<double[]> previous,
      int sequence,
      RecurrentGradients<double[]> gradients) {
    int h = tape.hiddenSize();
    double[] gates = tape.gates();
    double[] previousCell = previous.cell();
    double[] dHidden = gradients.hidden();
    double[] dCell = gradients.cell();
    double[] dGates = gradients.gates();
    int before = previous.offset() + sequence * h;
    int to = sequence * h;
    int gatesOffset = 4 * row * h;
    int tail = h - LANES;
    // The last vector is read first, since the one before overwrites a part of it.
    DoubleVector last = vector(dCell, to + tail);
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, tail);
      DoubleVector input = vector(gates, gatesOffset + j);
      DoubleVector forget = vector(gates, gatesOffset + h + j);
      DoubleVector candidate = vector(gates, gatesOffset + 2 * h + j);
      DoubleVector output = vector(gates, gatesOffset + 3 * h + j);
      DoubleVector tangent = vector(squashed, j);
      DoubleVector dh = vector(dHidden, to + j);
      DoubleVector dc = j < tail ? vector(dCell, to + j) : last;
      DoubleVector d = dh.mul(output).fma(tanhSlope(tangent), dc);
      DoubleVector dForget = d.mul(vector(previousCell, before + j));
      d.mul(candidate).mul(sigmoidSlope(input)).intoArray(dGates, gatesOffset + j);
      dForget.mul(sigmoidSlope(forget)).intoArray(dGates, gatesOffset + h + j);
      d.mul(input).mul(tanhSlope(candidate)).intoArray(dGates, gatesOffset + 2 * h + j);
      dh.mul(tangent).mul(sigmoidSlope(output)).intoArray(dGates, gatesOffset + 3 * h + j);
      d.mul(forget).intoArray(dCell, to + j);
    }
  }

  /** As {@link lamina.kernel.Kernels#gruStateBackward}. */
  static void gruBackward(
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> previous,
      int sequence,
      RecurrentGradients<double[]> gradients) {
    int h = tape.hiddenSize();
    double[] gates = tape.gates();
    double[] product = tape.candidateProduct();
    double[] previousHidden = previous.hidden();
    double[] dHidden = gradients.hidden();
    double[] dGates = gradients.gates();
    double[] dProduct = gradients.candidateProduct();
    int before = previous.offset() + sequence * h;
    int to = sequence * h;
    int gatesOffset = 3 * row * h;
    int tail = h - LANES;
    // The last vector is read first, since the one before overwrites a part of it.
    DoubleVector last = vector(dHidden, to + tail);
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, tail);
      DoubleVector keep = vector(gates, gatesOffset + h + j);
      DoubleVector candidate = vector(gates, gatesOffset + 2 * h + j);
      DoubleVector dh = j < tail ? vector(dHidden, to + j) : last;
      DoubleVector kept = dh.mul(keep);
      DoubleVector d = dh.sub(kept).mul(tanhSlope(candidate));
      DoubleVector dKeep = dh.mul(vector(previousHidden, before + j).sub(candidate));
      dKeep.mul(sigmoidSlope(keep)).intoArray(dGates, gatesOffset + h + j);
      d.intoArray(dGates, gatesOffset + 2 * h + j);
      kept.intoArray(dHidden, to + j);
      if (product != null) {
        DoubleVector reset = vector(gates, gatesOffset + j);
        DoubleVector dReset = d.mul(vector(product, row * h + j));
        dReset.mul(sigmoidSlope(reset)).intoArray(dGates, gatesOffset + j);
        d.mul(reset).intoArray(dProduct, row * h + j);
      }
    }
  }

  /** The sigmoid's derivative where its value is y: {@code y − y²}. */
  private static DoubleVector sigmoidSlope(DoubleVector y) {
    return y.sub(y.mul(y));
  }

  /** The tangent's derivative where its value is y: {@code 1 − y²}. */
  private static DoubleVector tanhSlope(DoubleVector y) {
    return DoubleVector.broadcast(SPECIES, 1).sub(y.mul(y));
  }

  private static DoubleVector vector(double[] from, int offset) {
    return DoubleVector.fromArray(SPECIES, from, offset);
  }
}
