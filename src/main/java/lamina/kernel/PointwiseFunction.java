package lamina.kernel;

/**
 * A function that is applied to each element by itself.
 *
 * @param kind which function
 * @param alpha its first parameter, see {@link ActivationKind#alphaName}; 0 if it has none
 * @param beta its second parameter, see {@link ActivationKind#betaName}; 0 if it has none
 */
public record PointwiseFunction(ActivationKind kind, double alpha, double beta) {
  /** f(x) of one number. */
  public double value(double x) {
    return Pointwise.value(kind, alpha, beta, x);
  }

  /** f′(x) of one number; at kinks the value of one side, as PyTorch takes it. */
  public double derivative(double x) {
    return Pointwise.derivative(kind, alpha, beta, x);
  }
}
