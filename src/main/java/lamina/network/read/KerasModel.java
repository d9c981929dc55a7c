package lamina.network.read;

import java.util.List;
import lamina.network.Model;
import lamina.network.Node;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A functional model of Keras with several inputs or outputs. Its parts do not depend on its
 * inputs, and its weights are elsewhere.
 *
 * @param outputParts the parts that give the outputs
 * @param parts all of them, of which the last one gives the first output
 */
record KerasModel(
    List<Model.Port> inputs, List<String> outputs, List<String> outputParts, List<Node> parts)
    implements Model {
  @Override
  public boolean bringsWeights() {
    return false;
  }

  @Override
  public Bound bind(List<Shape> shapes, List<Tensor> values, DType dtype, boolean merges) {
    return new Bound(parts, outputParts, outputs);
  }
}
