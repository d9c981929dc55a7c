package lamina.op;

import lamina.kernel.Cell;
import lamina.tensor.Tensor;

/**
 * The weights of one recurrent layer in one direction, or their gradients, with G = {@link
 * Cell#gates()} blocks of H rows.
 *
 * @param input W {@code (G·H, I)}
 * @param hidden R {@code (G·H, H)}
 * @param inputBias b_W {@code (G·H)}, or null
 * @param hiddenBias b_R {@code (G·H)}, or null
 * @param peephole the LSTM's p of i, f and o {@code (3·H)}, or null
 */
public record RecurrentWeights(
    Tensor input, Tensor hidden, Tensor inputBias, Tensor hiddenBias, Tensor peephole) {

  /** Zeros in the shapes of these weights, for gradients to be added to. */
  public RecurrentWeights zeros() {
    return new RecurrentWeights(
        zeros(input), zeros(hidden), zeros(inputBias), zeros(hiddenBias), zeros(peephole));
  }

  private static Tensor zeros(Tensor like) {
    return like == null ? null : Tensor.zeros(like.dtype(), like.shape());
  }
}
