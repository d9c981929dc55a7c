package lamina.op;

import java.util.Arrays;
import lamina.kernel.Grouping;
import lamina.kernel.NormalizationLoops;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Normalisations, {@code y = (x − mean) / √(variance + eps) · weight + bias}, in float64 and
 * float32. They differ in what is normalised together. The variance is the biased one. Weight and
 * bias may be null. Formulas: documentation of torch.nn.BatchNorm2d, LayerNorm, GroupNorm,
 * InstanceNorm2d and RMSNorm.
 */
public final class Normalization {
  private Normalization() {}

  /**
   * Batch norm in training: each channel over batch and space.
   *
   * @param x {@code (N, C, ...)}
   * @param weight {@code (C)} or null
   * @param bias {@code (C)} or null
   * @throws InputException if a channel has one value only, or shapes do not fit
   */
  public static Normalized batch(Tensor x, Tensor weight, Tensor bias, double eps) {
    Grouping grouping = channels(x, "batch norm", weight, bias, eps);
    if (x.size() > 0 && grouping.groupSize() == 1) {
      throw new InputException(
          "batch norm in training needs more than one value a channel, but the input is "
              + Tensor.text(x.shape())
              + "; use a larger batch or evaluation mode");
    }
    return ofOwnStatistics(x, grouping, weight, bias);
  }

  /**
   * Batch norm (and instance norm that tracks statistics) in evaluation: with given statistics.
   *
   * @param mean the running mean, {@code (C)}
   * @param variance the running variance, {@code (C)}
   */
  public static Normalized batch(
      Tensor x, Tensor mean, Tensor variance, Tensor weight, Tensor bias, double eps) {
    Grouping grouping = channels(x, "batch norm", weight, bias, eps);
    Checks.parameter(mean, "the running mean", x.dtype(), grouping.groups());
    Checks.parameter(variance, "the running variance", x.dtype(), grouping.groups());
    return new Normalized(grouping, false, x, mean, variance, weight, bias);
  }

  /**
   * Instance norm: each channel of each sample over space.
   *
   * @param x {@code (N, C, ...)} with at least one spatial axis
   */
  public static Normalized instance(Tensor x, Tensor weight, Tensor bias, double eps) {
    Grouping of = channels(x, "instance norm", weight, bias, eps);
    if (x.size() > 0 && of.inner() == 1) {
      throw new InputException(
          "instance norm needs more than one value a channel and sample, but the input is "
              + Tensor.text(x.shape()));
    }
    int planes = of.outer() * of.groups();
    Grouping rows = new Grouping(1, planes, of.inner(), of.inner(), true, eps);
    return ofOwnStatistics(x, rows, weight, bias);
  }

  /**
   * Group norm: the channels of each sample in {@code groups} groups, over space.
   *
   * @param x {@code (N, C, ...)}
   * @throws InputException if C is no multiple of {@code groups}
   */
  public static Normalized group(Tensor x, int groups, Tensor weight, Tensor bias, double eps) {
    Grouping of = channels(x, "group norm", weight, bias, eps);
    if (groups < 1 || of.groups() % groups != 0) {
      throw new InputException(
          "group norm with "
              + groups
              + " groups needs a multiple of that many channels, but the input "
              + Tensor.text(x.shape())
              + " has "
              + of.groups());
    }
    int size = of.groups() / groups * of.inner();
    Grouping rows = new Grouping(1, of.outer() * groups, size, of.inner(), true, eps);
    return ofOwnStatistics(x, rows, weight, bias);
  }

  /**
   * Layer norm: each sample over its last axes.
   *
   * @param normalizedShape the sizes of the last axes
   * @param weight of that shape, or null
   * @param bias of that shape, or null
   */
  public static Normalized layer(
      Tensor x, int[] normalizedShape, Tensor weight, Tensor bias, double eps) {
    Grouping rows = rows(x, "layer norm", normalizedShape, weight, true, eps);
    Checks.parameter(bias, "layer norm's bias", x.dtype(), normalizedShape);
    return ofOwnStatistics(x, rows, weight, bias);
  }

  /**
   * RMS norm: each sample over its last axes, divided by the root of the mean square; no mean is
   * subtracted.
   *
   * @param normalizedShape the sizes of the last axes
   * @param weight of that shape, or null
   */
  public static Normalized rms(Tensor x, int[] normalizedShape, Tensor weight, double eps) {
    Grouping rows = rows(x, "RMS norm", normalizedShape, weight, false, eps);
    return ofOwnStatistics(x, rows, weight, null);
  }

  /** RMS norm's default eps in PyTorch: the distance from 1 to the next number of the type. */
  public static double defaultRmsEps(DType dtype) {
    return dtype == DType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1.0f);
  }

  /**
   * A running mean after a training step: {@code (1 − momentum) running + momentum mean}; of
   * instance norm the mean over the samples.
   */
  public static Tensor runningMean(Normalized step, Tensor running, double momentum) {
    return running(step.mean(), 1, running, momentum);
  }

  /** A running variance after a training step; it takes in the unbiased variance. */
  public static Tensor runningVariance(Normalized step, Tensor running, double momentum) {
    double n = step.groupSize();
    return running(step.variance(), n / (n - 1), running, momentum);
  }

  private static Tensor running(Tensor found, double factor, Tensor running, double momentum) {
    int channels = running.size();
    int samples = found.size() / channels;
    double[] updated = new double[channels];
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int n = 0; n < samples; n++) {
        sum += found.get(n * channels + c);
      }
      updated[c] = (1 - momentum) * running.get(c) + momentum * factor * (sum / samples);
    }
    return Tensor.of(updated, channels).as(running.dtype());
  }

  private static Grouping channels(
      Tensor x, String operation, Tensor weight, Tensor bias, double eps) {
    Checks.real(x, operation);
    if (x.rank() < 2) {
      throw new InputException(
          operation
              + " needs an input (N, C, ...) of rank 2 or more, not "
              + Tensor.text(x.shape()));
    }
    int channels = x.dim(1);
    Checks.parameter(weight, operation + "'s weight", x.dtype(), channels);
    Checks.parameter(bias, operation + "'s bias", x.dtype(), channels);
    int inner = Checks.product(x.shape(), 2, x.rank());
    return new Grouping(x.dim(0), channels, inner, inner, true, eps);
  }

  private static Grouping rows(
      Tensor x, String operation, int[] shape, Tensor weight, boolean centered, double eps) {
    Checks.real(x, operation);
    int[] given = x.shape();
    int leading = given.length - shape.length;
    if (leading < 0 || !Arrays.equals(Arrays.copyOfRange(given, leading, given.length), shape)) {
      throw new InputException(
          operation
              + " over "
              + Tensor.text(shape)
              + " needs an input that ends with these sizes, not "
              + Tensor.text(given));
    }
    Checks.parameter(weight, operation + "'s weight", x.dtype(), shape);
    int size = Checks.product(shape, 0, shape.length);
    return new Grouping(1, Checks.product(given, 0, leading), size, 1, centered, eps);
  }

  private static Normalized ofOwnStatistics(
      Tensor x, Grouping grouping, Tensor weight, Tensor bias) {
    Tensor mean = Tensor.zeros(x.dtype(), grouping.groups());
    Tensor variance = Tensor.zeros(x.dtype(), grouping.groups());
    NormalizationLoops.of(x.dtype())
        .statistics(grouping, x.array(), mean.array(), variance.array());
    return new Normalized(grouping, true, x, mean, variance, weight, bias);
  }
}
