package lamina.kernel;

/**
 * A function that is applied to each element by itself.
 *
 * @param formula which function
 * @param alpha its first parameter; 0 if it has none
 * @param beta its second parameter; 0 if it has none
 */
public record PointwiseFunction(Pointwise formula, double alpha, double beta) {
  /** f(x) of one number. */
  public double value(double x) {
    return formula.value(x, alpha, beta);
  }

  /** f′(x) of one number; at kinks the value of one side, as PyTorch takes it. */
  public double derivative(double x) {
    return formula.derivative(x, alpha, beta);
  }

  /** The loop that backends may use instead. */
  public PointwiseLoop loop() {
    return formula.loop(alpha, beta);
  }
}
