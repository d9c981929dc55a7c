package lamina.kernel;

/**
 * How an array is cut into groups whose elements are normalised together: it is seen as {@code
 * (outer, groups, inner)}. Of a batch norm that is {@code (N, C, rest)}; where each group is a row,
 * outer is 1.
 *
 * @param run how many neighbours share a weight and a bias before the next one's turn: a divisor of
 *     inner, or 1
 * @param centered whether the mean is subtracted
 * @param eps what is added to the variance
 */
public record Grouping(int outer, int groups, int inner, int run, boolean centered, double eps) {
  /** How many elements are normalised together. */
  public long groupSize() {
    return (long) outer * inner;
  }
}
