package lamina.network.read.onnx;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lamina.tensor.Tensor;

/**
 * The values of a network's inputs.
 *
 * @param tensors one for each input, null where it is not given; null if none is
 * @param bound the inputs that count as constants
 */
record InputValues(List<Tensor> tensors, Set<Integer> bound) {

  /** The value of an input that counts as a constant; null if it does not. */
  Tensor constant(int input) {
    return tensors != null && bound.contains(input) ? tensors.get(input) : null;
  }

  /**
   * The elements of a value that decides what a layer is.
   *
   * @throws NeedsValues if they follow from inputs
   * @throws Unresolved if nothing is known of them
   */
  Tensor elements(OnnxNode node, Value value) {
    if (value.isConstant()) {
      return value.constant().get();
    }
    require(value);
    throw new Unresolved(
        node.label() + " depends on the elements of '" + value.name() + "', which are not known");
  }

  /**
   * Asks for the values that a value depends on.
   *
   * @throws NeedsValues if there are any that do not count as constants yet
   */
  void require(Value value) {
    if (tensors == null) {
      return;
    }
    Set<Integer> needed = new HashSet<>();
    value.origins().stream()
        .filter(i -> tensors.get(i) != null && !bound.contains(i))
        .forEach(needed::add);
    if (!needed.isEmpty()) {
      throw new NeedsValues(needed);
    }
  }
}
