package lamina.cli.command;

import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.data.Preparation;

/**
 * How inputs become what a network that was trained takes.
 *
 * @param preparation what its training learned of its samples
 * @param isImage whether the input is a file of pixels
 */
record TrainedInput(Preparation preparation, boolean isImage) {
  /** The input as the network was trained on. */
  Tensor prepared(Tensor input) {
    return isImage ? preparation.applyImage(input) : preparation.apply(input);
  }

  /**
   * Some output is the greatest even where NaN went in, but it says nothing.
   *
   * @param fromBelow whether minus infinity is refused, too; as an output it tells what is not
   */
  static void requireFinite(Tensor tensor, String what, boolean fromBelow) {
    for (int i = 0; i < tensor.size(); i++) {
      double value = tensor.get(i);
      boolean isLeast = value == Double.NEGATIVE_INFINITY && !fromBelow;
      if (!Double.isFinite(value) && !isLeast) {
        throw new InputException(
            what
                + " "
                + (i + 1)
                + " of "
                + tensor.size()
                + " is "
                + value
                + "; only finite numbers have a class");
      }
    }
  }
}
