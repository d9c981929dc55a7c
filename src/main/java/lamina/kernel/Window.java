package lamina.kernel;

import java.util.Arrays;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

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
public record Window(int[] kernel, int[] stride, int[] dilation, int[] padBefore, int[] padAfter) {

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
      throw InputException.sentence(
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
   * @throws InputException if the result is below 1, or the output padding is not smaller than the
   *     stride or the dilation
   */
  public Dim transposedSize(int axis, Dim input, int outputPadding) {
    checkOutputPadding(axis, outputPadding);
    Dim size =
        input
            .plus(-1)
            .times(stride[axis])
            .plus(span(axis) + outputPadding - padBefore[axis] - padAfter[axis]);
    if (size.isNumber() && size.value() < 1) {
      throw InputException.sentence(
          "the transposed convolution's output would have size "
              + size
              + " on spatial axis "
              + axis
              + "; use less padding");
    }
    return size;
  }

  /**
   * Checks what is added to the output of a transposed convolution on one axis.
   *
   * @throws InputException unless it is smaller than the stride or the dilation
   */
  public void checkOutputPadding(int axis, int outputPadding) {
    if (outputPadding < 0 || outputPadding >= Math.max(stride[axis], dilation[axis])) {
      throw new InputException(
          "output padding "
              + outputPadding
              + " on spatial axis "
              + axis
              + " must be at least 0 and smaller than the stride "
              + stride[axis]
              + " or the dilation "
              + dilation[axis]);
    }
  }

  /**
   * Refuses padding of more than half a window, as PyTorch, Caffe and TensorFlow do for poolings:
   * only so every window has an element. ONNX allows it.
   *
   * @throws InputException if an axis has more
   */
  public void checkPoolPadding() {
    for (int axis = 0; axis < rank(); axis++) {
      int padding = Math.max(padBefore[axis], padAfter[axis]);
      if (padding > kernel[axis] / 2) {
        throw new InputException(
            "padding "
                + padding
                + " on spatial axis "
                + axis
                + " is more than half of the window's size "
                + kernel[axis]
                + "; use less padding or a larger window");
      }
    }
  }

  /**
   * The output size of a pooling on one axis. Floor: as a convolution. Ceil: {@code ⌈(i + pb + pa −
   * d(k−1) − 1) / s⌉ + 1}, but no window starts at or beyond {@code i + pb}, hence at most {@code
   * ⌈(i + pb) / s⌉}. Source: pooling_output_shape of PyTorch; Caffe's pooling_layer.cpp.
   *
   * @throws InputException if the result is below 1
   */
  public Dim poolSize(int axis, Dim input, Rounding rounding) {
    long overhang = padAfter[axis] - span(axis);
    Dim start = input.plus(padBefore[axis]);
    Dim size;
    if (rounding == Rounding.FLOOR) {
      size = start.plus(overhang).floorDiv(stride[axis]).plus(1);
    } else if (overhang + stride[axis] <= 0 || (rounding == Rounding.CAFFE && !isPadded())) {
      size = start.plus(overhang).ceilDiv(stride[axis]).plus(1);
    } else {
      size = start.ceilDiv(stride[axis]);
    }
    if (size.isNumber() && size.value() < 1) {
      throw InputException.sentence(
          "the window spans "
              + span(axis)
              + " elements on spatial axis "
              + axis
              + " but the padded input has only "
              + start.plus(padAfter[axis])
              + "; use a smaller window or dilation, or more padding");
    }
    return size;
  }

  /** Whether any axis has padding. */
  public boolean isPadded() {
    for (int axis = 0; axis < rank(); axis++) {
      if (padBefore[axis] != 0 || padAfter[axis] != 0) {
        return true;
      }
    }
    return false;
  }

  /** The output size on one axis under same padding, {@code ⌈i / s⌉}. */
  public Dim sameSize(int axis, Dim input) {
    return input.ceilDiv(stride[axis]);
  }

  /**
   * This window with the padding that gives an output of {@code ⌈i / s⌉}: in all {@code max((o −
   * 1)s + d(k−1) + 1 − i, 0)}, of an odd total the larger half after the input (SAME_UPPER of
   * TensorFlow and ONNX), or before it.
   *
   * @param lower whether the larger half goes before the input (SAME_LOWER)
   */
  public Window withSamePadding(int[] inputSize, boolean lower) {
    int[] total = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      long output = sameSize(axis, Dim.of(inputSize[axis])).value();
      long missing = (output - 1) * stride[axis] + span(axis) - inputSize[axis];
      total[axis] = fitting(Math.max(missing, 0));
    }
    return withTotalPadding(total, lower);
  }

  /**
   * This window with the padding that gives a transposed convolution an output of {@code i·s}: in
   * all {@code d(k−1) + 1 − s}; see {@link #transposedSameOutputPadding} where that is negative.
   */
  public Window withTransposedSamePadding(boolean lower) {
    int[] total = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      total[axis] = fitting(Math.max(span(axis) - stride[axis], 0));
    }
    return withTotalPadding(total, lower);
  }

  /** The output padding that gives {@code i·s} where the window is smaller than the stride. */
  public int[] transposedSameOutputPadding() {
    int[] padding = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      padding[axis] = fitting(Math.max(stride[axis] - span(axis), 0));
    }
    return padding;
  }

  /** This window with the padding d(k−1), with which every tap touches every element. */
  public Window withFullPadding() {
    int[] padding = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      padding[axis] = fitting(span(axis) - 1);
    }
    return withPadding(padding, padding);
  }

  /** This window with other padding. */
  public Window withPadding(int[] before, int[] after) {
    return new Window(kernel, stride, dilation, before, after);
  }

  /**
   * The output sizes of a convolution on all axes.
   *
   * @throws InputException as {@link #outputSize}, or if a size is beyond what a tensor holds
   */
  public int[] outputSizes(int[] inputSize) {
    int[] sizes = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      sizes[axis] = fitting(outputSize(axis, Dim.of(inputSize[axis])).value());
    }
    return sizes;
  }

  /**
   * The output sizes of a transposed convolution on all axes.
   *
   * @throws InputException as {@link #transposedSize}, or if a size is beyond what a tensor holds
   */
  public int[] transposedSizes(int[] inputSize, int[] outputPadding) {
    int[] sizes = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      Dim size = transposedSize(axis, Dim.of(inputSize[axis]), outputPadding[axis]);
      sizes[axis] = fitting(size.value());
    }
    return sizes;
  }

  /**
   * The output sizes of a pooling on all axes.
   *
   * @throws InputException as {@link #poolSize}, or if a size is beyond what a tensor holds
   */
  public int[] poolSizes(int[] inputSize, Rounding rounding) {
    int[] sizes = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      sizes[axis] = fitting(poolSize(axis, Dim.of(inputSize[axis]), rounding).value());
    }
    return sizes;
  }

  private Window withTotalPadding(int[] total, boolean lower) {
    int[] less = new int[rank()];
    int[] more = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      less[axis] = total[axis] / 2;
      more[axis] = total[axis] - less[axis];
    }
    return lower ? withPadding(more, less) : withPadding(less, more);
  }

  private static int fitting(long size) {
    if (size > Tensor.MAX_ELEMENTS) {
      throw new InputException(
          "a size of " + size + " is too large: at most " + Tensor.MAX_ELEMENTS + " elements fit");
    }
    return (int) size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Window that
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
    return "Window[kernel="
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
