package lamina.op;

import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * What a batch norm does to each channel in evaluation: {@code scale · x + shift}. A convolution
 * before it can take that over. The factors are computed in float64.
 */
public final class ChannelScaling {
  private final double[] scale;
  private final double[] shift;

  /**
   * @param weight one value a channel, as all others
   * @param bias added at the end
   * @param mean the running mean
   * @param variance the running variance
   */
  public ChannelScaling(Tensor weight, Tensor bias, Tensor mean, Tensor variance, double eps) {
    scale = new double[weight.size()];
    shift = new double[weight.size()];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = weight.get(c) / Math.sqrt(variance.get(c) + eps);
      shift[c] = bias.get(c) - mean.get(c) * scale[c];
    }
  }

  /**
   * A kernel {@code (out, ...)} whose filters are scaled.
   *
   * @param inPlace whether the kernel given may be overwritten
   */
  public Tensor kernel(Tensor kernel, boolean inPlace) {
    Tensor scaled = inPlace ? kernel : Tensor.unset(kernel.dtype(), kernel.shape());
    int each = kernel.size() / scale.length;
    for (int c = 0; c < scale.length; c++) {
      if (kernel.dtype() == DType.FLOAT64) {
        scale(kernel.doubles(), c * each, (c + 1) * each, scale[c], scaled.doubles());
      } else {
        scale(kernel.floats(), c * each, (c + 1) * each, (float) scale[c], scaled.floats());
      }
    }
    return scaled;
  }

  private static void scale(double[] from, int first, int end, double factor, double[] to) {
    for (int i = first; i < end; i++) {
      to[i] = from[i] * factor;
    }
  }

  /** In float32 throughout: conversions in this loop take longer than everything else. */
  private static void scale(float[] from, int first, int end, float factor, float[] to) {
    for (int i = first; i < end; i++) {
      to[i] = from[i] * factor;
    }
  }

  /**
   * The bias after scaling.
   *
   * @param bias the one before, or null
   */
  public Tensor bias(Tensor bias) {
    Tensor shifted = Tensor.zeros(bias == null ? DType.FLOAT64 : bias.dtype(), scale.length);
    for (int c = 0; c < scale.length; c++) {
      shifted.set(c, (bias == null ? 0 : bias.get(c) * scale[c]) + shift[c]);
    }
    return shifted;
  }
}
