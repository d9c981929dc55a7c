package lamina.layer.recurrent;

import java.util.List;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A recurrent layer that starts from a state which another part of the network gives: the decoder
 * after an encoder. It takes the sequence {@code (N, T, I)} and the hidden state {@code (N, H)},
 * from which each layer of the stack starts; the cell of an LSTM starts from 0.
 *
 * @param layer with batch_first, in one direction
 */
public record StartedRecurrent(RecurrentLayer layer) implements ConditionedRecurrent {
  /**
   * @throws InputException if the layer cannot start from one state a sample
   */
  public StartedRecurrent {
    if (!layer.batchFirst() || layer.bidirectional() || layer.projSize() > 0) {
      throw new InputException(
          "a decoder's first recurrent layer needs batch_first=True, one direction and no"
              + " projection");
    }
  }

  @Override
  public MergeLayer inferred(List<Shape> inputs) {
    return new StartedRecurrent((RecurrentLayer) layer.inferred(inputs.get(0)));
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape sequence = inputs.get(0);
    Shape state = inputs.get(1);
    if (sequence.rank() != 3 || !sequence.dim(2).equals(layer.inputSize())) {
      throw new InputException(
          "needs a sequence (N, T, " + layer.inputSize() + "), not " + sequence);
    }
    if (state.rank() != 2
        || !state.dim(1).isNumber()
        || state.dim(1).value() != layer.hiddenSize()) {
      throw new InputException(
          "starts from a state of "
              + layer.hiddenSize()
              + " numbers (hidden_size), but the encoder gives "
              + state);
    }
    return layer.output(sequence);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Weights weights, Pass pass) {
    Tensor[] stateGradient = new Tensor[1];
    pass.recordMerge(dy -> List.of(dy, stateGradient[0]));
    return layer.forward(
        inputs.get(0), inputs.get(1), gradient -> stateGradient[0] = gradient, weights, pass);
  }
}
