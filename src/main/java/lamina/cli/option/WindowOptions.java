package lamina.cli.option;

import java.util.Arrays;
import lamina.cli.option.PaddingOption.Padding;
import lamina.kernel.Window;
import lamina.layer.SamePadding;

/**
 * How a window stands on each spatial axis, as typed: {@code 2} for all axes, or {@code 2,3} and
 * {@code 2x3} for each.
 */
public final class WindowOptions {
  private final SizesOption stride;
  private final SizesOption dilation;
  private final Padding padding;

  /**
   * Reads the padding; the others are read when the number of axes is known.
   *
   * @throws UsageException if one of them is not as it should be typed
   */
  WindowOptions(SizesOption stride, PaddingOption padding, SizesOption dilation) {
    this.stride = stride;
    this.dilation = dilation;
    stride.sizes();
    dilation.sizes();
    this.padding = padding.padding();
  }

  /** On which side the odd element of padding goes that follows from the input's size. */
  public SamePadding same() {
    return padding.same();
  }

  /** Whether every element is to meet every tap of the window. */
  boolean isFull() {
    return padding.isFull();
  }

  /**
   * A window of these sizes; without the padding that {@link #same} decides.
   *
   * @param usualStride the steps without {@code --stride}
   */
  public Window window(int[] size, int[] usualStride) {
    Window unpadded = unpadded(size, usualStride);
    return isFull() ? unpadded.withFullPadding() : withNumbers(unpadded);
  }

  /** The window of a transposed convolution, with all its padding. */
  public Window transposedWindow(int[] size) {
    Window unpadded = unpadded(size, ones(size.length));
    return same() == SamePadding.NO
        ? withNumbers(unpadded)
        : unpadded.withTransposedSamePadding(same() == SamePadding.LOWER);
  }

  private Window unpadded(int[] size, int[] usualStride) {
    int axes = size.length;
    int[] steps = stride.perAxis(axes);
    int[] distances = dilation.perAxis(axes);
    int[] none = new int[axes];
    return new Window(
        size,
        steps == null ? usualStride : steps,
        distances == null ? ones(axes) : distances,
        none,
        none);
  }

  private Window withNumbers(Window window) {
    int axes = window.rank();
    return window.withPadding(
        perAxis("--padding", padding.before(), axes), perAxis("--padding", padding.after(), axes));
  }

  /** As many ones as axes. */
  public static int[] ones(int axes) {
    int[] ones = new int[axes];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** One size for each axis: one number holds for all. */
  static int[] perAxis(String option, int[] sizes, int axes) {
    if (sizes.length == axes) {
      return sizes;
    }
    if (sizes.length != 1) {
      throw new UsageException(
          option
              + " has "
              + sizes.length
              + " numbers but there "
              + (axes == 1 ? "is 1 spatial dimension" : "are " + axes + " spatial dimensions")
              + "; give one number, or one for each (see --dims)");
    }
    int[] all = new int[axes];
    Arrays.fill(all, sizes[0]);
    return all;
  }
}
