package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** A layer that takes several inputs: where branches of a network meet. */
public interface MergeLayer extends Layer {
  /**
   * The shape of the output.
   *
   * @param inputs at least two
   * @throws InputException if the inputs do not fit together, with the reason in words that follow
   *     the layer's name: {@code "needs ..."}
   */
  Shape output(List<Shape> inputs);

  /**
   * The output for inputs of numbers. Records the backward step with {@link Pass#recordMerge}.
   *
   * @param inputs of one dtype, as {@link #output(List)} takes them
   */
  Tensor forward(List<Tensor> inputs, Pass pass);

  @Override
  default Tensor forward(Tensor input, Weights weights, Pass pass) {
    throw new IllegalStateException(type() + " takes several inputs");
  }
}
