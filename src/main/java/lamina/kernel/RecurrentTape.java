package lamina.kernel;

/**
 * Gates and states of some steps of a recurrent layer. The arrays have a row for each sequence of
 * the batch at each of the steps.
 *
 * @param hiddenSize H
 * @param gates {@code (rows, G·H)}: the sums before a step, the values of its gates after it
 * @param hidden the hidden state after each step, {@code (rows, H)}
 * @param cell the LSTM's cell state after each step, {@code (rows, H)}, else null
 * @param candidateProduct {@code R h + b_R} of the candidate of a GRU that resets after, {@code
 *     (rows, H)}, else null
 */
public record RecurrentTape<A>(int hiddenSize, A gates, A hidden, A cell, A candidateProduct) {}
