package lamina.layer;

import java.util.List;
import lamina.op.Activation;
import lamina.op.Broadcast;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Keras's PReLU: a slope for every element of a sample; axes that share theirs have size 1.
 *
 * @param shape of the slopes: that of a sample, or sizes of 1
 */
public record ElementSlopes(Shape shape) implements Layer {
  @Override
  public String type() {
    return "PReLU";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(shape.rank() + 1, shape.rank() + 1, shape.rank());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter("weight", shape));
  }

  /** Keras starts at 0. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.fill(values, 0);
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    Dim channels = shape.dim(-1);
    return channels.is(1) ? List.of() : List.of(new Expectation(-1, channels, "channels"));
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor slope = weights.get("weight");
    Activation relu = Activation.byName("relu");
    Tensor above = relu.forward(input);
    Tensor minusOne = Tensor.filled(input.dtype(), -1, 1);
    Tensor below = Broadcast.add(input, Broadcast.multiply(above, minusOne));
    pass.recordTrained(
        (dy, gradients) -> {
          Tensor lost = Broadcast.multiply(dy, below);
          gradients.add(
              weights, "weight", Broadcast.reduce(lost, reduced()).reshape(slope.shape()));
          Tensor kept = relu.backward(input, dy);
          Tensor rest = Broadcast.add(dy, Broadcast.multiply(kept, minusOne));
          return Broadcast.add(kept, Broadcast.multiply(rest, slope));
        });
    return Broadcast.add(above, Broadcast.multiply(below, slope));
  }

  /** The slopes' shape with a batch of size 1. */
  private int[] reduced() {
    int[] sizes = new int[shape.rank() + 1];
    sizes[0] = 1;
    System.arraycopy(shape.sizes(), 0, sizes, 1, shape.rank());
    return sizes;
  }
}
