package lamina.op;

import java.util.Arrays;
import lamina.kernel.PaddingDouble;
import lamina.kernel.PaddingFloat;
import lamina.kernel.PaddingMode;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Padding of the last one to three axes of a tensor, in every mode, and its gradient. */
public final class Paddings {
  private Paddings() {}

  /**
   * The tensor with {@code before[i]} and {@code after[i]} elements added to the last axes; {@code
   * y[j] = x[j − before]} where that exists. Negative padding crops, in constant mode.
   *
   * @param x of shape {@code (..., size...)}
   * @throws InputException if reflect padding is not smaller than the axis, circular padding is
   *     larger than it, or the result is too large
   */
  public static Tensor pad(Tensor x, int[] before, int[] after, PaddingMode mode) {
    int[] size = spatial(x.shape(), before.length);
    int[][] sources = sources(size, before, after, mode);
    Tensor y = Tensor.zeros(x.dtype(), paddedShape(x.shape(), size.length, sources));
    int planes = planes(x.shape(), size.length);
    if (x.dtype() == DType.FLOAT64) {
      PaddingDouble.pad(planes, inPlane(size), sources, mode.value(), x.doubles(), y.doubles());
    } else {
      float value = (float) mode.value();
      PaddingFloat.pad(planes, inPlane(size), sources, value, x.floats(), y.floats());
    }
    return y;
  }

  /**
   * The gradient of {@link #pad}: every element gets the sum of the gradients of its copies.
   *
   * @param dy of the padded shape
   * @param shape the shape of x
   */
  public static Tensor padBackward(
      Tensor dy, int[] shape, int[] before, int[] after, PaddingMode mode) {
    int[] size = spatial(shape, before.length);
    int[][] sources = sources(size, before, after, mode);
    Shapes.check("the gradient", dy, paddedShape(shape, size.length, sources));
    Tensor dx = Tensor.zeros(dy.dtype(), shape);
    int planes = planes(shape, size.length);
    if (dy.dtype() == DType.FLOAT64) {
      PaddingDouble.padBackward(planes, inPlane(size), sources, dy.doubles(), dx.doubles());
    } else {
      PaddingFloat.padBackward(planes, inPlane(size), sources, dy.floats(), dx.floats());
    }
    return dx;
  }

  private static int[] spatial(int[] shape, int axes) {
    if (shape.length < axes) {
      throw new InputException(
          "padding of " + axes + " axes does not fit shape " + Tensor.text(shape));
    }
    return Arrays.copyOfRange(shape, shape.length - axes, shape.length);
  }

  private static int planes(int[] shape, int axes) {
    return Tensor.elements(Arrays.copyOf(shape, shape.length - axes));
  }

  /** The sizes of three axes: those missing at the front are 1. */
  private static int[] inPlane(int[] size) {
    int[] three = {1, 1, 1};
    System.arraycopy(size, 0, three, 3 - size.length, size.length);
    return three;
  }

  private static int[] paddedShape(int[] shape, int axes, int[][] sources) {
    int[] padded = shape.clone();
    for (int axis = 1; axis <= axes; axis++) {
      padded[shape.length - axis] = sources[3 - axis].length;
    }
    return padded;
  }

  /**
   * For each of three axes, and each index of the result on it: the index of which it is a copy, or
   * -1.
   */
  private static int[][] sources(int[] size, int[] before, int[] after, PaddingMode mode) {
    int[][] sources = {{0}, {0}, {0}};
    for (int axis = 0; axis < size.length; axis++) {
      check(axis, size[axis], before[axis], mode);
      check(axis, size[axis], after[axis], mode);
      long padded = (long) size[axis] + before[axis] + after[axis];
      if (padded < 1 || padded > Tensor.MAX_ELEMENTS) {
        throw new InputException(
            "padding "
                + before[axis]
                + " and "
                + after[axis]
                + " would make size "
                + padded
                + " of spatial axis "
                + axis
                + ", which has "
                + size[axis]);
      }
      int[] source = new int[(int) padded];
      for (int i = 0; i < source.length; i++) {
        source[i] = source(i - before[axis], size[axis], mode.kind());
      }
      sources[3 - size.length + axis] = source;
    }
    return sources;
  }

  private static void check(int axis, int size, int padding, PaddingMode mode) {
    mode.check(axis, Dim.of(size), padding);
    if (padding < 0 && mode.kind() != PaddingMode.Kind.CONSTANT) {
      throw new InputException(
          mode + " padding " + padding + " on spatial axis " + axis + " must be at least 0");
    }
  }

  private static int source(int index, int size, PaddingMode.Kind kind) {
    if (index >= 0 && index < size) {
      return index;
    }
    return switch (kind) {
      case CONSTANT -> -1;
      case REFLECT -> index < 0 ? -index : 2 * (size - 1) - index;
      case REPLICATE -> index < 0 ? 0 : size - 1;
      case CIRCULAR -> Math.floorMod(index, size);
    };
  }
}
