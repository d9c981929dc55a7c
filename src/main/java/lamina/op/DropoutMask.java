package lamina.op;

import java.util.SplittableRandom;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The random part of dropout and of RReLU in training: a factor and an offset for each element.
 * {@code y = x · factor + offset}, {@code dx = dy · factor}. The same seed draws the same values.
 *
 * @param factor in the shape of the input
 * @param offset in the shape of the input, or null
 */
public record DropoutMask(Tensor factor, Tensor offset) {
  /**
   * The value at which the negative branch of selu saturates, −scale · alpha. Alpha dropout sets
   * elements to it.
   */
  private static final double SATURATION = -1.7580993408473766;

  /**
   * Dropout of single elements: each becomes 0 with probability p, and the others are multiplied by
   * 1 / (1 − p).
   */
  public static DropoutMask ofElements(Tensor x, double p, long seed) {
    return draw(x, x.size(), p, seed, false);
  }

  /** Dropout of whole channels of {@code (N, C, ...)}. */
  public static DropoutMask ofChannels(Tensor x, double p, long seed) {
    return draw(x, channels(x), p, seed, false);
  }

  /** Alpha dropout of single elements, which keeps mean and variance of selu's outputs. */
  public static DropoutMask alphaOfElements(Tensor x, double p, long seed) {
    return draw(x, x.size(), p, seed, true);
  }

  /** Alpha dropout of whole channels of {@code (N, C, ...)}. */
  public static DropoutMask alphaOfChannels(Tensor x, double p, long seed) {
    return draw(x, channels(x), p, seed, true);
  }

  /** RReLU in training: negative elements get slopes drawn evenly from {@code [lower, upper)}. */
  public static DropoutMask ofSlopes(Tensor x, double lower, double upper, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] factor = new double[x.size()];
    for (int i = 0; i < factor.length; i++) {
      double slope = lower + (upper - lower) * random.nextDouble();
      factor[i] = x.get(i) > 0 ? 1 : slope;
    }
    return new DropoutMask(Tensor.of(factor, x.shape()).as(x.dtype()), null);
  }

  private static int channels(Tensor x) {
    if (x.rank() < 2) {
      throw new InputException(
          "dropout of channels needs an input (N, C, ...) of rank 2 or more, not "
              + Tensor.text(x.shape()));
    }
    return x.dim(0) * x.dim(1);
  }

  /** Draws once for each of {@code units} runs of equal length. */
  private static DropoutMask draw(Tensor x, int units, double p, long seed, boolean alpha) {
    Checks.real(x, "dropout");
    if (!(p >= 0 && p <= 1)) {
      throw new InputException("dropout needs a probability from 0 to 1, not " + p);
    }
    double scale = 1 / (1 - p);
    double keptOffset = 0;
    double droppedOffset = 0;
    if (alpha) {
      // The affine parameters of alpha dropout, after Klambauer et al. (2017).
      scale = 1 / Math.sqrt((1 - p) * (1 + p * SATURATION * SATURATION));
      keptOffset = -scale * SATURATION * p;
      droppedOffset = scale * SATURATION + keptOffset;
    }
    if (p == 1) {
      scale = 0;
      keptOffset = 0;
      droppedOffset = 0;
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] factor = new double[x.size()];
    double[] offset = new double[alpha ? x.size() : 0];
    int run = units == 0 ? 0 : x.size() / units;
    for (int unit = 0; unit < units; unit++) {
      boolean kept = random.nextDouble() >= p;
      for (int i = unit * run; i < (unit + 1) * run; i++) {
        factor[i] = kept ? scale : 0;
        if (alpha) {
          offset[i] = kept ? keptOffset : droppedOffset;
        }
      }
    }
    return new DropoutMask(
        Tensor.of(factor, x.shape()).as(x.dtype()),
        alpha ? Tensor.of(offset, x.shape()).as(x.dtype()) : null);
  }

  /** The output. */
  public Tensor forward(Tensor x) {
    Tensor y = times(x);
    for (int i = 0; offset != null && i < y.size(); i++) {
      if (y.dtype() == DType.FLOAT64) {
        y.doubles()[i] += offset.doubles()[i];
      } else {
        y.floats()[i] += offset.floats()[i];
      }
    }
    return y;
  }

  /** The gradient with respect to the input. */
  public Tensor backward(Tensor dy) {
    return times(dy);
  }

  private Tensor times(Tensor x) {
    Checks.parameter(factor, "dropout's factor", x.dtype(), x.shape());
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    for (int i = 0; i < y.size(); i++) {
      if (y.dtype() == DType.FLOAT64) {
        y.doubles()[i] = x.doubles()[i] * factor.doubles()[i];
      } else {
        y.floats()[i] = x.floats()[i] * factor.floats()[i];
      }
    }
    return y;
  }
}
