// Derived from StateVectorsDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The new states of LSTM and GRU in float32 with the hyperbolic tangent, for rows of at least one
 * vector. The last vector of a row overlaps the one before.
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

  private static FloatVector vector(float[] from, int at) {
    return FloatVector.fromArray(SPECIES, from, at);
  }
}
