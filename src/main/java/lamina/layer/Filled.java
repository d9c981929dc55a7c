package lamina.layer;

import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A tensor that has nothing of its input but its type: one number everywhere, or numbers that count
 * up.
 *
 * @param target its shape
 * @param first the first number
 * @param step what is added from one to the next
 * @param isWhole whether it holds whole numbers
 */
public record Filled(Shape target, double first, double step, boolean isWhole) implements Layer {
  @Override
  public String type() {
    return step == 0 ? "Full" : "Arange";
  }

  @Override
  public Shape output(Shape input) {
    return target;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> null);
    Tensor y = Tensor.zeros(isWhole ? DType.INT64 : input.dtype(), target.sizes());
    for (int i = 0; i < y.size(); i++) {
      y.set(i, first + i * step);
    }
    return y;
  }

  /** One with the shape of its input, or a scalar. */
  public static Shaped like(double value, boolean isScalar) {
    return Shaped.of("Full", shape -> new Filled(isScalar ? Shape.of() : shape, value, 0, false));
  }
}
