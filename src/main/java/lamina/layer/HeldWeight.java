package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A weight that a module holds by itself, as a line of a printed ParameterList: it counts, but only
 * the {@code forward()} of its module could tell what it does.
 */
public record HeldWeight(Shape shape) implements Layer {
  @Override
  public String type() {
    return "Parameter";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter("weight", shape));
  }

  @Override
  public Shape output(Shape input) {
    throw new InputException("is a weight that forward() uses; how is not known");
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    throw new InputException("is a weight that forward() uses; how is not known");
  }
}
