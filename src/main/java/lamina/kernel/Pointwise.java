package lamina.kernel;

/** A function of one number with at most two parameters, in double precision. */
public interface Pointwise {
  /** f(x). */
  double value(double x, double alpha, double beta);

  /** f′(x); at kinks the value of one side, as PyTorch takes it. */
  double derivative(double x, double alpha, double beta);

  /** The loop that computes the function faster than formula by formula, if there is one. */
  default PointwiseLoop loop(double alpha, double beta) {
    return PointwiseLoop.of(PointwiseLoop.Kind.FORMULA);
  }
}
