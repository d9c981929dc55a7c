package lamina.layer.recurrent;

import java.util.List;
import lamina.layer.Layer;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/** A recurrent layer that takes something beside its sequence, which is the first input. */
interface ConditionedRecurrent extends MergeLayer {
  /** The layer itself, whose weights and costs these are. */
  Layer layer();

  @Override
  default String type() {
    return layer().type();
  }

  @Override
  default Cost cost(List<Shape> inputs) {
    return layer().cost(inputs.get(0));
  }

  @Override
  default Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  default List<Layer.Parameter> parameters() {
    return layer().parameters();
  }

  @Override
  default void initialize(Layer.Parameter parameter, Tensor values, RandomNumbers random) {
    layer().initialize(parameter, values, random);
  }

  @Override
  default Tensor forward(List<Tensor> inputs, Pass pass) {
    throw new IllegalStateException(type() + " has weights");
  }
}
