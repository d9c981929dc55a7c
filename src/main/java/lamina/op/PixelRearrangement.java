package lamina.op;

import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Moves channels into space and back: {@code (..., C r², H, W)} becomes {@code (..., C, H r, W r)}.
 * Each is the other's gradient.
 */
public final class PixelRearrangement {
  private PixelRearrangement() {}

  /**
   * Channels into space.
   *
   * @param factor r, at least 1
   * @throws InputException if the channels are no multiple of r²
   */
  public static Tensor shuffle(Tensor x, int factor) {
    check(x, factor, "pixel shuffle");
    int c = x.dim(-3);
    int h = x.dim(-2);
    int w = x.dim(-1);
    if (c % ((long) factor * factor) != 0) {
      throw new InputException(
          "pixel shuffle by "
              + factor
              + " needs a multiple of "
              + (long) factor * factor
              + " channels, but the input "
              + Tensor.text(x.shape())
              + " has "
              + c);
    }
    int channels = c / (factor * factor);
    int outer = Checks.product(x.shape(), 0, x.rank() - 3);
    return x.reshape(outer, channels, factor, factor, h, w)
        .permute(0, 1, 4, 2, 5, 3)
        .reshape(shape(x, channels, h * factor, w * factor));
  }

  /**
   * Space into channels.
   *
   * @param factor r, at least 1
   * @throws InputException if height or width are no multiples of r
   */
  public static Tensor unshuffle(Tensor x, int factor) {
    check(x, factor, "pixel unshuffle");
    int c = x.dim(-3);
    int h = x.dim(-2) / factor;
    int w = x.dim(-1) / factor;
    if (x.dim(-2) % factor != 0 || x.dim(-1) % factor != 0) {
      throw new InputException(
          "pixel unshuffle by "
              + factor
              + " needs multiples of "
              + factor
              + " as height and width, but the input is "
              + Tensor.text(x.shape()));
    }
    int outer = Checks.product(x.shape(), 0, x.rank() - 3);
    return x.reshape(outer, c, h, factor, w, factor)
        .permute(0, 1, 3, 5, 2, 4)
        .reshape(shape(x, c * factor * factor, h, w));
  }

  private static void check(Tensor x, int factor, String operation) {
    if (factor < 1) {
      throw new InputException(operation + " needs a factor of at least 1, not " + factor);
    }
    if (x.rank() < 3) {
      throw new InputException(
          operation
              + " needs an input (..., C, H, W) of rank 3 or more, not "
              + Tensor.text(x.shape()));
    }
  }

  private static int[] shape(Tensor x, int... last) {
    int[] shape = x.shape();
    System.arraycopy(last, 0, shape, shape.length - 3, 3);
    return shape;
  }
}
