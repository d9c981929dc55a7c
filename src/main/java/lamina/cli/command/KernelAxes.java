package lamina.cli.command;

import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * How a kernel's axes stand to the canonical {@code (out, in, k...)}, or {@code (in, out, k...)} of
 * a transposed convolution: those it lacks have size 1, and it may have them in another order.
 */
final class KernelAxes {
  private final Tensor ordered;
  private final int[] back;
  private final Tensor canonical;

  /**
   * @param spatial the number of spatial axes
   * @param layout what {@code --kernel-layout} says, or null
   * @param inputChannels the input's channels: with one, the leading axis of a kernel with one
   *     leading axis counts filters, else channels
   */
  KernelAxes(Tensor kernel, int spatial, Layout layout, boolean transposed, int inputChannels) {
    int leading = kernel.rank() - spatial;
    if (layout != null) {
      layout.check(Shape.of(kernel.shape()), "the kernel");
    }
    if (leading < 0 || leading > 2) {
      throw new InputException(
          "the kernel "
              + Tensor.text(kernel.shape())
              + " has rank "
              + kernel.rank()
              + " but "
              + spatial
              + (spatial == 1 ? " spatial dimension takes" : " spatial dimensions take")
              + " rank "
              + spatial
              + " for one filter to "
              + (spatial + 2)
              + "; see --dims");
    }
    ordered = layout == null ? kernel : kernel.permute(layout.toCanonical());
    back = layout == null ? null : layout.fromCanonical();
    int[] shape = new int[spatial + 2];
    shape[0] = leading == 2 ? ordered.dim(0) : 1;
    shape[1] = leading == 2 ? ordered.dim(1) : 1;
    if (leading == 1) {
      boolean filters = layout == null ? inputChannels == 1 : layout.has('o');
      shape[filters == transposed ? 1 : 0] = ordered.dim(0);
    }
    for (int i = 0; i < spatial; i++) {
      shape[i + 2] = ordered.dim(leading + i);
    }
    canonical = ordered.reshape(shape);
  }

  /** The kernel in canonical order. */
  Tensor canonical() {
    return canonical;
  }

  /** A tensor of the canonical kernel's shape in the kernel's own axes. */
  Tensor restore(Tensor tensor) {
    Tensor reshaped = tensor.reshape(ordered.shape());
    return back == null ? reshaped : reshaped.permute(back);
  }
}
