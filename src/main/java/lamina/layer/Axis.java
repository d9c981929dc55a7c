package lamina.layer;

import lamina.tensor.Shape;
import lamina.text.InputException;

/** Axes as arguments. */
public final class Axis {
  private Axis() {}

  /**
   * An axis counted from the first.
   *
   * @param argument the argument's name, for the message
   * @throws InputException if the shape has no such axis
   */
  public static int of(int axis, Shape shape, String argument) {
    if (axis < -shape.rank() || axis >= shape.rank()) {
      throw new InputException(
          "has " + argument + " " + axis + ", which is no axis of the input " + shape);
    }
    return axis < 0 ? axis + shape.rank() : axis;
  }
}
