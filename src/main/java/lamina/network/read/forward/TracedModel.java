package lamina.network.read.forward;

import java.util.List;
import lamina.network.Model;
import lamina.network.Node;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A network of one's own whose {@code forward()} takes several inputs. No text says their shapes,
 * and its weights are elsewhere.
 *
 * @param outputs what its outputs are called
 * @param outputParts the parts that give them
 * @param parts all of them, of which the last one gives the first output
 */
record TracedModel(
    List<Model.Port> inputs, List<String> outputs, List<String> outputParts, List<Node> parts)
    implements Model {
  @Override
  public boolean bringsWeights() {
    return false;
  }

  @Override
  public boolean countsBatch() {
    return false;
  }

  @Override
  public Bound bind(List<Shape> shapes, List<Tensor> values, DType dtype, boolean merges) {
    return new Bound(parts, outputParts, outputs);
  }
}
