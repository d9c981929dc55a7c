// Derived from StateDouble.java: change that file and run DerivedFloat.
package lamina.kernel;

/** The new states of LSTM and GRU in float32, in plain loops. */
final class StateFloat {
  private StateFloat() {}

  /** As {@link Backend#lstmState}. */
  static void lstm(
      GateFunction function,
      int h,
      float[] gates,
      int at,
      float[] previousCell,
      int before,
      float[] cell,
      float[] hidden,
      int to) {
    for (int j = 0; j < h; j++) {
      float state =
          gates[at + h + j] * previousCell[before + j] + gates[at + j] * gates[at + 2 * h + j];
      cell[to + j] = state;
      hidden[to + j] = gates[at + 3 * h + j] * function.apply(state);
    }
  }

  /** As {@link Backend#gruState}. */
  static void gru(
      GateFunction function,
      int h,
      float[] gates,
      int at,
      float[] product,
      float[] previousHidden,
      int before,
      float[] hidden,
      int to) {
    for (int j = 0; j < h; j++) {
      float sum = gates[at + 2 * h + j];
      if (product != null) {
        sum += gates[at + j] * product[to + j];
      }
      float candidate = function.apply(sum);
      gates[at + 2 * h + j] = candidate;
      float keep = gates[at + h + j];
      hidden[to + j] = (1 - keep) * candidate + keep * previousHidden[before + j];
    }
  }
}
