package lamina.layer;

import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Keras's Masking: steps of {@code (N, T, F)} of which every feature is a value are left out by the
 * layers behind it. Its shape is that of its input; values run while no step is to be left out.
 */
public record Masking(double value) implements Layer {
  @Override
  public String type() {
    return "Masking";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, Integer.MAX_VALUE, -1);
  }

  /**
   * The input.
   *
   * @throws InputException if a step is to be left out
   */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int features = input.dim(input.rank() - 1);
    for (int step = 0; step * features < input.size(); step++) {
      boolean isMasked = true;
      for (int i = 0; i < features; i++) {
        isMasked &= input.get(step * features + i) == value;
      }
      if (isMasked) {
        throw new InputException(
            "step "
                + step % input.dim(1)
                + " of the input is all "
                + value
                + " and so masked; leave it out of the input");
      }
    }
    pass.record((dy, gradients) -> dy);
    return input;
  }
}
