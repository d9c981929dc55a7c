package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The new states of LSTM and GRU in float64 with the hyperbolic tangent, for rows of at least one
 * vector. The last vector of a row overlaps the one before.
 */
final class StateVectorsDouble {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;

  private StateVectorsDouble() {}

  /** As {@link lamina.kernel.Backend#lstmState}. */
  static void lstm(
      int h,
      double[] gates,
      int at,
      double[] previousCell,
      int before,
      double[] cell,
      double[] hidden,
      int to) {
    for (int i = 0; i < h; i += LANES) {
      int j = Math.min(i, h - LANES);
      DoubleVector written = vector(gates, at + j).mul(vector(gates, at + 2 * h + j));
      DoubleVector state = vector(gates, at + h + j).fma(vector(previousCell, before + j), written);
      state.intoArray(cell, to + j);
      SquashVectorsDouble.tanh(state).mul(vector(gates, at + 3 * h + j)).intoArray(hidden, to + j);
    }
  }

  /** As {@link lamina.kernel.Backend#gruState}. */
  static void gru(
      int h,
      double[] gates,
      int at,
      double[] product,
      double[] previousHidden,
      int before,
      double[] hidden,
      int to) {
    int tail = h - LANES;
    // Before a part of it is overwritten.
    DoubleVector last = candidate(h, gates, at, product, to, tail);
    for (int j = 0; j < tail; j += LANES) {
      DoubleVector candidate = candidate(h, gates, at, product, to, j);
      store(candidate, h, gates, at, previousHidden, before, hidden, to, j);
    }
    store(last, h, gates, at, previousHidden, before, hidden, to, tail);
  }

  private static DoubleVector candidate(
      int h, double[] gates, int at, double[] product, int to, int j) {
    DoubleVector sum = vector(gates, at + 2 * h + j);
    return product == null ? sum : vector(gates, at + j).fma(vector(product, to + j), sum);
  }

  private static void store(
      DoubleVector sum,
      int h,
      double[] gates,
      int at,
      double[] previousHidden,
      int before,
      double[] hidden,
      int to,
      int j) {
    DoubleVector candidate = SquashVectorsDouble.tanh(sum);
    candidate.intoArray(gates, at + 2 * h + j);
    DoubleVector keep = vector(gates, at + h + j);
    DoubleVector change = vector(previousHidden, before + j).sub(candidate);
    keep.fma(change, candidate).intoArray(hidden, to + j);
  }

  private static DoubleVector vector(double[] from, int at) {
    return DoubleVector.fromArray(SPECIES, from, at);
  }
}
