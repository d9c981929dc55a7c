package lamina.network;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lamina.layer.Cast;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A network from a file that names its inputs and outputs, mostly brings its weights, and counts
 * the batch among the axes. What its layers are may depend on the shapes of its inputs, and on
 * values: sizes are often computed within such a graph.
 */
public interface Model {
  /**
   * An input.
   *
   * @param shape what the file says of it, with symbols for sizes that are open; null if nothing
   * @param isInteger whether its elements are integers or truth values
   * @param kind what the file says of its elements; null if nothing
   * @param isSequence whether it is no tensor but any number of them
   */
  record Port(String name, Shape shape, boolean isInteger, Cast.Kind kind, boolean isSequence) {
    public Port(String name, Shape shape, boolean isInteger) {
      this(name, shape, isInteger, null, false);
    }

    /** The same input with another shape. */
    public Port withShape(Shape other) {
      return new Port(name, other, isInteger, kind, isSequence);
    }
  }

  /**
   * The graph for inputs of certain shapes.
   *
   * @param parts its layers, each after those that it takes; the last one gives the first output
   * @param outputs the parts that give the outputs, in order
   * @param names what the outputs are called; those of a sequence have a number behind its name
   * @param weights the tensors that come with the layers, by their full names
   * @param aliases the file's names of weights, by their full names
   * @param usesValues whether it holds only for the values that the inputs had
   * @param doubts what the file says that does not go with what was found, in words
   */
  record Bound(
      List<Node> parts,
      List<String> outputs,
      List<String> names,
      Map<String, Supplier<Tensor>> weights,
      Map<String, String> aliases,
      boolean usesValues,
      List<String> doubts) {
    /** A graph without weights that nothing is doubtful about. */
    public Bound(List<Node> parts, List<String> outputs, List<String> names) {
      this(parts, outputs, names, Map.of(), Map.of(), false, List.of());
    }
  }

  /** Whether the file has the weights too; else they are given or drawn as for any network. */
  default boolean bringsWeights() {
    return true;
  }

  /** Whether the shapes of its inputs have the batch among their axes, as a file's have. */
  default boolean countsBatch() {
    return true;
  }

  /** The inputs that must be given. */
  List<Port> inputs();

  /** The names of the outputs. */
  List<String> outputs();

  /** Whether an output is no tensor but any number of them. */
  default boolean givesSequence(int output) {
    return false;
  }

  /**
   * This model with so many inputs in place of each that is a sequence.
   *
   * @param counts for each input the number of its tensors, −1 for none where none may be there; 1
   *     for those that are tensors
   */
  default Model unfolded(List<Integer> counts) {
    return this;
  }

  /**
   * The graph for inputs of these shapes.
   *
   * @param shapes one for each input
   * @param values one for each input, or null if they are unknown
   * @param dtype what is computed in
   * @param merges whether a layer that scales what another gives may become a part of its weights:
   *     not if the outputs or the weights of single layers are asked for
   * @throws lamina.text.InputException if the graph is malformed or shapes do not fit
   */
  Bound bind(List<Shape> shapes, List<Tensor> values, DType dtype, boolean merges);
}
