package lamina.kernel;

import lamina.tensor.DType;

/**
 * Normalisation on plain arrays of one precision, as loops that all backends share. Sums run in
 * double. Callers check arguments.
 *
 * @param <A> the arrays: {@code double[]} or {@code float[]}
 */
public interface NormalizationLoops<A> {
  /** The loops for {@link lamina.tensor.Tensor#array arrays} of a type. */
  @SuppressWarnings("unchecked") // Each method casts the arrays that it is given to its own type.
  static NormalizationLoops<Object> of(DType dtype) {
    NormalizationLoops<?> loops =
        dtype == DType.FLOAT64 ? NormalizationDouble.LOOPS : NormalizationFloat.LOOPS;
    return (NormalizationLoops<Object>) loops;
  }

  /**
   * Overwrites mean and variance with those of each group; the variance is the biased one. Where
   * the mean is not subtracted, it stays as it is, and the variance becomes the mean of the
   * squares.
   */
  void statistics(Grouping grouping, A x, A mean, A variance);

  /** {@code scale = 1 / √(variance + eps)}. */
  void scales(Grouping grouping, A variance, A scale);

  /** {@code y = (x − mean) · scale}; y may be x. */
  void standardize(Grouping grouping, A x, A mean, A scale, A y);

  /**
   * {@code y = (x − mean) · scale · weight + bias}.
   *
   * @param weight if the grouping's run is 1, their number is a multiple of inner, or that of the
   *     groups
   */
  void transform(Grouping grouping, A x, A mean, A scale, A weight, A bias, A y);

  /**
   * The gradients of {@code y = z · weight + bias}: overwrites dz, and dWeight and dBias if not
   * null.
   */
  void affineBackward(Grouping grouping, A z, A weight, A dy, A dz, A dWeight, A dBias);

  /**
   * The gradient through statistics that were taken from x itself: {@code dx = scale (dz − mean(dz)
   * − z mean(dz z))} per group, without {@code mean(dz)} if the mean was not subtracted. Works in
   * place: d is dz on entry and dx on return.
   *
   * @param z the standardised input
   */
  void standardizeBackward(Grouping grouping, A z, A scale, A d);

  /**
   * Local response normalisation.
   *
   * @param base receives {@code k + alpha / size · Σ x_j²}, which the backward step needs
   */
  void response(ResponseRule rule, A x, A base, A y);

  /**
   * The gradient of {@link #response}: {@code dx_j = dy_j b_j^−beta − 2 alpha beta / size · x_j Σ
   * dy_c x_c b_c^(−beta−1)} over the channels c whose window holds j.
   */
  void responseBackward(ResponseRule rule, A x, A base, A dy, A dx);
}
