package lamina.network;

import java.util.List;
import lamina.layer.Layer;

/** A part of a network. */
public sealed interface Node {
  /** The name that the container gives it: {@code 0}, {@code fc1}. */
  String name();

  /** The name of its class: {@code Conv2d}. */
  String type();

  /**
   * A single layer.
   *
   * @param text how it was written: {@code Linear(490, 10)}
   * @param layer what it is; null if its type is unknown
   */
  record Leaf(String name, String type, String text, Layer layer) implements Node {}

  /**
   * Several parts.
   *
   * @param sequential whether they are known to run one after another, each on the output of the
   *     one before; otherwise only a {@code forward()} that the text does not show could tell
   */
  record Container(String name, String type, boolean sequential, List<Node> parts)
      implements Node {}
}
