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
      int gatesOffset,
      double[] previousCell,
      int before,
      double[] cell,
      double[] hidden,
      int to) {
    for (int j = 0; j < h; j++) {
      double state =
          gates[gatesOffset + h + j] * previousCell[before + j]
              + gates[gatesOffset + j] * gates[gatesOffset + 2 * h + j];
      cell[to + j] = state;
      hidden[to + j] = gates[gatesOffset + 3 * h + j] * function.apply(state);
    }
  }

  /** As {@link Backend#gruState}. */
  public static void gru(
      GateFunction function,
      int h,
      double[] gates,
      int gatesOffset,
      double[] product,
      double[] previousHidden,
      int before,
      double[] hidden,
      int to) {
    for (int j = 0; j < h; j++) {
      double sum = gates[gatesOffset + 2 * h + j];
      if (product != null) {
        sum += gates[gatesOffset + j] * product[to + j];
      }
      double candidate = function.apply(sum);
      gates[gatesOffset + 2 * h + j] = candidate;
      double keep = gates[gatesOffset + h + j];
      hidden[to + j] = (1 - keep) * candidate + keep * previousHidden[before + j];
    }
  }

  /** As {@link Backend#lstmStateBackward}. */
  public static void lstmBackward(
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
    for (int j = 0; j < h; j++) {
      double input = gates[gatesOffset + j];
      double forget = gates[gatesOffset + h + j];
      double candidate = gates[gatesOffset + 2 * h + j];
      double output = gates[gatesOffset + 3 * h + j];
      double dh = dHidden[row + j];
      double d = dCell[row + j] + dh * output * (1 - squashed[j] * squashed[j]);
      dGates[gatesOffset + j] = d * candidate * input * (1 - input);
      dGates[gatesOffset + h + j] = d * previousCell[before + j] * forget * (1 - forget);
      dGates[gatesOffset + 2 * h + j] = d * input * (1 - candidate * candidate);
      dGates[gatesOffset + 3 * h + j] = dh * squashed[j] * output * (1 - output);
      dCell[row + j] = d * forget;
    }
  }

  /** As {@link Backend#gruStateBackward}. */
  public static void gruBackward(
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
    for (int j = 0; j < h; j++) {
      double reset = gates[gatesOffset + j];
      double keep = gates[gatesOffset + h + j];
      double candidate = gates[gatesOffset + 2 * h + j];
      double dh = dHidden[row + j];
      double d = dh * (1 - keep) * (1 - candidate * candidate);
      dGates[gatesOffset + h + j] =
          dh * (previousHidden[before + j] - candidate) * keep * (1 - keep);
      dGates[gatesOffset + 2 * h + j] = d;
      dHidden[row + j] = dh * keep;
      if (product != null) {
        dGates[gatesOffset + j] = d * product[to + j] * reset * (1 - reset);
        dProduct[to + j] = d * reset;
      }
    }
  }
}
