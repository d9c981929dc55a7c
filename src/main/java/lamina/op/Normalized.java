package lamina.op;

import lamina.kernel.Grouping;
import lamina.kernel.NormalizationLoops;
import lamina.tensor.Tensor;

/**
 * The result of a normalisation, with what its backward step needs: the input and, of each group,
 * the mean and the factor 1/σ. The standardised input is computed again when it is needed, which
 * takes less time than to fill another tensor in the forward step.
 */
public final class Normalized {
  /**
   * The gradients.
   *
   * @param input with respect to the input
   * @param weight with respect to the weight; null if there is none
   * @param bias with respect to the bias; null if there is none
   */
  public record Gradients(Tensor input, Tensor weight, Tensor bias) {}

  private final NormalizationLoops<Object> loops;
  private final Grouping grouping;
  private final boolean ownStatistics;
  private final Tensor input;
  private final Tensor mean;
  private final Tensor variance;
  private final Tensor scale;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor output;

  /**
   * Normalises.
   *
   * @param ownStatistics whether mean and variance are those of the input itself
   */
  Normalized(
      Grouping grouping,
      boolean ownStatistics,
      Tensor input,
      Tensor mean,
      Tensor variance,
      Tensor weight,
      Tensor bias) {
    this.loops = NormalizationLoops.of(input.dtype());
    this.grouping = grouping;
    this.ownStatistics = ownStatistics;
    this.input = input;
    this.mean = mean;
    this.variance = variance;
    this.weight = weight;
    this.bias = bias;
    this.scale = Tensor.zeros(input.dtype(), grouping.groups());
    loops.scales(grouping, variance.array(), scale.array());
    this.output = transform();
  }

  /** The output, in the shape and type of the input. */
  public Tensor output() {
    return output;
  }

  /** The mean of each group; zeros for RMS norm. */
  public Tensor mean() {
    return mean;
  }

  /** The biased variance of each group; for RMS norm the mean square. */
  public Tensor variance() {
    return variance;
  }

  /** How many elements a group has. */
  long groupSize() {
    return grouping.groupSize();
  }

  private boolean hasParameters() {
    return weight != null || bias != null;
  }

  /** The weights, or as many ones as there are biases. */
  private Tensor factors() {
    return weight != null
        ? weight
        : Tensor.filled(input.dtype(), 1, bias == null ? 1 : bias.size());
  }

  /** The biases, or as many zeros as there are weights. */
  private Tensor offsets() {
    return bias != null ? bias : Tensor.zeros(input.dtype(), weight.size());
  }

  private Tensor transform() {
    if (!hasParameters()) {
      return standardized();
    }
    Tensor y = Tensor.zeros(input.dtype(), input.shape());
    loops.transform(
        grouping,
        input.array(),
        mean.array(),
        scale.array(),
        factors().array(),
        offsets().array(),
        y.array());
    return y;
  }

  /** {@code (x − mean) · scale}. */
  private Tensor standardized() {
    Tensor z = Tensor.zeros(input.dtype(), input.shape());
    loops.standardize(grouping, input.array(), mean.array(), scale.array(), z.array());
    return z;
  }

  /**
   * The gradients.
   *
   * @param dy the gradient with respect to the output, in its shape and type
   */
  public Gradients backward(Tensor dy) {
    Checks.gradient(dy, output.dtype(), output.shape());
    Tensor dx = Tensor.zeros(dy.dtype(), dy.shape());
    Tensor dWeight = weight == null ? null : Tensor.zeros(dy.dtype(), weight.shape());
    Tensor dBias = bias == null ? null : Tensor.zeros(dy.dtype(), bias.shape());
    Object z = standardized().array();
    if (hasParameters()) {
      loops.affineBackward(
          grouping, z, factors().array(), dy.array(), dx.array(), array(dWeight), array(dBias));
    } else {
      System.arraycopy(dy.array(), 0, dx.array(), 0, dx.size());
    }
    if (ownStatistics) {
      loops.standardizeBackward(grouping, z, scale.array(), dx.array());
    } else {
      // The statistics do not depend on the input, so only the factor is left.
      Tensor noMean = Tensor.zeros(dy.dtype(), grouping.groups());
      loops.standardize(grouping, dx.array(), noMean.array(), scale.array(), dx.array());
    }
    return new Gradients(dx, dWeight, dBias);
  }

  private static Object array(Tensor tensor) {
    return tensor == null ? null : tensor.array();
  }
}
