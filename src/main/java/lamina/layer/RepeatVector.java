package lamina.layer;

import java.util.List;
import lamina.op.Broadcast;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Each sample's features several times as a sequence: {@code (N, F)} gives {@code (N, T, F)}.
 * Keras's RepeatVector.
 *
 * @param times the number of steps
 */
public record RepeatVector(int times) implements Layer {
  @Override
  public String type() {
    return "RepeatVector";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(2, 2, 1);
  }

  @Override
  public Shape output(Shape input) {
    return new Shape(List.of(input.dim(0), Dim.of(times), input.dim(1)));
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int features = input.dim(1);
    Tensor once = input.reshape(input.dim(0), 1, features);
    int[] repeated = {input.dim(0), 1, features};
    pass.record((dy, gradients) -> Broadcast.reduce(dy, repeated).reshape(input.dim(0), features));
    return Broadcast.multiply(once, Tensor.filled(input.dtype(), 1, times, 1));
  }
}
