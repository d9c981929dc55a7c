package lamina.kernel;

import java.util.Arrays;
import lamina.tensor.Dim;
import lamina.tensor.InputException;

/**
 * Where a window stands over its input, one entry per spatial axis: used by convolution, pooling
 * and shape rules alike. All arrays have the same length, 1 to 3.
 *
 * @param kernel the window's sizes, at least 1
 * @param stride the steps between windows, at least 1
 * @param dilation the distances between the taps of a window, at least 1
 * @param padBefore padding before the first element
 * @param padAfter padding after the last element
 */
public record Geometry(
    int[] kernel, int[] stride, int[] dilation, int[] padBefore, int[] padAfter) {

  /** The number of spatial axes. */
  public int rank() {
    return kernel.length;
  }

  /** How many input elements a window spans on an axis: {@code d(k − 1) + 1}. */
  public long span(int axis) {
    return (long) dilation[axis] * (kernel[axis] - 1) + 1;
  }

  /**
   * The output size of a convolution on one axis, {@code ⌊(i + pb + pa − d(k−1) − 1) / s⌋ + 1}.
   * Source: the size formula in the documentation of torch.nn.Conv2d.
   *
   * @throws InputException if the window is larger than the padded input
   */
  public Dim outputSize(int axis, Dim input) {
    Dim room = input.plus((long) padBefore[axis] + padAfter[axis] - span(axis));
    if (room.isNumber() && room.value() < 0) {
      throw new InputException(
          "the kernel spans "
              + span(axis)
              + " elements on spatial axis "
              + axis
              + " but the padded input has only "
              + (room.value() + span(axis))
              + "; use a smaller kernel or dilation, or more padding");
    }
    return room.floorDiv(stride[axis]).plus(1);
  }

  /**
   * The output size of a transposed convolution on one axis, {@code (i−1)s − pb − pa + d(k−1) + 1 +
   * outputPadding}. Source: the documentation of torch.nn.ConvTranspose2d.
   *
   * @throws InputException if the result is below 1
   */
  public Dim transposedSize(int axis, Dim input, int outputPadding) {
    Dim size =
        input
            .plus(-1)
            .times(stride[axis])
            .plus(span(axis) + outputPadding - padBefore[axis] - padAfter[axis]);
    if (size.isNumber() && size.value() < 1) {
      throw new InputException(
          "the transposed convolution's output would have size "
              + size
              + " on spatial axis "
              + axis
              + "; use less padding");
    }
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Geometry that
        && Arrays.equals(kernel, that.kernel)
        && Arrays.equals(stride, that.stride)
        && Arrays.equals(dilation, that.dilation)
        && Arrays.equals(padBefore, that.padBefore)
        && Arrays.equals(padAfter, that.padAfter);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {kernel, stride, dilation, padBefore, padAfter});
  }

  @Override
  public String toString() {
    return "Geometry[kernel="
        + Arrays.toString(kernel)
        + ", stride="
        + Arrays.toString(stride)
        + ", dilation="
        + Arrays.toString(dilation)
        + ", padBefore="
        + Arrays.toString(padBefore)
        + ", padAfter="
        + Arrays.toString(padAfter)
        + "]";
  }
}
