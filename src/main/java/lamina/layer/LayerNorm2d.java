package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * LayerNorm over the channels of each position of maps {@code (N, C, H, W)}, as ConvNeXt has it in
 * torchvision and timm.
 *
 * @param channels their number
 * @param eps added to the variance
 * @param affine whether there are a trained scale and shift
 */
public record LayerNorm2d(int channels, double eps, boolean affine) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "LayerNorm2d",
          "normalized_shape, eps=1e-05, elementwise_affine=True",
          "normalisation of each position over its channels") {
        @Override
        public Layer layer(LayerArguments args) {
          return LayerNorm2d.of(args);
        }
      };

  private static Layer of(LayerArguments args) {
    int[] shape = args.list("normalized_shape", 1);
    if (shape.length != 1) {
      throw args.error(
          "normalized_shape", "must be the number of channels", args.value("normalized_shape"));
    }
    return new LayerNorm2d(shape[0], args.number("eps"), args.flag("elementwise_affine"));
  }

  private LayerNorm inner() {
    return new LayerNorm(false, new int[] {channels}, eps, affine, affine);
  }

  @Override
  public String type() {
    return "LayerNorm2d";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(4, 4, 3);
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(1, Dim.of(channels), "channels"));
  }

  @Override
  public List<Parameter> parameters() {
    return inner().parameters();
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor last = new Permute(new int[] {0, 2, 3, 1}).forward(input, weights, pass);
    Tensor normalized = inner().forward(last, weights, pass);
    return new Permute(new int[] {0, 3, 1, 2}).forward(normalized, weights, pass);
  }
}
