package lamina.layer;

import lamina.kernel.Window;
import lamina.tensor.symbol.Dim;

/** The size formulas of the documentation, written with the numbers in them. */
public final class SizeFormula {
  private SizeFormula() {}

  /** What an axis is called: {@code H} and {@code W} of an image. */
  static String axis(int axis, int axes) {
    return axes == 1 ? "L" : "DHW".substring(3 - axes + axis, 4 - axes + axis);
  }

  /** A convolution or a pooling that rounds down. */
  public static String window(Window window, int axis, Dim input, Dim output) {
    return axis(axis, window.rank())
        + "_out = ⌊("
        + room(window, axis, input)
        + ") / "
        + window.stride()[axis]
        + "⌋ + 1 = "
        + output;
  }

  /** A pooling that rounds up, less a window that would start in the padding after the input. */
  static String ceiling(Window window, int axis, Dim input, Dim output) {
    Dim whole =
        input
            .plus((long) window.padBefore()[axis] + window.padAfter()[axis] - window.span(axis))
            .ceilDiv(window.stride()[axis])
            .plus(1);
    return axis(axis, window.rank())
        + "_out = ⌈("
        + room(window, axis, input)
        + ") / "
        + window.stride()[axis]
        + "⌉ + 1"
        + (whole.equals(output) ? "" : " − 1 (no window starts in the padding after the input)")
        + " = "
        + output;
  }

  private static String room(Window window, int axis, Dim input) {
    int dilation = window.dilation()[axis];
    int kernel = window.kernel()[axis];
    return input + padding(window, axis, " + ") + " − " + dilation + "·(" + kernel + " − 1) − 1";
  }

  /** Both sides together, or each if they differ. */
  private static String padding(Window window, int axis, String sign) {
    int before = window.padBefore()[axis];
    int after = window.padAfter()[axis];
    return before == after ? sign + "2·" + before : sign + before + sign + after;
  }

  static String same(int stride, int axis, int axes, Dim input) {
    return axis(axis, axes) + "_out = ⌈" + input + " / " + stride + "⌉ = " + input.ceilDiv(stride);
  }

  static String transposed(Window window, int axis, Dim input, int outputPadding, Dim output) {
    return axis(axis, window.rank())
        + "_out = ("
        + input
        + " − 1)·"
        + window.stride()[axis]
        + padding(window, axis, " − ")
        + " + "
        + window.dilation()[axis]
        + "·("
        + window.kernel()[axis]
        + " − 1) + "
        + outputPadding
        + " + 1 = "
        + output;
  }
}
