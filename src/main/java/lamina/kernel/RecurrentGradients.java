package lamina.kernel;

/**
 * The gradients that a recurrent layer's backward pass computes, step by step.
 *
 * @param gates those of the sums that go into the gates, a row for each row of the tape
 * @param candidateProduct those of {@link RecurrentTape#candidateProduct}, likewise; null without
 * @param hidden that of the hidden state after the step at hand, {@code (N, H)}; the step turns it
 *     into that of the state before
 * @param cell that of the LSTM's cell state, likewise; else null
 */
public record RecurrentGradients<A>(A gates, A candidateProduct, A hidden, A cell) {}
