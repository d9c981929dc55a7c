package lamina.network.read.onnx;

import lamina.tensor.Shape;

/** An operator cannot become a layer: it is unknown, or what it needs is. */
final class Unresolved extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Shape shape;

  Unresolved(String why) {
    this(why, null);
  }

  /**
   * @param shape what it would give, if that is known all the same; else null
   */
  Unresolved(String why, Shape shape) {
    super(why, null, false, false);
    this.shape = shape;
  }

  /** What it would give; null if that is not known. */
  Shape shape() {
    return shape;
  }
}
