package lamina.kernel;

/** The new states of LSTM and GRU in float64, in plain loops. */
final class StateDouble {
  private StateDouble() {}

  /** As {@link Backend#lstmState}. */
  static void lstm(
      GateFunction function,
      int h,
      double[] gates,
      int at,
      double[] previousCell,
      int before,
      double[] cell,
      double[] hidden,
      int to) {
    for (int j = 0; j < h; j++) {
      double state =
          gates[at + h + j] * previousCell[before + j] + gates[at + j] * gates[at + 2 * h + j];
      cell[to + j] = state;
      hidden[to + j] = gates[at + 3 * h + j] * function.apply(state);
    }
  }

  /** As {@link Backend#gruState}. */
  static void gru(
      GateFunction function,
      int h,
      double[] gates,
      int at,
      double[] product,
      double[] previousHidden,
      int before,
      double[] hidden,
      int to) {
    for (int j = 0; j < h; j++) {
      double sum = gates[at + 2 * h + j];
      if (product != null) {
        sum += gates[at + j] * product[to + j];
      }
      double candidate = function.apply(sum);
      gates[at + 2 * h + j] = candidate;
      double keep = gates[at + h + j];
      hidden[to + j] = (1 - keep) * candidate + keep * previousHidden[before + j];
    }
  }
}
