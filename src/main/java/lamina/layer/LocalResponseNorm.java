package lamina.layer;

import lamina.op.ResponseNormalization;
import lamina.tensor.Tensor;

/**
 * Division by the squares of neighbouring channels.
 *
 * @param size how many channels are summed over
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "LocalResponseNorm",
          "size, alpha=0.0001, beta=0.75, k=1.0",
          "division by the squares of neighbouring channels") {
        @Override
        public Layer layer(LayerArguments args) {
          return LocalResponseNorm.of(args);
        }
      }.onnx("LRN");

  private static Layer of(LayerArguments args) {
    return new LocalResponseNorm(
        args.integer("size", 1), args.number("alpha"), args.number("beta"), args.number("k"));
  }

  @Override
  public String type() {
    return "LocalResponseNorm";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, Integer.MAX_VALUE, -1);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    var norm = new ResponseNormalization(size, alpha, beta, k);
    pass.record((dy, gradients) -> norm.backward(input, dy));
    return norm.forward(input);
  }
}
