package lamina.cli.option;

import java.util.Arrays;
import lamina.kernel.Convolution.Algorithm;
import lamina.kernel.PaddingMode;
import lamina.kernel.Window;
import lamina.layer.Conv;
import lamina.layer.ConvTranspose;
import lamina.layer.Layer;
import lamina.layer.SamePadding;
import lamina.tensor.Layout;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * What the options of {@code lamina conv} ask for, beside its tensors.
 *
 * @param outputPadding how much larger a transposed convolution's output is
 * @param dims the number of spatial axes, or 0 if the kernel decides
 * @param layout the order of the input's axes, or null
 * @param kernelLayout the order of the kernel's axes, or null
 */
public record ConvSettings(
    WindowOptions window,
    PaddingMode mode,
    int groups,
    boolean flip,
    boolean transpose,
    SizesOption outputPadding,
    int dims,
    Layout layout,
    Layout kernelLayout,
    boolean explain,
    Algorithm algorithm) {

  /**
   * The layer that convolves with a kernel.
   *
   * @param w the kernel, {@code (out, in, k...)} or transposed {@code (in, out, k...)}
   * @param bias whether there is a bias
   */
  public Layer layer(Tensor w, boolean bias) {
    int[] size = Arrays.copyOfRange(w.shape(), 2, w.rank());
    if (transpose) {
      return transposed(w, window.transposedWindow(size), bias);
    }
    return new Conv(
        Dim.of((long) w.dim(1) * groups),
        filters(w),
        window.window(size, WindowOptions.ones(size.length)),
        window.same(),
        groups,
        bias,
        mode,
        algorithm);
  }

  /** How many channels the output has. */
  public int filters(Tensor w) {
    return transpose ? w.dim(1) * groups : w.dim(0);
  }

  private Layer transposed(Tensor w, Window placed, boolean bias) {
    int[] more = outputPadding.perAxis(placed.rank());
    if (window.same() != SamePadding.NO) {
      more = placed.transposedSameOutputPadding();
    }
    int[] none = new int[placed.rank()];
    return new ConvTranspose(
        Dim.of(w.dim(0)), filters(w), placed, more == null ? none : more, groups, bias);
  }
}
