package lamina.layer;

import java.util.List;
import lamina.op.AxisPart;
import lamina.op.Blocks;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * A trained vector before the steps of every sequence {@code (N, S, E)}, which a vision transformer
 * makes its answer of. It is a parameter of the network, which no print shows, rather than a
 * module.
 *
 * @param name what the network calls it
 * @param features E; null until the input decides
 */
public record ClassToken(String name, Dim features) implements Layer {
  @Override
  public String type() {
    return "ClassToken";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, 3, 2);
  }

  @Override
  public Layer inferred(Shape input) {
    return features == null ? new ClassToken(name, input.dim(-1)) : this;
  }

  @Override
  public boolean isComplete() {
    return features != null;
  }

  @Override
  public Shape output(Shape input) {
    return input.with(-2, input.dim(-2).plus(1));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter(name, new Shape(List.of(Dim.ONE, Dim.ONE, features))));
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor token = weights.get(name);
    int count = input.dim(0);
    int steps = input.dim(1);
    int size = input.dim(2);
    Tensor y = Tensor.zeros(input.dtype(), count, steps + 1, size);
    for (int i = 0; i < count; i++) {
      Blocks.copy(token, 0, y, i * (steps + 1) * size, size);
      Blocks.copy(input, i * steps * size, y, (i * (steps + 1) + 1) * size, steps * size);
    }
    pass.recordTrained(
        (dy, gradients) -> {
          Tensor first = new AxisPart(1, 0, 1, 1).forward(dy);
          Tensor sum = Tensor.zeros(dy.dtype(), 1, 1, size);
          for (int i = 0; i < first.size(); i++) {
            sum.set(i % size, sum.get(i % size) + first.get(i));
          }
          gradients.add(weights, name, sum);
          return new AxisPart(1, 1, steps, 1).forward(dy);
        });
    return y;
  }

  /** As torchvision: zeros. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.fill(values, 0);
  }
}
