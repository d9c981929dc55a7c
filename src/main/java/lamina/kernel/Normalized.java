package lamina.kernel;

import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * The result of a normalisation, with what its backward step needs: the standardised input and the
 * factor 1/σ of each group.
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

  private final Grouping grouping;
  private final Tensor standardized;
  private final Tensor mean;
  private final Tensor variance;
  private final Tensor scale;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor output;

  Normalized(
      Grouping grouping,
      Tensor standardized,
      Tensor mean,
      Tensor variance,
      Tensor scale,
      Tensor weight,
      Tensor bias) {
    this.grouping = grouping;
    this.standardized = standardized;
    this.mean = mean;
    this.variance = variance;
    this.scale = scale;
    this.weight = weight;
    this.bias = bias;
    this.output = affine();
  }

  /**
   * How the input is cut into groups.
   *
   * @param outer groups are seen as the middle axis of {@code (outer, groups, inner)}
   * @param parameterInner how many neighbours share a weight before the next one's turn
   * @param centered whether the mean is taken off
   * @param ownStatistics whether the statistics are those of the input itself
   */
  record Grouping(
      int outer,
      int groups,
      int inner,
      int parameterInner,
      boolean centered,
      boolean ownStatistics) {}

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
    return (long) grouping.outer() * grouping.inner();
  }

  private boolean hasParameters() {
    return weight != null || bias != null;
  }

  private Tensor affine() {
    if (!hasParameters()) {
      return standardized;
    }
    Tensor y = Tensor.zeros(standardized.dtype(), standardized.shape());
    if (y.dtype() == DType.FLOAT64) {
      NormalizationDouble.affine(
          grouping.parameterInner(),
          standardized.doubles(),
          weight == null ? null : weight.doubles(),
          bias == null ? null : bias.doubles(),
          y.doubles());
    } else {
      NormalizationFloat.affine(
          grouping.parameterInner(),
          standardized.floats(),
          weight == null ? null : weight.floats(),
          bias == null ? null : bias.floats(),
          y.floats());
    }
    return y;
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
    if (dy.dtype() == DType.FLOAT64) {
      backward(dy, dx, dWeight, dBias);
    } else {
      backwardFloat(dy, dx, dWeight, dBias);
    }
    return new Gradients(dx, dWeight, dBias);
  }

  private int parameters() {
    return weight != null ? weight.size() : bias.size();
  }

  private void backward(Tensor dy, Tensor dx, Tensor dWeight, Tensor dBias) {
    if (hasParameters()) {
      NormalizationDouble.affineBackward(
          grouping.parameterInner(),
          parameters(),
          standardized.doubles(),
          weight == null ? null : weight.doubles(),
          dy.doubles(),
          dx.doubles(),
          dWeight == null ? null : dWeight.doubles(),
          dBias == null ? null : dBias.doubles());
    } else {
      System.arraycopy(dy.doubles(), 0, dx.doubles(), 0, dx.size());
    }
    if (grouping.ownStatistics()) {
      NormalizationDouble.standardizeBackward(
          grouping.outer(),
          grouping.groups(),
          grouping.inner(),
          grouping.centered(),
          standardized.doubles(),
          scale.doubles(),
          dx.doubles());
    } else {
      NormalizationDouble.standardize(
          grouping.outer(),
          grouping.groups(),
          grouping.inner(),
          dx.doubles(),
          new double[grouping.groups()],
          scale.doubles(),
          dx.doubles());
    }
  }

  private void backwardFloat(Tensor dy, Tensor dx, Tensor dWeight, Tensor dBias) {
    if (hasParameters()) {
      NormalizationFloat.affineBackward(
          grouping.parameterInner(),
          parameters(),
          standardized.floats(),
          weight == null ? null : weight.floats(),
          dy.floats(),
          dx.floats(),
          dWeight == null ? null : dWeight.floats(),
          dBias == null ? null : dBias.floats());
    } else {
      System.arraycopy(dy.floats(), 0, dx.floats(), 0, dx.size());
    }
    if (grouping.ownStatistics()) {
      NormalizationFloat.standardizeBackward(
          grouping.outer(),
          grouping.groups(),
          grouping.inner(),
          grouping.centered(),
          standardized.floats(),
          scale.floats(),
          dx.floats());
    } else {
      NormalizationFloat.standardize(
          grouping.outer(),
          grouping.groups(),
          grouping.inner(),
          dx.floats(),
          new float[grouping.groups()],
          scale.floats(),
          dx.floats());
    }
  }
}
