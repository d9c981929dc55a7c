package lamina.layer;

import java.util.List;
import lamina.op.Broadcast;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * {@code scale · x + offset}, with fixed numbers: one for all elements or one for each of the last
 * axis. Keras's Rescaling.
 */
public record Rescaling(List<Double> scale, List<Double> offset) implements Layer {
  @Override
  public String type() {
    return "Rescaling";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor factor = tensor(scale, input.dtype());
    pass.record((dy, gradients) -> Broadcast.multiply(dy, factor));
    return Broadcast.add(Broadcast.multiply(input, factor), tensor(offset, input.dtype()));
  }

  private static Tensor tensor(List<Double> values, DType dtype) {
    double[] numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
    return Tensor.of(numbers, numbers.length).as(dtype);
  }
}
