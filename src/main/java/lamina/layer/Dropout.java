package lamina.layer;

import lamina.op.DropoutMask;
import lamina.tensor.Tensor;

/**
 * Elements or whole channels that are zero at random in training: Dropout, Dropout1d to 3d,
 * AlphaDropout, FeatureAlphaDropout.
 *
 * @param type which of them
 * @param p the probability
 */
public record Dropout(String type, double p) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Dropout Dropout#d AlphaDropout FeatureAlphaDropout",
          "p=0.5, inplace=False",
          "sets elements or whole channels to 0 at random in training") {
        @Override
        public Layer layer(LayerArguments args) {
          return Dropout.of(args);
        }
      }.keras("Dropout SpatialDropout#D AlphaDropout").onnx("Dropout");

  private static Layer of(LayerArguments args) {
    args.flag("inplace");
    return new Dropout(args.type(), args.number("p", 0, 1));
  }

  /** In evaluation nothing happens; in training what is dropped follows from the pass's seed. */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (!pass.isTraining() || p == 0) {
      return input;
    }
    var drawn = draw(input, pass.nextSeed());
    pass.record((dy, gradients) -> drawn.backward(dy));
    return drawn.forward(input);
  }

  private DropoutMask draw(Tensor x, long seed) {
    return switch (type) {
      case "Dropout" -> DropoutMask.ofElements(x, p, seed);
      case "AlphaDropout" -> DropoutMask.alphaOfElements(x, p, seed);
      case "FeatureAlphaDropout" -> DropoutMask.alphaOfChannels(x, p, seed);
      default -> DropoutMask.ofChannels(x, p, seed);
    };
  }
}
