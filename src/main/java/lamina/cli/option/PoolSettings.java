package lamina.cli.option;

import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.layer.AdaptivePool;
import lamina.layer.Pool;
import lamina.layer.PoolLayer;
import lamina.tensor.Layout;

/**
 * What the options of {@code lamina pool} ask for, beside the gradient.
 *
 * @param kind max, avg, lp, global-max, global-avg, adaptive-max or adaptive-avg
 * @param sizes those of the window, or of an adaptive pooling's output
 * @param onnx whether ONNX's rules hold: its norm, and no limit on padding
 * @param dims the number of spatial axes, or 0 if the input decides
 * @param layout the order of the input's axes, or null
 */
public record PoolSettings(
    String kind,
    WindowOptions window,
    SizesOption sizes,
    Rounding rounding,
    boolean countPadding,
    int divisor,
    double norm,
    boolean onnx,
    boolean indices,
    int dims,
    Layout layout) {

  /** The layer that pools over so many spatial axes. */
  public PoolLayer layer(int axes) {
    int[] each = sizes.perAxis(axes);
    if (!PoolOptions.isWindowed(kind)) {
      return new AdaptivePool(kind.endsWith("max"), each == null ? WindowOptions.ones(axes) : each);
    }
    Window placed = window.window(each, each);
    if (!onnx) {
      placed.checkPoolPadding();
    }
    Pool.Kind of =
        switch (kind) {
          case "max" -> Pool.Kind.MAX;
          case "avg" -> Pool.Kind.AVERAGE;
          default -> onnx ? Pool.Kind.ABSOLUTE_LP : Pool.Kind.LP;
        };
    return new Pool(of, placed, rounding, window.same(), countPadding, divisor, norm);
  }
}
