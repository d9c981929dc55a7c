package lamina.layer;

import lamina.op.ScalarArithmetic;
import lamina.tensor.Tensor;

/** Each element times a number, plus a number. */
public record Affine(double scale, double shift) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Affine", "scale=1.0, shift=0.0", "each element times a number, plus a number") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Affine(args.number("scale"), args.number("shift"));
        }
      };

  @Override
  public String type() {
    return "Affine";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> ScalarArithmetic.affine(dy, scale, 0));
    return ScalarArithmetic.affine(input, scale, shift);
  }
}
