package lamina.op.activation;

import lamina.tensor.Tensor;

/** A function of whole axes: tensors are seen as {@code (outer, axis, inner)}. */
public abstract class AxisFunction extends ActivationKind {
  /** See {@link ActivationKind}. */
  protected AxisFunction(String label, String about) {
    super(label, about);
  }

  /** How many elements of the input's axis there are for one of the output's. */
  public int inputsPerOutput() {
    return 1;
  }

  /**
   * Computes y.
   *
   * @param size that of y's axis
   */
  public abstract void forward(int size, int inner, Tensor x, Tensor y);

  /**
   * Computes dx, the gradient with respect to x.
   *
   * @param size that of dy's axis
   */
  public abstract void backward(int size, int inner, Tensor x, Tensor dy, Tensor dx);

  /**
   * The derivative of an output by the input in its place; NaN if more inputs than outputs.
   *
   * @param y the output
   */
  public double slope(double y) {
    return Double.NaN;
  }

  /** A function of an axis has no value for one number alone. */
  @Override
  public final double value(double x, double alpha, double beta) {
    throw new IllegalStateException(label() + " is no function of one number");
  }

  /** A function of an axis has no derivative for one number alone. */
  @Override
  public final double derivative(double x, double alpha, double beta) {
    throw new IllegalStateException(label() + " is no function of one number");
  }
}
