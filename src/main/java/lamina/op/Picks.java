package lamina.op;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Elements chosen on each axis by itself, {@code y[i0, i1, ...] = x[p0[i0], p1[i1], ...]}. Slicing,
 * tiling, stretching, padding and gathering are such choices. A pick of −1 takes no element but a
 * fill value.
 */
public final class Picks {
  private Picks() {}

  /** All elements of an axis from a start on, in steps that may be negative. */
  public static int[] steps(int start, int step, int count) {
    int[] picks = new int[count];
    for (int i = 0; i < count; i++) {
      picks[i] = start + i * step;
    }
    return picks;
  }

  /** The shape that the picks give; where there are none, an axis stays. */
  private static int[] shape(int[] input, int[][] picks) {
    int[] shape = input.clone();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = picks[axis] == null ? shape[axis] : picks[axis].length;
    }
    return shape;
  }

  /**
   * The elements chosen.
   *
   * @param picks for each axis of x the indices to take, or null for all
   * @param fill what −1 gives
   */
  public static Tensor forward(Tensor x, int[][] picks, double fill) {
    Tensor y = Tensor.filled(x.dtype(), fill, shape(x.shape(), picks));
    walk(x.shape(), y.shape(), picks, (from, to, count) -> Blocks.copy(x, from, y, to, count));
    return y;
  }

  /** The gradient with respect to x: each element gathers those of all its places. */
  public static Tensor backward(Tensor dy, int[][] picks, int... inputShape) {
    Tensor dx = Tensor.zeros(dy.dtype(), inputShape);
    walk(inputShape, dy.shape(), picks, (from, to, count) -> add(dy, to, dx, from, count));
    return dx;
  }

  private static void add(Tensor from, int fromOffset, Tensor to, int toOffset, int count) {
    if (from.dtype() == DType.FLOAT64) {
      for (int i = 0; i < count; i++) {
        to.doubles()[toOffset + i] += from.doubles()[fromOffset + i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        to.floats()[toOffset + i] += from.floats()[fromOffset + i];
      }
    }
  }

  /** Takes a run of elements that lie side by side both in x and in y. */
  private interface Run {
    void at(int inputOffset, int outputOffset, int count);
  }

  private static void walk(int[] input, int[] output, int[][] picks, Run run) {
    if (Tensor.elements(output) == 0 || Tensor.elements(input) == 0) {
      return;
    }
    int last = input.length - 1;
    int block = 1;
    while (last >= 0 && picks[last] == null) {
      block *= input[last--];
    }
    int[] strides = Tensor.strides(input);
    int[] index = new int[last + 1];
    int outputOffset = 0;
    while (true) {
      int inputOffset = 0;
      for (int axis = 0; axis <= last && inputOffset >= 0; axis++) {
        int pick = picks[axis] == null ? index[axis] : picks[axis][index[axis]];
        inputOffset = pick < 0 ? -1 : inputOffset + pick * strides[axis];
      }
      if (inputOffset >= 0) {
        run.at(inputOffset, outputOffset, block);
      }
      outputOffset += block;
      int axis = last;
      while (axis >= 0 && ++index[axis] == output[axis]) {
        index[axis--] = 0;
      }
      if (axis < 0) {
        return;
      }
    }
  }

  /**
   * The picks that stretch a shape to another, as {@link Broadcast} does; null if the shapes are
   * equal.
   */
  static int[][] stretching(int[] from, int[] to) {
    int[][] picks = new int[from.length][];
    boolean changes = false;
    for (int axis = 0; axis < from.length; axis++) {
      if (from[axis] == 1 && to[axis] != 1) {
        picks[axis] = new int[to[axis]];
        changes = true;
      }
    }
    return changes ? picks : null;
  }

  /** A tensor of any type stretched to a shape; itself if it has that shape. */
  public static Tensor stretched(Tensor x, int... shape) {
    if (Arrays.equals(x.shape(), shape)) {
      return x;
    }
    int[] padded = new int[shape.length];
    Arrays.fill(padded, 1);
    System.arraycopy(x.shape(), 0, padded, shape.length - x.rank(), x.rank());
    Tensor aligned = x.reshape(padded);
    int[][] picks = stretching(padded, shape);
    return picks == null ? aligned : forward(aligned, picks, 0);
  }
}
