package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The new states of LSTM and GRU in float64 with the hyperbolic tangent, and their gradients, for
 * rows of at least one vector. The last vector of a row overlaps the one before.
 */
final class StateVectorsDouble {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;

  private StateVectorsDouble() {}

  /** As {@link lamina.kernel.Backend#lstmState}. */
  static void lstm(
      int h,
      double[] gates,
      int gatesOffset,
      double[] previousCell,
      int before,
      double[] cell,
      double[] hidden,
      int to) {
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

  /** As {@link lamina.kernel.Backend#gruState}. */
  static void gru(
      int h,
      double[] gates,
      int gatesOffset,
      double[] product,
      double[] previousHidden,
      int before,
      double[] hidden,
      int to) {
    int tail = h - LANES;
    // Before a part of it is overwritten.
    DoubleVector last = candidate(h, gates, gatesOffset, product, to, tail);
    for (int j = 0; j < tail; j += LANES) {
      DoubleVector candidate = candidate(h, gates, gatesOffset, product, to, j);
      store(candidate, h, gates, gatesOffset, previousHidden, before, hidden, to, j);
    }
    store(last, h, gates, gatesOffset, previousHidden, before, hidden, to, tail);
  }

  private static DoubleVector candidate(
      int h, double[] gates, int gatesOffset, double[] product, int to, int j) {
    DoubleVector sum = vector(gates, gatesOffset + 2 * h + j);
    return product == null ? sum : vector(gates, gatesOffset + j).fma(vector(product, to + j), sum);
  }

  private static void store(
      DoubleVector sum,
      int h,
      double[] gates,
      int gatesOffset,
      double[] previousHidden,
      int before,
      double[] hidden,
      int to,
      int j) {
    DoubleVector candidate = SquashVectorsDouble.tanh(sum);
    candidate.intoArray(gates, gatesOffset + 2 * h + j);
    DoubleVector keep = vector(gates, gatesOffset + h + j);
    DoubleVector change = vector(previousHidden, before + j).sub(candidate);
    keep.fma(change, candidate).intoArray(hidden, to + j);
  }

  /** As {@link lamina.kernel.Backend#lstmStateBackward}. */
  static void lstmBackward(
      int h,
      double[] gates,
      int gatesOffset,
      double[] squashed,
      double[] previousCell,
      int before,
      double[] dHidden,
      double[] dCell,
      int row,
      double[] dGates) {
    int tail = h - LANES;
    // Before a part of it is overwritten.
    DoubleVector last = vector(dCell, row + tail);
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, tail);
      DoubleVector input = vector(gates, gatesOffset + j);
      DoubleVector forget = vector(gates, gatesOffset + h + j);
      DoubleVector candidate = vector(gates, gatesOffset + 2 * h + j);
      DoubleVector output = vector(gates, gatesOffset + 3 * h + j);
      DoubleVector tangent = vector(squashed, j);
      DoubleVector dh = vector(dHidden, row + j);
      DoubleVector dc = j < tail ? vector(dCell, row + j) : last;
      DoubleVector d = dh.mul(output).fma(tanhSlope(tangent), dc);
      DoubleVector dForget = d.mul(vector(previousCell, before + j));
      d.mul(candidate).mul(sigmoidSlope(input)).intoArray(dGates, gatesOffset + j);
      dForget.mul(sigmoidSlope(forget)).intoArray(dGates, gatesOffset + h + j);
      d.mul(input).mul(tanhSlope(candidate)).intoArray(dGates, gatesOffset + 2 * h + j);
      dh.mul(tangent).mul(sigmoidSlope(output)).intoArray(dGates, gatesOffset + 3 * h + j);
      d.mul(forget).intoArray(dCell, row + j);
    }
  }

  /** As {@link lamina.kernel.Backend#gruStateBackward}. */
  static void gruBackward(
      int h,
      double[] gates,
      int gatesOffset,
      double[] product,
      int to,
      double[] previousHidden,
      int before,
      double[] dHidden,
      int row,
      double[] dGates,
      double[] dProduct) {
    int tail = h - LANES;
    // Before a part of it is overwritten.
    DoubleVector last = vector(dHidden, row + tail);
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, tail);
      DoubleVector keep = vector(gates, gatesOffset + h + j);
      DoubleVector candidate = vector(gates, gatesOffset + 2 * h + j);
      DoubleVector dh = j < tail ? vector(dHidden, row + j) : last;
      DoubleVector kept = dh.mul(keep);
      DoubleVector d = dh.sub(kept).mul(tanhSlope(candidate));
      DoubleVector dKeep = dh.mul(vector(previousHidden, before + j).sub(candidate));
      dKeep.mul(sigmoidSlope(keep)).intoArray(dGates, gatesOffset + h + j);
      d.intoArray(dGates, gatesOffset + 2 * h + j);
      kept.intoArray(dHidden, row + j);
      if (product != null) {
        DoubleVector reset = vector(gates, gatesOffset + j);
        d.mul(vector(product, to + j)).mul(sigmoidSlope(reset)).intoArray(dGates, gatesOffset + j);
        d.mul(reset).intoArray(dProduct, to + j);
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
