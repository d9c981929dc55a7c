package lamina.op;

import lamina.kernel.ActivationDouble;
import lamina.kernel.ActivationFloat;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * ReLU with a learnt slope for negative inputs, {@code y = x if x > 0 else slope · x}: one slope
 * for all elements, or one a channel (axis 1).
 */
public final class PRelu {
  private PRelu() {}

  /**
   * The gradients.
   *
   * @param input with respect to the input
   * @param slope with respect to the slopes: the sum of x dy over x &lt;= 0
   */
  public record Gradients(Tensor input, Tensor slope) {}

  /**
   * The output.
   *
   * @param x any shape {@code (N, C, ...)}
   * @param slope one element, or C; of rank 0 or 1
   * @throws InputException if the number of slopes is neither 1 nor that of the channels
   */
  public static Tensor forward(Tensor x, Tensor slope) {
    int channels = channels(x, slope);
    int inner = inner(x, channels);
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    if (x.size() == 0) {
      return y;
    }
    if (x.dtype() == DType.FLOAT64) {
      ActivationDouble.channelSlopes(channels, inner, x.doubles(), slope.doubles(), y.doubles());
    } else {
      ActivationFloat.channelSlopes(channels, inner, x.floats(), slope.floats(), y.floats());
    }
    return y;
  }

  /**
   * The gradients.
   *
   * @param x the input
   * @param slope the slopes
   * @param dy the gradient with respect to the output, in the shape and type of x
   */
  public static Gradients backward(Tensor x, Tensor slope, Tensor dy) {
    int channels = channels(x, slope);
    int inner = inner(x, channels);
    Checks.gradient(dy, x.dtype(), x.shape());
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    Tensor dSlope = Tensor.zeros(x.dtype(), slope.shape());
    if (x.size() == 0) {
      return new Gradients(dx, dSlope);
    }
    if (x.dtype() == DType.FLOAT64) {
      ActivationDouble.channelSlopesBackward(
          channels,
          inner,
          x.doubles(),
          slope.doubles(),
          dy.doubles(),
          dx.doubles(),
          dSlope.doubles());
    } else {
      ActivationFloat.channelSlopesBackward(
          channels, inner, x.floats(), slope.floats(), dy.floats(), dx.floats(), dSlope.floats());
    }
    return new Gradients(dx, dSlope);
  }

  private static int channels(Tensor x, Tensor slope) {
    Checks.real(x, "prelu");
    Checks.sameType(slope, "prelu's slope", x.dtype());
    int channels = x.rank() < 2 ? 1 : x.dim(1);
    if (slope.rank() > 1 || (slope.size() != 1 && slope.size() != channels)) {
      throw new InputException(
          "prelu has slopes of shape "
              + Tensor.text(slope.shape())
              + " but the input of shape "
              + Tensor.text(x.shape())
              + " has "
              + channels
              + (channels == 1 ? " channel" : " channels")
              + " (axis 1); give one slope, or one a channel");
    }
    return slope.size();
  }

  private static int inner(Tensor x, int channels) {
    return channels == 1 ? x.size() : Checks.product(x.shape(), 2, x.rank());
  }
}
