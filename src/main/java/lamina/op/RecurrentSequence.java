package lamina.op;

import lamina.kernel.Backend;
import lamina.kernel.Recurrence;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * A recurrent layer in one direction, run over one sequence: the forward pass can keep every gate
 * and state on a tape, which the backward pass reads. Arguments are trusted; all tensors are of one
 * dtype.
 */
public interface RecurrentSequence {
  /**
   * The implementation in the weights' precision.
   *
   * @param products the same weights, prepared by the same backend
   * @param keeping whether to keep the tape: without it there are results, but neither {@link
   *     #trace} nor {@link #backward}
   */
  static RecurrentSequence of(
      Recurrence problem,
      RecurrentWeights weights,
      RecurrentProducts products,
      boolean keeping,
      Backend backend) {
    return weights.input().dtype() == DType.FLOAT32
        ? new RecurrentFloat(
            problem, weights, (RecurrentProductsFloat) products, keeping, backend.float32())
        : new RecurrentDouble(
            problem, weights, (RecurrentProductsDouble) products, keeping, backend.float64());
  }

  /**
   * Runs the sequence. It can be called once only.
   *
   * @param x the input {@code (T, N, I)}
   * @param h0 the initial hidden state {@code (N, H)}
   * @param c0 the LSTM's initial cell state {@code (N, H)}, else null
   * @param y where the hidden states go, {@code (T, N, width)}, from {@code column} on
   */
  void forward(Tensor x, Tensor h0, Tensor c0, Tensor y, int column);

  /** The final hidden state {@code (N, H)}: after the last step that was computed. */
  Tensor finalHidden();

  /** The LSTM's final cell state {@code (N, H)}, else null. */
  Tensor finalCell();

  /**
   * Gates and states of every step, {@code (T, N, H)}: a gate by its name, {@code h}, or {@code c}.
   */
  Tensor trace(String name);

  /**
   * Goes back through time and computes all gradients.
   *
   * @param dy the gradient of the outputs, {@code (T, N, width)}, from {@code column} on
   * @param dh the gradient of the final hidden state {@code (N, H)}; becomes that of {@code h0}
   * @param dc the gradient of the final cell state; becomes that of {@code c0}; null without one
   * @param dx the gradient of the input {@code (T, N, I)}; added to
   * @param gradients the gradients of the weights; added to
   */
  void backward(Tensor dy, int column, Tensor dh, Tensor dc, Tensor dx, RecurrentWeights gradients);
}
