package lamina.op;

import java.util.Arrays;
import lamina.kernel.PoolPlacement;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A pooling over an input of a shape {@code (..., size...)}, with any number of axes before the
 * spatial ones.
 *
 * @param windows where the windows are in a plane of the input
 * @param planes how many planes there are
 * @param output the shape of the output
 */
record PooledShape(PoolPlacement windows, int planes, int[] output) {
  /**
   * What windows make of an input.
   *
   * @throws InputException if the shape has too few axes or empty ones, or no window fits
   */
  static PooledShape of(PoolWindows windows, int[] input) {
    int[] size = spatial(input, windows.axes());
    int[] counts = windows.counts(size);
    int[] output = input.clone();
    System.arraycopy(counts, 0, output, input.length - counts.length, counts.length);
    int planes = PoolPlacement.planes(input, counts.length);
    return new PooledShape(windows.over(size, counts), planes, output);
  }

  /** Checks the shape of an output's gradient. */
  void checkGradient(Tensor dy) {
    ConvolutionShapes.checkOutputGradient(dy, output);
  }

  private static int[] spatial(int[] shape, int axes) {
    if (shape.length < axes) {
      throw new InputException(
          "pooling over "
              + axes
              + " spatial axes does not fit an input of shape "
              + Tensor.text(shape));
    }
    int[] size = Arrays.copyOfRange(shape, shape.length - axes, shape.length);
    for (int i = 0; i < axes; i++) {
      if (size[i] == 0) {
        throw new InputException(
            "spatial axis " + i + " of the input " + Tensor.text(shape) + " is empty");
      }
    }
    return size;
  }
}
