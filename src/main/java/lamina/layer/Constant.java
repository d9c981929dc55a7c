package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A tensor that comes with a network and flows into layers as their inputs do.
 *
 * @param type what it is called
 * @param member the tensor's name within the part; empty if it has that of the part itself
 * @param trained whether it counts as a parameter
 */
public record Constant(String type, String member, Shape shape, boolean trained)
    implements MergeLayer {
  /** The value of a node in a file's graph. */
  public static Constant value(Shape shape, boolean trained) {
    return new Constant("Constant", "value", shape, trained);
  }

  /** A parameter or a buffer that a model holds by itself. */
  public static Constant own(Shape shape, boolean trained) {
    return new Constant(trained ? "Parameter" : "Buffer", "", shape, trained);
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
    return List.of(new Parameter(member, shape, trained));
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Weights weights, Pass pass) {
    if (trained) {
      pass.recordTrained(
          (dy, gradients) -> {
            gradients.add(weights, member, dy);
            return null;
          });
    }
    return weights.get(member);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    throw new IllegalStateException("a constant needs its tensor");
  }
}
