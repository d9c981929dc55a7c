package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.layer.Layer.Parameter;
import lamina.op.Blocks;
import lamina.op.Rows;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * One direction of a recurrent layer of Keras. Weights are {@code kernel (I, G·H)}, {@code
 * recurrent_kernel (H, G·H)} and {@code bias}; gates i, f, c, o and z, r, h. Source: the
 * documentation of keras.layers.LSTM, GRU and SimpleRNN.
 *
 * @param bias the shape of its bias: {@code (G·H)}, {@code (2, G·H)} of a GRU that resets after the
 *     product, {@code (2·G·H)} of the CuDNN layers; null without one
 * @param sequences whether the outputs of all steps are given, or that of the last alone
 * @param backwards whether the last step is read first
 * @param zeroed whether the output of a step that is left out is 0, not that of the step before
 * @param gate the function of the gates
 * @param candidate the function of the candidate and of the LSTM's state
 * @param resetAfter whether a GRU resets after the product with the state
 */
public record KerasCell(
    Cell cell,
    int units,
    Shape bias,
    boolean sequences,
    boolean backwards,
    boolean zeroed,
    GateFunction gate,
    GateFunction candidate,
    boolean resetAfter) {
  /** The columns of its kernels, G·H. */
  long columns() {
    return (long) cell.gates() * units;
  }

  /** How many additions of biases a step needs. */
  Dim biasAdditions() {
    return bias == null ? Dim.ZERO : bias.elements();
  }

  /** The same cell, of which a step that is left out gives zeros if all steps are given. */
  public KerasCell inBothDirections() {
    return new KerasCell(
        cell, units, bias, sequences, backwards, sequences, gate, candidate, resetAfter);
  }

  /** The same cell, reading from the other end. */
  public KerasCell turned() {
    return new KerasCell(
        cell, units, bias, sequences, !backwards, zeroed, gate, candidate, resetAfter);
  }

  List<Parameter> parameters(String prefix, Dim inputSize) {
    Dim columns = Dim.of(columns());
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter(prefix + "kernel", new Shape(List.of(inputSize, columns))));
    parameters.add(
        new Parameter(prefix + "recurrent_kernel", new Shape(List.of(Dim.of(units), columns))));
    if (bias != null) {
      parameters.add(new Parameter(prefix + "bias", bias));
    }
    return parameters;
  }

  /**
   * The cell as a recurrent layer of PyTorch's kind, for sequences that are in the order of
   * reading.
   */
  Recurrent recurrent(int inputSize) {
    return new Recurrent(
        cell,
        inputSize,
        units,
        1,
        Recurrent.Direction.FORWARD,
        gate,
        candidate,
        candidate,
        Double.POSITIVE_INFINITY,
        resetAfter);
  }

  /** Whether the biases of the input and of the state stand one after another. */
  private boolean hasFlatBiases() {
    return bias != null && bias.rank() == 1 && bias.dim(0).value() == 2 * columns();
  }

  /** The weights in the one form that {@link RecurrentConvention#KERAS} knows of each cell. */
  private Map<String, Tensor> plain(Map<String, Tensor> given) {
    if (!hasFlatBiases()) {
      return given;
    }
    Map<String, Tensor> plain = new LinkedHashMap<>(given);
    int columns = (int) columns();
    Tensor both = given.get("bias").reshape(2, columns);
    if (cell == Cell.LSTM) {
      Tensor sum = Rows.take(both, new int[] {0}, columns);
      Blocks.add(sum, Rows.take(both, new int[] {1}, columns));
      plain.put("bias", sum);
    } else {
      plain.put("bias", both);
    }
    return plain;
  }

  /** Weights by PyTorch's names. */
  Map<String, Tensor> toTorch(Map<String, Tensor> given) {
    return RecurrentConvention.KERAS.toTorch(cell, plain(given));
  }

  /** Gradients by Keras's names, from those by PyTorch's. */
  Map<String, Tensor> fromTorch(Map<String, Tensor> torch, Map<String, Tensor> given) {
    Map<String, Tensor> plain = plain(given);
    Map<String, Tensor> gradients =
        new LinkedHashMap<>(RecurrentConvention.KERAS.fromTorch(cell, torch, plain));
    if (hasFlatBiases()) {
      Tensor found = gradients.get("bias");
      int columns = (int) columns();
      Tensor both = found.rank() == 2 ? found : Rows.take(found, new int[] {0, 0}, 2, columns);
      gradients.put("bias", both.reshape(2 * columns));
    }
    return gradients;
  }
}
