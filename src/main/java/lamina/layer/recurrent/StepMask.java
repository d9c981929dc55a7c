package lamina.layer.recurrent;

import lamina.tensor.Tensor;

/**
 * Which steps of sequences are left out, as Keras has it: those of index 0 before an embedding with
 * {@code mask_zero}, or those whose features all are a value before {@code Masking}.
 *
 * @param value of a step that is left out
 * @param ofIndices whether each step is one index {@code (N, T)}; else a row of features {@code (N,
 *     T, F)}
 */
public record StepMask(double value, boolean ofIndices) {
  /** The mask of an embedding with {@code mask_zero}. */
  public static final StepMask ZERO = new StepMask(0, true);

  /**
   * Whether each step stays.
   *
   * @param source {@code (N, T)} or {@code (N, T, F)}, what the masking layer takes
   * @return sequence after sequence, N·T of them
   */
  public boolean[] kept(Tensor source) {
    int features = ofIndices ? 1 : source.dim(-1);
    boolean[] kept = new boolean[source.size() / features];
    for (int i = 0; i < source.size(); i++) {
      kept[i / features] |= source.get(i) != value;
    }
    return kept;
  }
}
