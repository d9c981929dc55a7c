package lamina.op;

import lamina.kernel.NormalizationDouble;
import lamina.kernel.NormalizationFloat;
import lamina.tensor.DType;
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

  private final Grouping grouping;
  private final Tensor input;
  private final Tensor mean;
  private final Tensor variance;
  private final Tensor scale;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor output;

  Normalized(
      Grouping grouping,
      Tensor input,
      Tensor mean,
      Tensor variance,
      Tensor scale,
      Tensor weight,
      Tensor bias) {
    this.grouping = grouping;
    this.input = input;
    this.mean = mean;
    this.variance = variance;
    this.scale = scale;
    this.weight = weight;
    this.bias = bias;
    this.output = transform();
  }

  /**
   * How the input is cut into groups.
   *
   * @param outer groups are seen as the middle axis of {@code (outer, groups, inner)}
   * @param parameterInner how many neighbours share a weight before the next one's turn
   * @param centered whether the mean is subtracted
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
    if (y.dtype() == DType.FLOAT64) {
      NormalizationDouble.transform(
          grouping.outer(),
          grouping.groups(),
          grouping.inner(),
          grouping.parameterInner(),
          input.doubles(),
          mean.doubles(),
          scale.doubles(),
          factors().doubles(),
          offsets().doubles(),
          y.doubles());
    } else {
      NormalizationFloat.transform(
          grouping.outer(),
          grouping.groups(),
          grouping.inner(),
          grouping.parameterInner(),
          input.floats(),
          mean.floats(),
          scale.floats(),
          factors().floats(),
          offsets().floats(),
          y.floats());
    }
    return y;
  }

  /** {@code (x − mean) · scale}. */
  private Tensor standardized() {
    Tensor z = Tensor.zeros(input.dtype(), input.shape());
    int outer = grouping.outer();
    int groups = grouping.groups();
    int inner = grouping.inner();
    if (z.dtype() == DType.FLOAT64) {
      NormalizationDouble.standardize(
          outer, groups, inner, input.doubles(), mean.doubles(), scale.doubles(), z.doubles());
    } else {
      NormalizationFloat.standardize(
          outer, groups, inner, input.floats(), mean.floats(), scale.floats(), z.floats());
    }
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
    if (dy.dtype() == DType.FLOAT64) {
      backward(standardized().doubles(), dy, dx, dWeight, dBias);
    } else {
      backward(standardized().floats(), dy, dx, dWeight, dBias);
    }
    return new Gradients(dx, dWeight, dBias);
  }

  private void backward(double[] z, Tensor dy, Tensor dx, Tensor dWeight, Tensor dBias) {
    if (hasParameters()) {
      NormalizationDouble.affineBackward(
          grouping.parameterInner(),
          z,
          factors().doubles(),
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
          z,
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

  private void backward(float[] z, Tensor dy, Tensor dx, Tensor dWeight, Tensor dBias) {
    if (hasParameters()) {
      NormalizationFloat.affineBackward(
          grouping.parameterInner(),
          z,
          factors().floats(),
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
          z,
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
