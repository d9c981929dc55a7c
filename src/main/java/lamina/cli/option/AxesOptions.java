package lamina.cli.option;

import java.util.Arrays;
import lamina.tensor.Layout;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** How many spatial axes a convolution or pooling has, and in which order all axes come. */
public final class AxesOptions extends OptionGroup {
  private final IntegerOption dims;
  private final TextOption layout;

  /**
   * @param dimsDefault what decides without {@code --dims}
   * @param layouts examples of layouts
   */
  AxesOptions(String dimsDefault, String layouts) {
    dims =
        keep(
            new IntegerOption(
                Option.withValue("N", "spatial dimensions; default: " + dimsDefault, "--dims")
                    .completionCandidates(Arrays.asList("1", "2", "3")),
                0,
                1,
                Integer.MAX_VALUE));
    layout = text("L", "order of the input's and output's axes, e.g. " + layouts, "--layout");
  }

  /** What {@code --layout} says, or null. */
  Layout layout() {
    try {
      return layout.isGiven() ? Layout.parse(layout.text()) : null;
    } catch (InputException e) {
      throw new UsageException(layout.name() + ": " + e.getMessage());
    }
  }

  /**
   * How many spatial axes {@code --dims} says, or the layouts (which may be null) by their letters;
   * 0 if none does.
   */
  int dims(Layout... layouts) {
    int given = dims.value();
    if (given > 3) {
      throw new UsageException("--dims takes 1, 2 or 3, not '" + given + "'");
    }
    for (Layout order : layouts) {
      if (order == null) {
        continue;
      }
      if (given != 0 && order.spatial() != given) {
        throw new UsageException(
            "layout '"
                + order
                + "' has "
                + order.spatial()
                + " spatial axes but there are to be "
                + given);
      }
      given = order.spatial();
    }
    return given;
  }

  /**
   * The spatial axes that a kernel has: ranks 1, 2 and 4, 5 mean 1, 2, 3; rank 3 means 2 unless the
   * input has rank 1 (then 1) or 5 (then 3).
   */
  public static int ofKernel(Tensor kernel, Tensor input) {
    return switch (kernel.rank()) {
      case 1 -> 1;
      case 2, 4 -> 2;
      case 3 -> input.rank() == 1 ? 1 : input.rank() == 5 ? 3 : 2;
      case 5 -> 3;
      default -> throw unknown("a kernel", kernel);
    };
  }

  /** The spatial axes of a pooling's input: ranks 2, 3 and 4 mean 2, 5 means 3, 1 means 1. */
  public static int ofInput(Tensor input) {
    return switch (input.rank()) {
      case 1 -> 1;
      case 2, 3, 4 -> 2;
      case 5 -> 3;
      default -> throw unknown("an input", input);
    };
  }

  private static InputException unknown(String what, Tensor tensor) {
    return new InputException(
        what
            + " has rank 1 to 5, but "
            + Tensor.text(tensor.shape())
            + " has rank "
            + tensor.rank());
  }
}
