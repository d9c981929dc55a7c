package lamina.layer.recurrent;

import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * How a sequence's axes are ordered outside, as torch.nn.RNN takes them: {@code (T, I)} without a
 * batch, {@code (T, N, I)}, or {@code (N, T, I)} with {@code batch_first}, which never concerns
 * states. Inside, a sequence is always {@code (T, N, I)}.
 */
public record SequenceLayout(boolean batched, boolean batchFirst) {
  /** The layout of an input of rank 2 or 3. */
  public static SequenceLayout of(Tensor input, boolean batchFirst) {
    return new SequenceLayout(input.rank() == 3, batchFirst);
  }

  /** The inside form {@code (T, N, F)} of a sequence. */
  public Tensor inside(Tensor sequence) {
    if (!batched) {
      return sequence.reshape(sequence.dim(0), 1, sequence.dim(1));
    }
    return batchFirst ? sequence.permute(1, 0, 2) : sequence;
  }

  /** The outside form of a sequence {@code (T, N, F)}. */
  public Tensor outside(Tensor sequence) {
    if (!batched) {
      return sequence.reshape(sequence.dim(0), sequence.dim(2));
    }
    return batchFirst ? sequence.permute(1, 0, 2) : sequence;
  }

  /** The outside form of one step {@code (N, F)}. */
  public Tensor outsideStep(Tensor step) {
    return batched ? step : step.reshape(step.dim(1));
  }

  /**
   * The inside form {@code (L·D, N, H)} of states, which lack N without a batch; or null.
   *
   * @param layer whose states they are
   * @param batch the size N of the batch
   * @throws InputException if they have another shape; the batch is left to {@link
   *     Recurrent#forward}
   */
  public Tensor insideStates(String name, Tensor states, Recurrent layer, int batch) {
    if (states == null) {
      return null;
    }
    boolean fits = states.rank() == (batched ? 3 : 2);
    if (fits && !batched) {
      fits = states.dim(0) == layer.runs() && states.dim(1) == layer.hiddenSize();
    }
    if (!fits) {
      throw new InputException(
          name
              + " has shape "
              + Tensor.text(states.shape())
              + " but "
              + Tensor.text(
                  batched
                      ? new int[] {layer.runs(), batch, layer.hiddenSize()}
                      : new int[] {layer.runs(), layer.hiddenSize()})
              + " is needed: for an input "
              + (batched
                  ? "with a batch it is (layers · directions, batch, hidden size)"
                  : "without a batch it is (layers · directions, hidden size)"));
    }
    return batched ? states : states.reshape(states.dim(0), 1, states.dim(1));
  }

  /** The outside form of states {@code (L·D, N, H)}; or null. */
  public Tensor outsideStates(Tensor states) {
    if (states == null || batched) {
      return states;
    }
    return states.reshape(states.dim(0), states.dim(2));
  }
}
