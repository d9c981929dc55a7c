package lamina.layer.recurrent;

import java.util.LinkedHashMap;
import java.util.Map;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Makes a recurrent stack of the weights that a user has, in any convention: what was not said is
 * read off the weights.
 *
 * @param hiddenSize as said, or 0
 * @param numLayers as said, or 0
 * @param direction as said, or null
 * @param gate the function of gates
 * @param candidate the function of the candidate
 * @param state the function of the LSTM's cell state
 * @param clip the bound of sums, infinite for none
 * @param resetAfter as said, or null for the convention's rule
 */
public record RecurrentReader(
    Cell cell,
    RecurrentConvention convention,
    int hiddenSize,
    int numLayers,
    Recurrent.Direction direction,
    GateFunction gate,
    GateFunction candidate,
    GateFunction state,
    double clip,
    Boolean resetAfter) {

  /** The stack of these sizes. */
  public Recurrent layer(int inputSize, int hidden, int layers, Recurrent.Direction order) {
    return new Recurrent(
        cell,
        inputSize,
        hidden,
        layers,
        order,
        gate,
        candidate,
        state,
        clip,
        resetAfter == null ? convention != RecurrentConvention.ONNX : resetAfter);
  }

  /**
   * The stack of these weights, with {@code weight_out} and {@code bias_out} as its projection.
   *
   * @throws InputException if one is missing, has no place, or another shape than the others or
   *     what was said ask for
   */
  public SequencePart read(Map<String, Tensor> given) {
    Map<String, Tensor> own = new LinkedHashMap<>(given);
    Tensor outWeight = own.remove(SequencePart.OUT_WEIGHT);
    Tensor outBias = own.remove(SequencePart.OUT_BIAS);
    Map<String, Tensor> weights = convention.toTorch(cell, own);
    int inputSize = matrix(weights, "weight_ih_l0").dim(1);
    Recurrent layer =
        new Recurrent(
            cell,
            inputSize,
            hiddenSize(weights),
            layerCount(weights),
            direction(weights),
            gate,
            candidate,
            state,
            clip,
            resetAfter == null ? convention.resetAfter(own) : resetAfter);
    layer.checkWeights(weights);
    return new SequencePart(layer, weights, outWeight, outBias);
  }

  private int hiddenSize(Map<String, Tensor> weights) {
    Tensor hidden = matrix(weights, "weight_hh_l0");
    int size = hidden.dim(1);
    if (size == 0 || hidden.dim(0) != cell.gates() * size) {
      throw new InputException(
          "weight weight_hh_l0 has shape "
              + Tensor.text(hidden.shape())
              + " but that of "
              + (cell == Cell.GRU ? "a " : "an ")
              + cell.label()
              + " with hidden size "
              + size
              + " is "
              + Tensor.text(cell.gates() * size, size));
    }
    if (hiddenSize != 0 && hiddenSize != size) {
      throw new InputException(
          "--hidden-size " + hiddenSize + " was given but the weights have hidden size " + size);
    }
    return size;
  }

  private int layerCount(Map<String, Tensor> weights) {
    int layers = 1;
    while (weights.containsKey("weight_ih_l" + layers)) {
      layers++;
    }
    if (numLayers != 0 && convention != RecurrentConvention.TORCH && numLayers != 1) {
      throw new InputException(
          "convention " + convention.label() + " has one layer, not " + numLayers);
    }
    return numLayers == 0 ? layers : numLayers;
  }

  private Recurrent.Direction direction(Map<String, Tensor> weights) {
    boolean both = weights.containsKey("weight_ih_l0_reverse");
    Recurrent.Direction order = direction;
    if (order == null) {
      order = both ? Recurrent.Direction.BIDIRECTIONAL : Recurrent.Direction.FORWARD;
    }
    if (both != (order.count() == 2) && convention != RecurrentConvention.TORCH) {
      throw new InputException(
          "direction "
              + order.label()
              + " needs weights for "
              + (order.count() == 1 ? "one direction" : "two directions")
              + " but there are weights for "
              + (both ? "two" : "one"));
    }
    return order;
  }

  private Tensor matrix(Map<String, Tensor> weights, String name) {
    Tensor weight = weights.get(name);
    if (weight == null) {
      throw new InputException(
          "weight "
              + name
              + " is missing; there are "
              + String.join(", ", weights.keySet())
              + convention.hint(weights));
    }
    if (weight.rank() != 2) {
      throw new InputException(
          "weight "
              + name
              + " has shape "
              + Tensor.text(weight.shape())
              + " but a matrix is needed: (gates · hidden, "
              + (name.contains("hh") ? "hidden)" : "features)"));
    }
    return weight;
  }

  /** Gradients by the names and in the layouts of the weights that were read. */
  public Map<String, Tensor> gradients(Map<String, Tensor> gradients, Map<String, Tensor> given) {
    Map<String, Tensor> own = new LinkedHashMap<>(given);
    own.remove(SequencePart.OUT_WEIGHT);
    own.remove(SequencePart.OUT_BIAS);
    Map<String, Tensor> result = new LinkedHashMap<>(convention.fromTorch(cell, gradients, own));
    for (String name : new String[] {SequencePart.OUT_WEIGHT, SequencePart.OUT_BIAS}) {
      if (gradients.containsKey(name)) {
        result.put(name, gradients.get(name));
      }
    }
    return result;
  }
}
