package lamina.layer;

import lamina.op.PixelRearrangement;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * PixelShuffle, which moves r² channels into r × r pixels, {@code (..., C·r², H, W)} to {@code
 * (..., C, H·r, W·r)}, and PixelUnshuffle, its inverse.
 *
 * @param inverse whether this is PixelUnshuffle
 */
public record PixelShuffle(int factor, boolean inverse) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "PixelShuffle",
          "upscale_factor",
          "moves channels into space: (C r², H, W) to (C, H r, W r)") {
        @Override
        public Layer layer(LayerArguments args) {
          return new PixelShuffle(args.integer("upscale_factor", 1), false);
        }
      }.onnx("DepthToSpace");

  static final LayerType INVERSE =
      new LayerType(
          "PixelUnshuffle",
          "downscale_factor",
          "moves space into channels: (C, H r, W r) to (C r², H, W)") {
        @Override
        public Layer layer(LayerArguments args) {
          return new PixelShuffle(args.integer("downscale_factor", 1), true);
        }
      }.onnx("SpaceToDepth");

  @Override
  public String type() {
    return inverse ? "PixelUnshuffle" : "PixelShuffle";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, Integer.MAX_VALUE, 3);
  }

  @Override
  public Shape output(Shape input) {
    long square = (long) factor * factor;
    Dim channels = input.dim(-3);
    if (!inverse) {
      return input
          .with(-3, divided(channels, square, "channels"))
          .with(-2, input.dim(-2).times(factor))
          .with(-1, input.dim(-1).times(factor));
    }
    return input
        .with(-3, channels.times(square))
        .with(-2, divided(input.dim(-2), factor, "rows"))
        .with(-1, divided(input.dim(-1), factor, "columns"));
  }

  private static Dim divided(Dim size, long divisor, String unit) {
    if (size.isNumber() && size.value() % divisor != 0) {
      throw new InputException("needs a multiple of " + divisor + " " + unit + ", not " + size);
    }
    return size.floorDiv(divisor);
  }

  @Override
  public Reach reach(Shape input) {
    double r = factor;
    return inverse
        ? Reach.uniform(2, r - 1, (r - 1) / 2, r)
        : Reach.uniform(2, 0, (1 - r) / (2 * r), 1 / r);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> move(dy, !inverse));
    return move(input, inverse);
  }

  private Tensor move(Tensor x, boolean back) {
    return back ? PixelRearrangement.unshuffle(x, factor) : PixelRearrangement.shuffle(x, factor);
  }
}
