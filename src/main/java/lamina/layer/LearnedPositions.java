package lamina.layer;

import java.util.List;
import lamina.op.Broadcast;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * A trained vector for every place of a sequence {@code (N, S, E)}, added to what stands there. It
 * is a parameter of a module, which no print shows, rather than a module.
 *
 * @param name what the module calls it
 * @param places S and E; null until the input decides
 */
public record LearnedPositions(String name, Shape places) implements Layer {
  @Override
  public String type() {
    return "Positions";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, 3, 2);
  }

  @Override
  public Layer inferred(Shape input) {
    return places == null
        ? new LearnedPositions(name, new Shape(List.of(Dim.ONE, input.dim(-2), input.dim(-1))))
        : this;
  }

  @Override
  public boolean isComplete() {
    return places != null;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter(name, places));
  }

  /** As torchvision: normal numbers of deviation 0.02. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    for (int i = 0; i < values.size(); i++) {
      values.set(i, 0.02 * random.nextGaussian());
    }
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor own = weights.get(name);
    pass.recordTrained(
        (dy, gradients) -> {
          gradients.add(weights, name, Broadcast.reduce(dy, own.shape()));
          return dy;
        });
    return Broadcast.add(input, own);
  }
}
