package lamina.kernel.plain;

import lamina.kernel.Backend;
import lamina.kernel.GateFunction;

/** The new states of LSTM and GRU in float64, and their gradients, in plain loops. */
public final class StateDouble {
  private StateDouble() {}

  /** As {@link Backend#lstmState}. */
  public static void lstm(
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
  public static void gru(
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

  /** As {@link Backend#lstmStateBackward}. */
  public static void lstmBackward(
      int h,
      double[] gates,
      int at,
      double[] squashed,
      double[] previousCell,
      int before,
      double[] dHidden,
      double[] dCell,
      int row,
      double[] dGates) {
    for (int j = 0; j < h; j++) {
      double input = gates[at + j];
      double forget = gates[at + h + j];
      double candidate = gates[at + 2 * h + j];
      double output = gates[at + 3 * h + j];
      double dh = dHidden[row + j];
      double d = dCell[row + j] + dh * output * (1 - squashed[j] * squashed[j]);
      dGates[at + j] = d * candidate * input * (1 - input);
      dGates[at + h + j] = d * previousCell[before + j] * forget * (1 - forget);
      dGates[at + 2 * h + j] = d * input * (1 - candidate * candidate);
      dGates[at + 3 * h + j] = dh * squashed[j] * output * (1 - output);
      dCell[row + j] = d * forget;
    }
  }

  /** As {@link Backend#gruStateBackward}. */
  public static void gruBackward(
      int h,
      double[] gates,
      int at,
      double[] product,
      int to,
      double[] previousHidden,
      int before,
      double[] dHidden,
      int row,
      double[] dGates,
      double[] dProduct) {
    for (int j = 0; j < h; j++) {
      double reset = gates[at + j];
      double keep = gates[at + h + j];
      double candidate = gates[at + 2 * h + j];
      double dh = dHidden[row + j];
      double d = dh * (1 - keep) * (1 - candidate * candidate);
      dGates[at + h + j] = dh * (previousHidden[before + j] - candidate) * keep * (1 - keep);
      dGates[at + 2 * h + j] = d;
      dHidden[row + j] = dh * keep;
      if (product != null) {
        dGates[at + j] = d * product[to + j] * reset * (1 - reset);
        dProduct[to + j] = d * reset;
      }
    }
  }
}
