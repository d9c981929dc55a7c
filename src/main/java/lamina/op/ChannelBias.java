package lamina.op;

import lamina.kernel.ChannelLoops;
import lamina.tensor.Tensor;

/** One number for each channel, which is added to all of its elements. */
public final class ChannelBias {
  private ChannelBias() {}

  /**
   * Adds {@code b[c]} to {@code y[n, c, p]}, in place.
   *
   * @param y {@code (N, C, size...)}
   * @param bias {@code (C)}
   */
  static void add(Tensor bias, Tensor y) {
    ChannelLoops.of(y.dtype()).add(y.dim(0), y.dim(1), plane(y), bias.array(), y.array());
  }

  /** The gradient with respect to the bias, {@code db[c] = Σ dy[n, c, p]}. */
  public static Tensor backward(Tensor dy) {
    Tensor db = Tensor.zeros(dy.dtype(), dy.dim(1));
    ChannelLoops.of(dy.dtype()).sum(dy.dim(0), dy.dim(1), plane(dy), dy.array(), db.array());
    return db;
  }

  private static int plane(Tensor y) {
    return y.size() == 0 ? 0 : y.size() / (y.dim(0) * y.dim(1));
  }
}
