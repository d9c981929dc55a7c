package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Layer;
import lamina.layer.Layer.Expectation;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** What a layer gives for the shapes of its inputs, and for inputs that are constants. */
final class LayerValues {
  private LayerValues() {}

  /** The shape of what a layer gives. */
  static Shape shape(Layer layer, List<Shape> shapes) {
    if (layer instanceof MergeLayer merge) {
      return merge.output(shapes);
    }
    Shape input = shapes.get(0);
    int rank = input.rank();
    if (rank < layer.ranks().least() || rank > layer.ranks().most()) {
      throw new InputException("takes no input of " + rank + " axes, such as " + input);
    }
    Layer inferred = layer.inferred(input);
    for (Expectation expected : inferred.expectations(input)) {
      Dim actual = input.dim(expected.axis());
      if (actual.isNumber() && expected.size().isNumber() && !actual.equals(expected.size())) {
        throw new InputException(
            "expects " + expected.size() + " " + expected.unit() + " but gets " + actual);
      }
    }
    return inferred.output(input);
  }

  /** What a layer gives for constants. */
  static Tensor computed(
      OnnxNode node, Layer layer, List<Value> operands, Map<String, Value> parameters) {
    List<Tensor> inputs = new ArrayList<>();
    for (Value operand : operands) {
      inputs.add(operand.constant().get());
    }
    Map<String, Tensor> tensors = new HashMap<>();
    parameters.forEach((name, value) -> tensors.put("." + name, value.constant().get()));
    Weights own = new Weights(tensors, "");
    try {
      return layer instanceof MergeLayer merge
          ? merge.forward(inputs, Pass.inference())
          : layer.forward(inputs.get(0), own, Pass.inference());
    } catch (InputException e) {
      throw e.about(node.label());
    }
  }
}
