package lamina.cli.option;

import lamina.tensor.Layout;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** How many spatial dimensions a convolution or pooling has: 1, 2 or 3. */
public final class SpatialDims {
  private SpatialDims() {}

  /**
   * What {@code --dims} says, or the layouts (which may be null) by their letters; 0 if none does.
   */
  public static int given(Arguments arguments, Layout... layouts) {
    int dims = arguments.integer("--dims", 0, 1);
    if (dims > 3) {
      throw new UsageException("--dims takes 1, 2 or 3, not '" + dims + "'");
    }
    for (Layout layout : layouts) {
      if (layout == null) {
        continue;
      }
      if (dims != 0 && layout.spatial() != dims) {
        throw new UsageException(
            "layout '"
                + layout
                + "' has "
                + layout.spatial()
                + " spatial axes but there are to be "
                + dims);
      }
      dims = layout.spatial();
    }
    return dims;
  }

  /**
   * Ranks 1, 2 and 4, 5 of a kernel mean 1, 2, 3; rank 3 means 2 unless the input has rank 1 (then
   * 1) or 5 (then 3).
   */
  public static int ofKernel(Tensor kernel, Tensor input) {
    return switch (kernel.rank()) {
      case 1 -> 1;
      case 2, 4 -> 2;
      case 3 -> input.rank() == 1 ? 1 : input.rank() == 5 ? 3 : 2;
      case 5 -> 3;
      default ->
          throw new InputException(
              "a kernel has rank 1 to 5, but "
                  + Tensor.text(kernel.shape())
                  + " has rank "
                  + kernel.rank());
    };
  }

  /** An input of a pooling: ranks 2, 3 and 4 mean 2, rank 5 means 3, rank 1 means 1. */
  public static int ofInput(Tensor input) {
    return switch (input.rank()) {
      case 1 -> 1;
      case 2, 3, 4 -> 2;
      case 5 -> 3;
      default ->
          throw new InputException(
              "an input has rank 1 to 5, but "
                  + Tensor.text(input.shape())
                  + " has rank "
                  + input.rank());
    };
  }

  /** What people call a spatial axis: depth, height, width; length if it is the only one. */
  public static String name(int axis, int dims) {
    return switch (dims - axis) {
      case 3 -> "depth";
      case 2 -> "height";
      default -> dims == 1 ? "length" : "width";
    };
  }
}
