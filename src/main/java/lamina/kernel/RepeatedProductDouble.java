package lamina.kernel;

/**
 * Products in float64 with one right factor b {@code (k, n)}, over and over: what depends on b
 * alone is prepared once. b must not change meanwhile.
 */
public interface RepeatedProductDouble {
  /** {@code c += a · b} for the {@code m} rows of a {@code (m, k)} and c {@code (m, n)}. */
  void add(int m, double[] a, int aOffset, int lda, double[] c, int cOffset, int ldc);

  /** Ends the use of it: what was prepared may serve others. */
  default void release() {}
}
