package lamina.kernel;

/**
 * What some elements x come to, in float64 whatever their precision.
 *
 * @param sum Σ x
 * @param squares Σ x²
 */
public record Moments(double sum, double squares) {
  /** The L2 norm of the elements. */
  public double norm() {
    return Math.sqrt(squares);
  }
}
