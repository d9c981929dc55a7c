package lamina.cli.command;

import java.util.Arrays;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * How an input's axes stand to the canonical {@code (N, C, size...)}: with or without a batch, with
 * or without channels, in any order. Results go back the same way.
 */
final class SpatialAxes {
  private final Layout layout;
  private final Layout layoutWithChannels;
  private final Tensor canonical;

  /**
   * @param spatial the number of spatial axes
   * @param layout what {@code --layout} says, or null for channels first
   */
  SpatialAxes(Tensor input, int spatial, Layout layout) {
    int rank = input.rank();
    if (layout == null) {
      if (rank < spatial || rank > spatial + 2) {
        throw new InputException(
            "the input "
                + Tensor.text(input.shape())
                + " has rank "
                + rank
                + " but "
                + spatial
                + (spatial == 1 ? " spatial dimension takes" : " spatial dimensions take")
                + " rank "
                + spatial
                + ", "
                + (spatial + 1)
                + " with channels or "
                + (spatial + 2)
                + " with a batch too; see --dims and --layout");
      }
      Layout all = Layout.channelsFirst(true, spatial);
      this.layout = Layout.parse(all.toString().substring(spatial + 2 - rank));
      this.layoutWithChannels = rank == spatial ? Layout.channelsFirst(false, spatial) : all;
    } else if (layout.has('c') && rank == spatial) {
      // No channels yet: the layout says where those of the result go.
      this.layout = Layout.parse(without(without(layout.toString(), "n"), "c"));
      this.layoutWithChannels = Layout.parse(without(layout.toString(), "n"));
    } else {
      layout.check(Shape.of(input.shape()), "the input");
      this.layout = layout;
      this.layoutWithChannels = layout.has('c') ? layout : Layout.parse(withChannels(layout));
    }
    Tensor ordered = input.permute(this.layout.toCanonical());
    int[] shape = new int[spatial + 2];
    int axis = 0;
    shape[0] = this.layout.has('n') ? ordered.dim(axis++) : 1;
    shape[1] = this.layout.has('c') ? ordered.dim(axis++) : 1;
    for (int i = 0; i < spatial; i++) {
      shape[i + 2] = ordered.dim(axis++);
    }
    this.canonical = ordered.reshape(shape);
  }

  private static String without(String text, String letter) {
    return text.replace(letter, "");
  }

  private static String withChannels(Layout layout) {
    String text = layout.toString();
    return layout.has('n') ? text.replace("n", "nc") : "c" + text;
  }

  /** The input as {@code (N, C, size...)}. */
  Tensor canonical() {
    return canonical;
  }

  /** The input's spatial sizes. */
  int[] size() {
    return Arrays.copyOfRange(canonical.shape(), 2, canonical.rank());
  }

  /** A canonical tensor in the input's axes; it gains a channel axis if it has several channels. */
  Tensor restore(Tensor tensor) {
    return restored(tensor.dim(1)).isCanonical()
        ? tensor.reshape(present(tensor.shape()))
        : tensor.reshape(present(tensor.shape())).permute(restored(tensor.dim(1)).fromCanonical());
  }

  /**
   * A gradient of a result that has a canonical shape: in the result's axes, or a scalar for all.
   *
   * @param option how messages call it
   */
  Tensor canonicalGradient(String option, Tensor gradient, int[] shape) {
    if (gradient.rank() == 0) {
      return Tensor.filled(gradient.dtype(), gradient.get(0), shape);
    }
    Layout order = restored(shape[1]);
    int[] expected = new int[order.rank()];
    int[] present = present(shape);
    int[] axes = order.fromCanonical();
    for (int axis = 0; axis < axes.length; axis++) {
      expected[axis] = present[axes[axis]];
    }
    if (!Arrays.equals(expected, gradient.shape())) {
      throw new InputException(
          option
              + " has shape "
              + Tensor.text(gradient.shape())
              + " but the output has "
              + Tensor.text(expected)
              + "; give the output's shape or a scalar");
    }
    return gradient.permute(order.toCanonical()).reshape(shape);
  }

  /** The index of an element of a result as the result's axes have it: {@code [0, 1]}. */
  String index(int flat, int[] shape) {
    Layout order = restored(shape[1]);
    int[] strides = Tensor.strides(shape);
    int[] position = new int[shape.length];
    int rest = flat;
    for (int axis = 0; axis < shape.length; axis++) {
      position[axis] = rest / strides[axis];
      rest %= strides[axis];
    }
    int[] present = present(position, order);
    StringBuilder text = new StringBuilder("[");
    for (int axis : order.fromCanonical()) {
      text.append(text.length() == 1 ? "" : ", ").append(present[axis]);
    }
    return text.append(']').toString();
  }

  private Layout restored(int channels) {
    return channels == 1 || layout.has('c') ? layout : layoutWithChannels;
  }

  private int[] present(int[] shape) {
    return present(shape, restored(shape[1]));
  }

  /** The entries of the axes that the result has, in canonical order. */
  private static int[] present(int[] entries, Layout order) {
    int[] present = new int[order.rank()];
    int to = 0;
    for (int axis = 0; axis < entries.length; axis++) {
      if (axis > 1 || order.has(axis == 0 ? 'n' : 'c')) {
        present[to++] = entries[axis];
      }
    }
    return present;
  }
}
