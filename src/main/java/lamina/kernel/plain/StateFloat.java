// Derived from StateDouble.java: change that file and run DerivedFloat.
package lamina.kernel.plain;

import lamina.kernel.Backend;
import lamina.kernel.GateFunction;

/** The new states of LSTM and GRU in float32, and their gradients, in plain loops. */
public final class StateFloat {
  private StateFloat() {}

  /** As {@link Backend#lstmState}. */
  public static void lstm(
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
  public static void gru(
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

  /** As {@link Backend#lstmStateBackward}. */
  public static void lstmBackward(
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
    for (int j = 0; j < h; j++) {
      float input = gates[at + j];
      float forget = gates[at + h + j];
      float candidate = gates[at + 2 * h + j];
      float output = gates[at + 3 * h + j];
      float dh = dHidden[row + j];
      float d = dCell[row + j] + dh * output * (1 - squashed[j] * squashed[j]);
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
    for (int j = 0; j < h; j++) {
      float reset = gates[at + j];
      float keep = gates[at + h + j];
      float candidate = gates[at + 2 * h + j];
      float dh = dHidden[row + j];
      float d = dh * (1 - keep) * (1 - candidate * candidate);
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
