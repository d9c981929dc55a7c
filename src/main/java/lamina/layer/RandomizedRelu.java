package lamina.layer;

import lamina.op.Activation;
import lamina.op.DropoutMask;
import lamina.op.activation.Activations;
import lamina.tensor.Tensor;

/** RReLU: a leaky ReLU whose slopes are drawn anew in training. */
public record RandomizedRelu(double lower, double upper) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "RReLU",
          "lower=0.125, upper=0.3333333333333333, inplace=False",
          "x above 0, else a slope · x that is random in training") {
        @Override
        public Layer layer(LayerArguments args) {
          return RandomizedRelu.of(args);
        }
      };

  private static Layer of(LayerArguments args) {
    args.flag("inplace");
    RandomizedRelu layer = new RandomizedRelu(args.number("lower"), args.number("upper"));
    if (layer.lower > layer.upper) {
      throw args.error("needs lower at most upper");
    }
    return layer;
  }

  @Override
  public String type() {
    return "RReLU";
  }

  /** The function in evaluation. */
  @Override
  public Activation activation() {
    return Activation.of(Activations.of("rrelu"), lower, upper);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (pass.isTraining()) {
      DropoutMask drawn = DropoutMask.ofSlopes(input, lower, upper, pass.nextSeed());
      pass.record((dy, gradients) -> drawn.backward(dy));
      return drawn.forward(input);
    }
    Activation function = activation();
    pass.record((dy, gradients) -> function.backward(input, dy));
    return function.forward(input);
  }
}
