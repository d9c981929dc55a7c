package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A parameter or a buffer that a model holds by itself, and that flows into layers as their inputs
 * do. Its tensor has the name of the part itself.
 *
 * @param trained whether it counts as a parameter
 */
public record OwnTensor(Shape shape, boolean trained) implements MergeLayer {
  @Override
  public String type() {
    return trained ? "Parameter" : "Buffer";
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
    return List.of(new Parameter("", shape, trained));
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Weights weights, Pass pass) {
    pass.recordTrained(
        (dy, gradients) -> {
          if (trained) {
            gradients.add(weights, "", dy);
          }
          return null;
        });
    return weights.get("");
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    throw new IllegalStateException("a parameter needs its tensor");
  }
}
