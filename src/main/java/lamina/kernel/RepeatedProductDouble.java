package lamina.kernel;

/**
 * Products in float64 with one right factor b {@code (k, n)}, over and over: what depends on b
 * alone is prepared once. b must not change meanwhile.
 */
public interface RepeatedProductDouble {
  /** {@code c += a · b} for the {@code m} rows of a {@code (m, k)} and c {@code (m, n)}. */
  void add(int m, double[] a, int aOffset, int lda, double[] c, int cOffset, int ldc);

  /** {@code c = row + a · b}: each row of c starts from the n elements of {@code row}. */
  default void addTo(
      double[] row, int m, double[] a, int aOffset, int lda, double[] c, int cOffset, int ldc) {
    for (int i = 0; i < m; i++) {
      System.arraycopy(row, 0, c, cOffset + i * ldc, row.length);
    }
    add(m, a, aOffset, lda, c, cOffset, ldc);
  }

  /**
   * To be called now and then before many products, if it is kept for long: arrays may have been
   * moved to where they are slower to read.
   */
  default void settle() {}

  /** Ends the use of it: what was prepared may serve others. */
  default void release() {}
}
