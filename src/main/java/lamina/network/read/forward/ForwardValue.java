package lamina.network.read.forward;

import java.util.List;
import lamina.tensor.symbol.Dim;

/**
 * What expressions in {@code forward()} give, beside numbers (Long, Double), Boolean, String, null
 * and lists of these.
 */
sealed interface ForwardValue {
  /** A tensor: the output of a part of the network. */
  record Ref(String output) implements ForwardValue {}

  /** The shape of a tensor, of which the number of axes is not known yet. */
  record ShapeOf(Ref tensor) implements ForwardValue {}

  /** Some axes of a shape, from one to before another; null for the ends. */
  record ShapePart(Ref tensor, Integer start, Integer stop) implements ForwardValue {}

  /** An expression of sizes of tensors; {@link Trace#size} makes their symbols. */
  record Size(Dim dim) implements ForwardValue {}

  /** {@code start:stop:step} between brackets. */
  record Range(Object start, Object stop, Object step) implements ForwardValue {}

  /** A module or another attribute of the model, by its path. */
  record Attribute(String path) implements ForwardValue {}

  /** A function or method by name; a method with what it belongs to. */
  record Function(String name, Object self) implements ForwardValue {}

  /** Three dots. */
  record Ellipsis() implements ForwardValue {}

  /** Several tensors that come into being as they are asked for, such as chunks. */
  record Several(IndexedPart part, int count) implements ForwardValue {
    /** All of them. */
    List<Object> all() {
      Object[] all = new Object[count];
      for (int i = 0; i < count; i++) {
        all[i] = part.at(i);
      }
      return List.of(all);
    }
  }

  /**
   * The last states of a recurrent layer that goes forward only: of the last layer, the last step
   * of its output.
   *
   * @param timeAxis the axis of the output that counts the steps
   */
  record States(Ref output, int timeAxis) implements ForwardValue {}

  /** Makes one of several tensors. */
  interface IndexedPart {
    Object at(int index);
  }
}
