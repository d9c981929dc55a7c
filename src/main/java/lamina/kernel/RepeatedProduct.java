package lamina.kernel;

/**
 * Products with one right factor b {@code (k, n)}, over and over: what depends on b alone is
 * prepared once. b must not change meanwhile. The other matrices are not transposed.
 */
public interface RepeatedProduct<A> {
  /** {@code c += a · b} for a {@code (m, k)} and c {@code (m, n)}. */
  void add(Matrix<A> a, Matrix<A> c);

  /** {@code c = row + a · b}: each row of c starts from the n elements of {@code row}. */
  default void addTo(A row, Matrix<A> a, Matrix<A> c) {
    for (int i = 0; i < c.rows(); i++) {
      System.arraycopy(row, 0, c.values(), c.index(i, 0), c.columns());
    }
    add(a, c);
  }

  /** Gives back the memory of what was prepared. No product may follow. */
  default void release() {}
}
