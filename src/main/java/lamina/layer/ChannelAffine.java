package lamina.layer;

import java.util.Arrays;
import java.util.List;
import lamina.op.Broadcast;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * The scale or the shift of a normalisation that has one of them, each channel its own.
 *
 * @param axis the axis of the channels, counted from the first
 * @param channels how many there are
 * @param isScale a scale, or else a shift
 */
public record ChannelAffine(int axis, Dim channels, boolean isScale) implements Layer {
  @Override
  public String type() {
    return isScale ? "Scale" : "Shift";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter(isScale ? "weight" : "bias", new Shape(List.of(channels))));
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(axis - input.rank(), channels, "channels"));
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    String name = isScale ? "weight" : "bias";
    Tensor given = weights.get(name);
    int[] sizes = new int[input.rank() - axis];
    Arrays.fill(sizes, 1);
    sizes[0] = given.size();
    Tensor values = given.reshape(sizes);
    int[] reduced = new int[input.rank()];
    Arrays.fill(reduced, 1);
    reduced[axis] = given.size();
    pass.recordTrained(
        (dy, gradients) -> {
          Tensor each = isScale ? Broadcast.multiply(dy, input) : dy;
          gradients.add(weights, name, Broadcast.reduce(each, reduced).reshape(given.shape()));
          return isScale ? Broadcast.multiply(dy, values) : dy;
        });
    return isScale ? Broadcast.multiply(input, values) : Broadcast.add(input, values);
  }
}
