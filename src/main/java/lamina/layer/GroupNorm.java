package lamina.layer;

import java.util.List;
import lamina.op.Normalization;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** Normalisation of each sample over groups of channels, axis 1 of {@code (N, C, ...)}. */
public record GroupNorm(int groups, int channels, double eps, boolean affine) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "GroupNorm",
          "num_groups, num_channels, eps=1e-05, affine=True",
          "normalisation of each sample over groups of channels") {
        @Override
        public Layer layer(LayerArguments args) {
          return GroupNorm.of(args);
        }
      }.keras("GroupNormalization").onnx("GroupNormalization");

  private static Layer of(LayerArguments args) {
    int groups = args.integer("num_groups", 1);
    int channels = args.integer("num_channels", 1);
    if (channels % groups != 0) {
      throw args.error("num_channels " + channels + " is not a multiple of num_groups " + groups);
    }
    return new GroupNorm(groups, channels, args.number("eps"), args.flag("affine"));
  }

  @Override
  public String type() {
    return "GroupNorm";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(2, Integer.MAX_VALUE, -1);
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(1 - input.rank(), Dim.of(channels), "channels"));
  }

  @Override
  public List<Parameter> parameters() {
    return affine
        ? List.of(
            new Parameter("weight", Shape.of(channels)), new Parameter("bias", Shape.of(channels)))
        : List.of();
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor scale = affine ? weights.get("weight") : null;
    Tensor shift = affine ? weights.get("bias") : null;
    return BatchNorm.recorded(
        Normalization.group(input, groups, scale, shift, eps), input, weights, pass);
  }
}
