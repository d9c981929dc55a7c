package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Broadcast;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/** The product of its inputs, element by element; sizes of 1 are stretched, as PyTorch does. */
public record Mul() implements MergeLayer {
  static final LayerType TYPE =
      new LayerType("Mul", "", "the product of several inputs") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Mul();
        }
      }.keras("Multiply").onnx("Mul");

  @Override
  public String type() {
    return "Mul";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Broadcast.shape(inputs);
  }

  @Override
  public String assumption(List<Shape> inputs) {
    return Broadcast.assumption(inputs);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    pass.recordMerge(dy -> gradients(inputs, dy));
    return product(inputs, -1, null);
  }

  /** The gradient of one input is dy times all others. */
  private static List<Tensor> gradients(List<Tensor> inputs, Tensor dy) {
    List<Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      boolean isWhole = inputs.get(i).dtype() == DType.INT64;
      gradients.add(
          isWhole ? null : Broadcast.reduce(product(inputs, i, dy), inputs.get(i).shape()));
    }
    return gradients;
  }

  private static Tensor product(List<Tensor> factors, int without, Tensor first) {
    Tensor product = first;
    for (int i = 0; i < factors.size(); i++) {
      if (i != without) {
        product = product == null ? factors.get(i) : Broadcast.multiply(product, factors.get(i));
      }
    }
    return product;
  }
}
