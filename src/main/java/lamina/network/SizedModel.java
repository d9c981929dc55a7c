package lamina.network;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/** A model of whose inputs somebody said the shapes. */
record SizedModel(Model model, List<Model.Port> inputs) implements Model {
  @Override
  public List<String> outputs() {
    return model.outputs();
  }

  @Override
  public boolean givesSequence(int output) {
    return model.givesSequence(output);
  }

  @Override
  public boolean bringsWeights() {
    return model.bringsWeights();
  }

  @Override
  public boolean countsBatch() {
    return model.countsBatch();
  }

  @Override
  public Bound bind(List<Shape> shapes, List<Tensor> values, DType dtype, boolean merges) {
    return model.bind(shapes, values, dtype, merges);
  }
}
