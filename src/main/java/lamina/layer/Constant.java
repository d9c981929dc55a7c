package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A tensor that comes with a network and flows into layers as their inputs do.
 *
 * @param shape its shape
 * @param trained whether it counts as a parameter
 */
public record Constant(Shape shape, boolean trained) implements MergeLayer {
  @Override
  public String type() {
    return "Constant";
  }

  @Override
  public int least() {
    return 0;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return shape;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter("value", shape, trained));
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Weights weights, Pass pass) {
    if (trained) {
      pass.recordTrained(
          (dy, gradients) -> {
            gradients.add(weights, "value", dy);
            return null;
          });
    }
    return weights.get("value");
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    throw new IllegalStateException("a constant needs its tensor");
  }
}
