package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** A layer that takes several inputs: where branches of a network meet. */
public interface MergeLayer extends Layer {
  /** How many inputs it takes at least. */
  default int least() {
    return 2;
  }

  /**
   * The shape of the output.
   *
   * @param inputs at least {@link #least}
   * @throws InputException if the inputs do not fit together, with the reason in words that follow
   *     the layer's name: {@code "needs ..."}
   */
  Shape output(List<Shape> inputs);

  /**
   * What must hold of symbols so that the inputs fit together: {@code 2·⌊H / 2⌋ = H}; null if they
   * fit for all sizes.
   */
  default String assumption(List<Shape> inputs) {
    return null;
  }

  /** The shape of the output for one input. */
  @Override
  default Shape output(Shape input) {
    return output(List.of(input));
  }

  /**
   * The output for inputs of numbers. Records the backward step with {@link Pass#recordMerge}.
   *
   * @param inputs of one dtype, as {@link #output(List)} takes them
   */
  Tensor forward(List<Tensor> inputs, Pass pass);

  /** As {@link #forward(List, Pass)}, for layers that have weights too. */
  default Tensor forward(List<Tensor> inputs, Weights weights, Pass pass) {
    return forward(inputs, pass);
  }

  /**
   * The output of a pass that records nothing, where one input may be overwritten.
   *
   * @param free the place of that input
   */
  default Tensor forwardInPlace(List<Tensor> inputs, int free, Weights weights, Pass pass) {
    return forward(inputs, weights, pass);
  }

  /** This layer with the sizes that its constructor left to the inputs. */
  default MergeLayer inferred(List<Shape> inputs) {
    return this;
  }

  /** The work of one forward pass over inputs of these shapes. */
  default Cost cost(List<Shape> inputs) {
    return Cost.NONE;
  }

  /** Which part of each input an element of the output sees. */
  default Reach reach(List<Shape> inputs) {
    return reach(inputs.isEmpty() ? Shape.of() : inputs.get(0));
  }

  @Override
  default Tensor forward(Tensor input, Weights weights, Pass pass) {
    throw new IllegalStateException(type() + " takes several inputs");
  }
}
