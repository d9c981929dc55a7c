package lamina.op;

import lamina.kernel.Backends;
import lamina.kernel.Matrix;
import lamina.kernel.Window;
import lamina.tensor.Tensor;

/**
 * A convolution with a kernel of its own at every position: {@code y[n,f,p] = b[p,f] + Σ_t x[n, tap
 * t of the window at p] · w[p,t,f]}. Source: keras.layers.LocallyConnected2D.
 */
public final class LocalConvolution {
  private LocalConvolution() {}

  /**
   * The output {@code (N, F, positions...)}.
   *
   * @param x {@code (N, C, spatial...)}
   * @param kernel {@code (P, T, F)}: positions and taps in row-major order
   * @param bias one value for each position and filter, {@code (P, F)}, or null
   * @param window without padding
   * @param channelsLast whether the channels are the last of the taps' axes, not the first
   */
  public static Tensor forward(
      Tensor x, Tensor kernel, Tensor bias, Window window, boolean channelsLast) {
    int axes = window.rank();
    int batch = x.dim(0);
    int channels = x.dim(1);
    int filters = kernel.dim(2);
    int taps = kernel.dim(1);
    int positions = kernel.dim(0);
    int[] size = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      size[axis] = x.dim(axis + 2);
    }
    int[] counts = window.outputSizes(size);
    int plane = Checks.product(size, 0, axes);
    Tensor all = Tensor.zeros(x.dtype(), positions, batch, filters);
    for (int position = 0; position < positions; position++) {
      int[] places = new int[batch * taps];
      for (int tap = 0; tap < taps; tap++) {
        int perChannel = taps / channels;
        int channel = channelsLast ? tap % channels : tap / perChannel;
        int within = channelsLast ? tap / channels : tap % perChannel;
        int place = place(position, within, counts, window, size) + channel * plane;
        for (int n = 0; n < batch; n++) {
          places[n * taps + tap] = n * channels * plane + place;
        }
      }
      int to = position * batch * filters;
      for (int n = 0; bias != null && n < batch; n++) {
        Blocks.copy(bias, position * filters, all, to + n * filters, filters);
      }
      Matrix<Object> patches = Blocks.matrix(Gathers.take(x, places, batch, taps));
      int from = position * taps * filters;
      Matrix<Object> filter = Matrix.of(kernel.array(), from, taps, filters, filters);
      Matrix<Object> sums = Matrix.of(all.array(), to, batch, filters, filters);
      Backends.current().kernels(x.dtype()).multiply(patches, filter, sums, true);
    }
    int[] shape = new int[axes + 2];
    shape[0] = batch;
    shape[1] = filters;
    System.arraycopy(counts, 0, shape, 2, axes);
    return all.permute(1, 2, 0).reshape(shape);
  }

  /** Where a tap of a window lies within a channel's plane. */
  private static int place(int position, int tap, int[] counts, Window window, int[] size) {
    int place = 0;
    int stride = 1;
    int restOfPosition = position;
    int restOfTap = tap;
    for (int axis = size.length - 1; axis >= 0; axis--) {
      int at = restOfPosition % counts[axis] * window.stride()[axis];
      at += restOfTap % window.kernel()[axis] * window.dilation()[axis];
      place += at * stride;
      stride *= size[axis];
      restOfPosition /= counts[axis];
      restOfTap /= window.kernel()[axis];
    }
    return place;
  }
}
