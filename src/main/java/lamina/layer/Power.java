package lamina.layer;

import lamina.op.ScalarArithmetic;
import lamina.tensor.Tensor;

/** Each element to a power: 2 squares, 0.5 takes the root, -1 the inverse. */
public record Power(double exponent) implements Layer {
  static final LayerType TYPE =
      new LayerType("Power", "exponent", "each element to a power") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Power(args.number("exponent"));
        }
      };

  @Override
  public String type() {
    return "Power";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> ScalarArithmetic.powerBackward(input, exponent, dy));
    return ScalarArithmetic.power(input, exponent);
  }
}
