// Derived from StateVectorsDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The new states of LSTM and GRU in float32 with the hyperbolic tangent, and their gradients, for
 * rows of at least one vector. The last vector of a row overlaps the one before.
 */
final class StateVectorsFloat {
  private static final VectorSpecies<Float> SPECIES = TileFloat.SPECIES;
  private static final int LANES = TileFloat.LANES;

  private StateVectorsFloat() {}

  /** As {@link lamina.kernel.Backend#lstmState}. */
  static void lstm(
      int h,
      float[] gates,
      int at,
      float[] previousCell,
      int before,
      float[] cell,
      float[] hidden,
      int to) {
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, h - LANES);
      FloatVector written = vector(gates, at + j).mul(vector(gates, at + 2 * h + j));
      FloatVector state = vector(gates, at + h + j).fma(vector(previousCell, before + j), written);
      state.intoArray(cell, to + j);
      SquashVectorsFloat.tanh(state).mul(vector(gates, at + 3 * h + j)).intoArray(hidden, to + j);
    }
  }

  /** As {@link lamina.kernel.Backend#gruState}. */
  static void gru(
      int h,
      float[] gates,
      int at,
      float[] product,
      float[] previousHidden,
      int before,
      float[] hidden,
      int to) {
    int tail = h - LANES;
    // Before a part of it is overwritten.
    FloatVector last = candidate(h, gates, at, product, to, tail);
    for (int j = 0; j < tail; j += LANES) {
      FloatVector candidate = candidate(h, gates, at, product, to, j);
      store(candidate, h, gates, at, previousHidden, before, hidden, to, j);
    }
    store(last, h, gates, at, previousHidden, before, hidden, to, tail);
  }

  private static FloatVector candidate(
      int h, float[] gates, int at, float[] product, int to, int j) {
    FloatVector sum = vector(gates, at + 2 * h + j);
    return product == null ? sum : vector(gates, at + j).fma(vector(product, to + j), sum);
  }

  private static void store(
      FloatVector sum,
      int h,
      float[] gates,
      int at,
      float[] previousHidden,
      int before,
      float[] hidden,
      int to,
      int j) {
    FloatVector candidate = SquashVectorsFloat.tanh(sum);
    candidate.intoArray(gates, at + 2 * h + j);
    FloatVector keep = vector(gates, at + h + j);
    FloatVector change = vector(previousHidden, before + j).sub(candidate);
    keep.fma(change, candidate).intoArray(hidden, to + j);
  }

  /** As {@link lamina.kernel.Backend#lstmStateBackward}. */
  static void lstmBackward(
      int h,
      float[] gates,
      int at,
      float[] squashed,
      float[] previousCell,
      int before,
      float[] dHidden,
      float[] dCell,
      int row,
      float[] dGates) {
    int tail = h - LANES;
    // Before a part of it is overwritten.
    FloatVector last = vector(dCell, row + tail);
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, tail);
      FloatVector input = vector(gates, at + j);
      FloatVector forget = vector(gates, at + h + j);
      FloatVector candidate = vector(gates, at + 2 * h + j);
      FloatVector output = vector(gates, at + 3 * h + j);
      FloatVector tangent = vector(squashed, j);
      FloatVector dh = vector(dHidden, row + j);
      FloatVector dc = j < tail ? vector(dCell, row + j) : last;
      FloatVector d = dh.mul(output).fma(tanhSlope(tangent), dc);
      FloatVector dForget = d.mul(vector(previousCell, before + j));
      d.mul(candidate).mul(sigmoidSlope(input)).intoArray(dGates, at + j);
      dForget.mul(sigmoidSlope(forget)).intoArray(dGates, at + h + j);
      d.mul(input).mul(tanhSlope(candidate)).intoArray(dGates, at + 2 * h + j);
      dh.mul(tangent).mul(sigmoidSlope(output)).intoArray(dGates, at + 3 * h + j);
      d.mul(forget).intoArray(dCell, row + j);
    }
  }

  /** As {@link lamina.kernel.Backend#gruStateBackward}. */
  static void gruBackward(
      int h,
      float[] gates,
      int at,
      float[] product,
      int to,
      float[] previousHidden,
      int before,
      float[] dHidden,
      int row,
      float[] dGates,
      float[] dProduct) {
    int tail = h - LANES;
    // Before a part of it is overwritten.
    FloatVector last = vector(dHidden, row + tail);
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, tail);
      FloatVector keep = vector(gates, at + h + j);
      FloatVector candidate = vector(gates, at + 2 * h + j);
      FloatVector dh = j < tail ? vector(dHidden, row + j) : last;
      FloatVector kept = dh.mul(keep);
      FloatVector d = dh.sub(kept).mul(tanhSlope(candidate));
      FloatVector dKeep = dh.mul(vector(previousHidden, before + j).sub(candidate));
      dKeep.mul(sigmoidSlope(keep)).intoArray(dGates, at + h + j);
      d.intoArray(dGates, at + 2 * h + j);
      kept.intoArray(dHidden, row + j);
      if (product != null) {
        FloatVector reset = vector(gates, at + j);
        d.mul(vector(product, to + j)).mul(sigmoidSlope(reset)).intoArray(dGates, at + j);
        d.mul(reset).intoArray(dProduct, to + j);
      }
    }
  }

  /** The sigmoid's derivative where its value is y: {@code y − y²}. */
  private static FloatVector sigmoidSlope(FloatVector y) {
    return y.sub(y.mul(y));
  }

  /** The tangent's derivative where its value is y: {@code 1 − y²}. */
  private static FloatVector tanhSlope(FloatVector y) {
    return FloatVector.broadcast(SPECIES, 1).sub(y.mul(y));
  }

  private static FloatVector vector(float[] from, int at) {
    return FloatVector.fromArray(SPECIES, from, at);
  }
}
