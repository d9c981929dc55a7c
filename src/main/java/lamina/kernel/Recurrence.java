package lamina.kernel;

import lamina.op.RecurrentSequence;

/**
 * One recurrent layer in one direction over a sequence: the problem that a {@link
 * RecurrentSequence} solves. With W, R the input and hidden weights and b their biases, all stacked
 * by gate in the order of {@link Cell}:
 *
 * <ul>
 *   <li>RNN: {@code h' = g(W x + b_W + R h + b_R)}
 *   <li>LSTM: {@code i, f = s(… + p ⊙ c)}, {@code u = g(…)}, {@code c' = f ⊙ c + i ⊙ u}, {@code o =
 *       s(… + p_o ⊙ c')}, {@code h' = o ⊙ k(c')}
 *   <li>GRU: {@code r, z = s(…)}; reset after: {@code n = g(W x + b_W + r ⊙ (R h + b_R))}; before:
 *       {@code n = g(W x + b_W + R (r ⊙ h) + b_R)}; {@code h' = (1 − z) ⊙ n + z ⊙ h}
 * </ul>
 *
 * <p>Sources: the equations of torch.nn.RNN, LSTM and GRU and of the ONNX operators of the same
 * names.
 *
 * @param steps the length T of the sequence
 * @param batch how many sequences N run at once
 * @param reverse whether the steps run from the last to the first
 * @param lengths the valid steps of each sequence, 1 to T, or null if all have T: beyond its end a
 *     sequence's output is 0 and its state stands still; in reverse it starts at its end
 * @param gate s, of the LSTM's and GRU's gates
 * @param candidate g, of the candidate; the RNN's only function
 * @param state k, of the LSTM's cell state
 * @param clip the sums that go into gates and candidate are bounded to ±clip; infinite for no
 *     bound. The LSTM's cell state is not bounded on its way into k, as in ONNX Runtime
 * @param resetAfter the GRU's rule
 */
public record Recurrence(
    Cell cell,
    int steps,
    int batch,
    int inputSize,
    int hiddenSize,
    boolean reverse,
    int[] lengths,
    GateFunction gate,
    GateFunction candidate,
    GateFunction state,
    double clip,
    boolean resetAfter) {

  /** Whether step {@code t} of sequence {@code n} is before its end. */
  public boolean isValid(int t, int n) {
    return lengths == null || t < lengths[n];
  }

  /** The step that is computed as the {@code index}-th. */
  public int step(int index) {
    return reverse ? steps - 1 - index : index;
  }

  /** Whether sums are bounded. */
  boolean clips() {
    return clip < Double.POSITIVE_INFINITY;
  }

  /** A value, bounded to ±clip. */
  double bounded(double x) {
    return x > clip ? clip : x < -clip ? -clip : x;
  }

  /** As the float64 bound. */
  float bounded(float x) {
    return (float) bounded((double) x);
  }
}
