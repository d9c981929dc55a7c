package lamina.layer;

import lamina.tensor.Tensor;

/** {@code x + bias} below {@code −bound}, {@code x − bias} above {@code bound}, 0 between. */
public record Shrink(double bias, double bound) implements Layer {
  @Override
  public String type() {
    return "Shrink";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> map(input, dy));
    return map(input, null);
  }

  /** The values, or the gradients where dy is given. */
  private Tensor map(Tensor x, Tensor dy) {
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    for (int i = 0; i < y.size(); i++) {
      double element = x.get(i);
      if (element >= -bound && element <= bound) {
        continue;
      }
      double value = element < -bound ? element + bias : element - bias;
      value = dy == null ? value : dy.get(i);
      switch (y.dtype()) {
        case FLOAT64 -> y.doubles()[i] = value;
        case FLOAT32 -> y.floats()[i] = (float) value;
        case INT64 -> y.longs()[i] = (long) value;
      }
    }
    return y;
  }
}
