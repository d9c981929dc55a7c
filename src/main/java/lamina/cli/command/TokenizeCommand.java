package lamina.cli.command;

import java.util.Arrays;
import lamina.cli.option.Arguments;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TokenizeOptions;
import lamina.op.Tokenizer;
import lamina.report.Document;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina tokenize}: turns an image into a sequence for a recurrent network. */
public final class TokenizeCommand extends TensorCommand {
  private final TokenizeOptions options = new TokenizeOptions();

  @Override
  void defineOwn(CommandSpec spec) {
    Arguments.define(
        spec,
        "IMAGE",
        "0..1",
        "image file or tensor: (H, W), (C, H, W), (N, C, H, W), (W), or as --layout says");
    options.addTo(spec);
    Command.examples(
        spec,
        "  An image of 28x28 as 49 patches of 4x4:",
        "    lamina tokenize digit.png --by patches --size 4",
        "  Rows of a colour image, into an LSTM:",
        "    lamina tokenize photo.png --by rows | lamina rnn --cell lstm --hidden-size 8");
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) {
    Tokenizer tokenizer = options.tokenizer();
    Layout layout = options.layout();
    boolean map = options.hasMap();
    return input -> {
      Tensor image = canonical(input, layout);
      int[] spatial = Arrays.copyOfRange(image.shape(), 2, image.rank());
      int[][] pixels = tokenizer.pixels(spatial);
      Tensor tokens = Tokenizer.tokens(image, pixels);
      boolean batched = layout == null ? input.rank() == 4 : layout.has('n');
      Document document =
          new Document(batched ? tokens : tokens.reshape(tokens.dim(0), tokens.dim(2)));
      return map ? document.put("map", Tokenizer.map(pixels, spatial)) : document;
    };
  }

  /** The input as {@code (N, C, spatial...)}. */
  private static Tensor canonical(Tensor input, Layout layout) {
    int rank = input.rank();
    if (layout != null) {
      layout.check(Shape.of(input.shape()), "the image");
      return withAxes(input.permute(layout.toCanonical()), layout.has('n'), layout.has('c'));
    }
    if (rank < 1 || rank > 4) {
      throw new InputException(
          "the image has shape "
              + Tensor.text(input.shape())
              + " but (H, W), (C, H, W) or (N, C, H, W) is needed; --layout names other orders");
    }
    return withAxes(input, rank == 4, rank >= 3);
  }

  private static Tensor withAxes(Tensor image, boolean batch, boolean channels) {
    int lead = (batch ? 0 : 1) + (channels ? 0 : 1);
    int[] shape = new int[lead + image.rank()];
    Arrays.fill(shape, 1);
    int at = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      boolean added = (axis == 0 && !batch) || (axis == 1 && !channels);
      shape[axis] = added ? 1 : image.dim(at++);
    }
    return image.reshape(shape);
  }
}
