package lamina.kernel;

/**
 * The state before a step of a recurrent layer: a row of H elements for each sequence of the batch.
 *
 * @param hidden where the hidden state lies
 * @param cell where the LSTM's cell state lies, else null
 * @param offset where the first sequence's row starts in these arrays
 */
public record RecurrentState<A>(A hidden, A cell, int offset) {}
