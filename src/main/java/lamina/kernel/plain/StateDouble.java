package lamina.kernel.plain;

import lamina.kernel.GateFunction;
import lamina.kernel.Kernels;
import lamina.kernel.RecurrentGradients;
import lamina.kernel.RecurrentState;
import lamina.kernel.RecurrentTape;

/** The new states of LSTM and GRU in float64, and their gradients, in plain loops. */
final class StateDouble {
  private StateDouble() {}

  /** As {@link Kernels#lstmState}. */
  static void lstm(
      GateFunction function,
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> previous,
      int sequence) {
    int h = tape.hiddenSize();
    double[] gates = tape.gates();
    double[] cell = tape.cell();
    double[] hidden = tape.hidden();
    double[] previousCell = previous.cell();
    int before = previous.offset() + sequence * h;
    int to = row * h;
    int input = 4 * to;
    int forget = input + h;
    int candidate = forget + h;
    int output = candidate + h;
    for (int j = 0; j < h; j++) {
      double state =
          gates[forget + j] * previousCell[before + j] + gates[input + j] * gates[candidate + j];
      cell[to + j] = state;
      hidden[to + j] = gates[output + j] * function.apply(state);
    }
  }

  /** As {@link Kernels#gruState}. */
  static void gru(
      GateFunction function,
      RecurrentTape<double[]> tape,
      int row,
      RecurrentState<double[]> previous,
      int sequence) {
    int h = tape.hiddenSize();
    double[] gates = tape.gates();
    double[] hidden = tape.hidden();
    double[] product = tape.candidateProduct();
    double[] previousHidden = previous.hidden();
    int before = previous.offset() + sequence * h;
    int to = row * h;
    int reset = 3 * to;
    int update = reset + h;
    int candidate = update + h;
    for (int j = 0; j < h; j++) {
      double sum = gates[candidate + j];
      if (product != null) {
        sum += gates[reset + j] * product[to + j];
      }
      double value = function.apply(sum);
      gates[candidate + j] = value;
      double keep = gates[update + j];
      hidden[to + j] = (1 - keep) * value + keep * previousHidden[before + j];
    }
  }

  /** As {@link Kernels#lstmStateBackward}. */
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
    for (int j = 0; j < h; j++) {
      double input = gates[gatesOffset + j];
      double forget = gates[gatesOffset + h + j];
      double candidate = gates[gatesOffset + 2 * h + j];
      double output = gates[gatesOffset + 3 * h + j];
      double dh = dHidden[to + j];
      double d = dCell[to + j] + dh * output * (1 - squashed[j] * squashed[j]);
      dGates[gatesOffset + j] = d * candidate * input * (1 - input);
      dGates[gatesOffset + h + j] = d * previousCell[before + j] * forget * (1 - forget);
      dGates[gatesOffset + 2 * h + j] = d * input * (1 - candidate * candidate);
      dGates[gatesOffset + 3 * h + j] = dh * squashed[j] * output * (1 - output);
      dCell[to + j] = d * forget;
    }
  }

  /** As {@link Kernels#gruStateBackward}. */
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
    for (int j = 0; j < h; j++) {
      double reset = gates[gatesOffset + j];
      double keep = gates[gatesOffset + h + j];
      double candidate = gates[gatesOffset + 2 * h + j];
      double dh = dHidden[to + j];
      double d = dh * (1 - keep) * (1 - candidate * candidate);
      dGates[gatesOffset + h + j] =
          dh * (previousHidden[before + j] - candidate) * keep * (1 - keep);
      dGates[gatesOffset + 2 * h + j] = d;
      dHidden[to + j] = dh * keep;
      if (product != null) {
        dGates[gatesOffset + j] = d * product[row * h + j] * reset * (1 - reset);
        dProduct[row * h + j] = d * reset;
      }
    }
  }
}
