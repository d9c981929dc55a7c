package lamina.layer;

import lamina.kernel.Window;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** A layer that moves a window over 1 to 3 spatial axes, and whose arguments can be solved for. */
public interface WindowLayer extends Layer {
  Window window();

  /** What is added to each axis of the output; empty for layers without this argument. */
  default int[] outputPadding() {
    return new int[0];
  }

  /**
   * The size of the output along one axis, for other arguments than the layer's own.
   *
   * @param axis a window of one axis
   * @param extra the output padding; 0 for layers without it
   * @throws InputException if the layer does not allow these arguments, or the input does not fit
   */
  Dim size(Window axis, Dim input, int extra);
}
