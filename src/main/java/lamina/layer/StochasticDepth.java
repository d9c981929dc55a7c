package lamina.layer;

import lamina.op.DropoutMask;
import lamina.tensor.Tensor;

/**
 * Whole samples, or the whole batch, are zero at random in training, so that a residual block is
 * left out: torchvision's StochasticDepth, timm's DropPath.
 *
 * @param type which of them
 * @param p the probability
 * @param isPerSample whether each sample is drawn for itself
 */
public record StochasticDepth(String type, double p, boolean isPerSample) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "StochasticDepth", "p, mode='batch'", "sets whole samples to 0 at random in training") {
        @Override
        public Layer layer(LayerArguments args) {
          return new StochasticDepth(
              args.type(), args.number("p", 0, 1), args.word("mode", "batch", "row").equals("row"));
        }
      };

  static final LayerType DROP_PATH =
      new LayerType(
          "DropPath",
          "drop_prob=0.0, scale_by_keep=True",
          "sets whole samples to 0 at random in training") {
        @Override
        public Layer layer(LayerArguments args) {
          if (!args.flag("scale_by_keep")) {
            throw args.error("scale_by_keep", "is supported as True", false);
          }
          return new StochasticDepth(args.type(), args.number("drop_prob", 0, 1), true);
        }
      };

  /** In evaluation nothing happens. */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (!pass.isTraining() || p == 0 || input.rank() == 0) {
      return input;
    }
    int units = isPerSample ? input.dim(0) : 1;
    Tensor rows = input.reshape(1, units, input.size() / units);
    DropoutMask drawn = DropoutMask.ofChannels(rows, p, pass.nextSeed());
    pass.record((dy, gradients) -> drawn.backward(dy.reshape(rows.shape())).reshape(input.shape()));
    return drawn.forward(rows).reshape(input.shape());
  }
}
