package lamina.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.kernel.Window;
import lamina.layer.WindowLayer;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Finds the argument of a convolution or pooling that gives an output of a wanted size. */
public final class Solver {
  /** The arguments that can be asked for. */
  public static final List<String> ARGUMENTS =
      Arrays.asList("padding", "stride", "kernel_size", "output_padding");

  /** The largest value that is tried. */
  private static final int MOST = 10_000;

  private Solver() {}

  /**
   * All values that give the target, axis by axis.
   *
   * @param layer the layer's name
   * @param argument what was asked for
   * @param values the values for each spatial axis, ascending; never empty
   */
  public record Solution(String layer, String type, String argument, List<List<Long>> values) {}

  /**
   * Solves for an argument of the only convolution or pooling of a network.
   *
   * @param target the shape of that layer's output, or its spatial sizes
   * @throws InputException if there is no such layer, or no value gives the target
   */
  public static Solution solve(Network network, Shape input, String argument, Shape target) {
    Node.Leaf only = null;
    WindowLayer layer = null;
    for (Node.Leaf leaf : network.leaves()) {
      if (leaf.layer() instanceof WindowLayer found) {
        if (only != null) {
          throw new InputException(
              "--solve needs a single convolution or pooling, but there are '"
                  + only.name()
                  + "' and '"
                  + leaf.name()
                  + "'; give the one to solve for, and its input as --input");
        }
        only = leaf;
        layer = found;
      }
    }
    if (only == null) {
      throw new InputException("--solve needs a convolution or a pooling in NET; there is none");
    }
    if (argument.equals("output_padding") && layer.outputPadding().length == 0) {
      throw new InputException(only.text() + " has no output_padding; only ConvTranspose has");
    }
    int axes = layer.window().rank();
    if (input.rank() < axes || target.rank() < axes) {
      throw new InputException(
          only.text() + " has " + axes + " spatial axes; --input and --target need as many");
    }
    List<List<Long>> values = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      Dim from = input.dim(axis - axes);
      Dim to = target.dim(axis - axes);
      values.add(values(only, layer, argument, axis, from, to));
    }
    return new Solution(only.name(), only.type(), argument, values);
  }

  private static List<Long> values(
      Node.Leaf leaf, WindowLayer layer, String argument, int axis, Dim from, Dim to) {
    List<Long> values = new ArrayList<>();
    Dim below = null;
    Dim above = null;
    for (int value = argument.endsWith("padding") ? 0 : 1; value <= MOST; value++) {
      Dim size = size(layer, argument, value, axis, from);
      if (size == null) {
        continue;
      }
      if (size.equals(to)) {
        values.add((long) value);
      } else if (size.isNumber() && to.isNumber()) {
        boolean less = size.value() < to.value();
        if (less && (below == null || size.value() > below.value())) {
          below = size;
        }
        if (!less && (above == null || size.value() < above.value())) {
          above = size;
        }
      }
    }
    if (values.isEmpty()) {
      String nearest = below == null ? "" : "; the next smaller size is " + below;
      nearest += above == null ? "" : "; the next larger size is " + above;
      throw new InputException(
          "no "
              + argument
              + " of "
              + leaf.text()
              + " gives "
              + to
              + " from "
              + from
              + " on spatial axis "
              + axis
              + nearest);
    }
    return values;
  }

  /** The size of the output with another value, or null if the value is not allowed. */
  private static Dim size(WindowLayer layer, String argument, int value, int axis, Dim from) {
    Window old = layer.window();
    int kernel = argument.equals("kernel_size") ? value : old.kernel()[axis];
    int stride = argument.equals("stride") ? value : old.stride()[axis];
    int padding = argument.equals("padding") ? value : old.padBefore()[axis];
    int dilation = old.dilation()[axis];
    int[] extras = layer.outputPadding();
    int given = extras.length == 0 ? 0 : extras[axis];
    int extra = argument.equals("output_padding") ? value : given;
    Window window =
        new Window(
            new int[] {kernel},
            new int[] {stride},
            new int[] {dilation},
            new int[] {padding},
            new int[] {padding});
    try {
      return layer.size(window, from, extra);
    } catch (InputException e) {
      return null;
    }
  }
}
