package lamina.layer.recurrent;

import lamina.tensor.Tensor;

/**
 * What a pass through a stack of recurrent layers reads.
 *
 * @param sequence the input {@code (T, N, I)}
 * @param h0 the initial hidden states {@code (L·D, N, H)}, or null for zeros
 * @param c0 the LSTM's initial cell states {@code (L·D, N, H)}, or null for zeros
 * @param lengths the valid steps of each sequence; null if all have T
 */
record RecurrentInput(Tensor sequence, Tensor h0, Tensor c0, int[] lengths) {
  int steps() {
    return sequence.dim(0);
  }

  int batch() {
    return sequence.dim(1);
  }
}
