package lamina.layer;

import lamina.tensor.Tensor;

/** Its input, through which no gradient goes back: torch.Tensor.detach. */
public record Detached() implements Layer {
  @Override
  public String type() {
    return "Detach";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> null);
    return input;
  }
}
