package lamina.op;

import lamina.kernel.PoolPlacement;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.text.InputException;

/** The windows that a pooling takes of its input. */
public sealed interface PoolWindows {
  /** The number of spatial axes. */
  int axes();

  /**
   * How many windows there are on each axis of an input.
   *
   * @throws InputException if none fits on an axis
   */
  int[] counts(int[] inputSize);

  /** Where they are, so many on each axis. */
  PoolPlacement over(int[] inputSize, int[] counts);

  /**
   * Windows of one size at regular steps.
   *
   * @param rounding how their number is rounded
   */
  record Sliding(Window window, Rounding rounding) implements PoolWindows {
    @Override
    public int axes() {
      return window.rank();
    }

    @Override
    public int[] counts(int[] inputSize) {
      return window.poolSizes(inputSize, rounding);
    }

    @Override
    public PoolPlacement over(int[] inputSize, int[] counts) {
      return PoolPlacement.of(window, inputSize, counts);
    }
  }

  /** So many windows on each axis, of about equal size. */
  record Adaptive(int... outputSize) implements PoolWindows {
    @Override
    public int axes() {
      return outputSize.length;
    }

    @Override
    public int[] counts(int[] inputSize) {
      for (int axis = 0; axis < outputSize.length; axis++) {
        if (outputSize[axis] < 1) {
          throw new InputException(
              "output size "
                  + outputSize[axis]
                  + " on spatial axis "
                  + axis
                  + " must be at least 1");
        }
      }
      return outputSize;
    }

    @Override
    public PoolPlacement over(int[] inputSize, int[] counts) {
      return PoolPlacement.adaptive(inputSize, counts);
    }
  }
}
