package lamina.network.read.onnx;

import java.util.Set;

/** An operator needs the elements of values that are not constant, but that inputs decide. */
final class NeedsValues extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Set<Integer> inputs;

  NeedsValues(Set<Integer> inputs) {
    super(null, null, false, false);
    this.inputs = inputs;
  }

  /** The network's inputs whose values are needed. */
  Set<Integer> inputs() {
    return inputs;
  }
}
