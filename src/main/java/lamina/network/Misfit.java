package lamina.network;

import lamina.layer.Layer.Expectation;
import lamina.tensor.Shape;

/** A layer that does not fit what comes before it: an error of the input, or the end of a chain. */
final class Misfit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The path of the layer. */
  final transient String layer;

  /** The size that it takes; null if that is not what does not fit. */
  final transient Expectation expected;

  /** What it is given, one sample. */
  final transient Shape given;

  /** Whether a forward() that is not known may do something before it. */
  final transient boolean isChainAssumed;

  Misfit(String message, Throwable cause) {
    super(message, cause);
    this.layer = null;
    this.expected = null;
    this.given = null;
    this.isChainAssumed = false;
  }

  Misfit(String message) {
    this(message, null);
  }

  Misfit(String layer, Expectation expected, Shape given, boolean isChainAssumed, String message) {
    super(message);
    this.layer = layer;
    this.expected = expected;
    this.given = given;
    this.isChainAssumed = isChainAssumed;
  }
}
