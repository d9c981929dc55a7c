package lamina.layer;

import java.util.List;
import lamina.op.Broadcast;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Each channel of {@code (N, C, H, W)} times a trained factor. It is a parameter of a block, which
 * no print shows, rather than a module.
 *
 * @param name what the block calls it
 * @param channels their number; null until the input decides
 * @param flat whether the parameter is {@code (C)}, as timm has it, rather than {@code (C, 1, 1)}
 */
public record LayerScale(String name, Dim channels, boolean flat) implements Layer {
  @Override
  public String type() {
    return "LayerScale";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(4, 4, 3);
  }

  @Override
  public Layer inferred(Shape input) {
    return channels == null ? new LayerScale(name, input.dim(1), flat) : this;
  }

  @Override
  public boolean isComplete() {
    return channels != null;
  }

  @Override
  public List<Parameter> parameters() {
    List<Dim> sizes = flat ? List.of(channels) : List.of(channels, Dim.ONE, Dim.ONE);
    return List.of(new Parameter(name, new Shape(sizes)));
  }

  /** As ConvNeXt: so small that blocks begin as their shortcuts. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.fill(values, 1e-6);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor own = weights.get(name);
    Tensor scale = own.reshape(own.size(), 1, 1);
    pass.recordTrained(
        (dy, gradients) -> {
          Tensor gradient = Broadcast.reduce(Broadcast.multiply(dy, input), scale.shape());
          gradients.add(weights, name, gradient.reshape(own.shape()));
          return Broadcast.multiply(dy, scale);
        });
    return Broadcast.multiply(input, scale);
  }
}
