package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Tokenizer;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * An image {@code (N, C, H, W)} as a sequence {@code (N, T, C·P)} for a recurrent layer with
 * batch_first=True: {@code Tokenize('patches', 4)} as {@code lamina tokenize --by patches --size 4}
 * cuts it. PyTorch has no such module.
 */
public record Tokenize(Tokenizer tokenizer) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Tokenize",
          "by, size=None, stride=None, order='row', remainder='refuse'",
          "images as sequences of rows, columns, pixels, patches or windows") {
        @Override
        public Layer layer(LayerArguments args) {
          return Tokenize.of(args);
        }
      };

  private static Layer of(LayerArguments args) {
    Tokenizer.By by =
        choice(
            Tokenizer.By.values(),
            args.word("by", "rows", "columns", "pixels", "patches", "windows"));
    boolean cuts = by == Tokenizer.By.PATCHES || by == Tokenizer.By.WINDOWS;
    if (cuts == args.isNone("size")) {
      throw args.error("size", cuts ? "is needed" : "goes with patches and windows", null);
    }
    if (!cuts && !args.isNone("stride")) {
      throw args.error("stride", "goes with patches and windows", args.value("stride"));
    }
    return new Tokenize(
        new Tokenizer(
            by,
            sizes(args, "size", by),
            sizes(args, "stride", by),
            choice(Tokenizer.Order.values(), args.word("order", "row", "column", "snake")),
            choice(Tokenizer.Remainder.values(), args.word("remainder", "refuse", "drop", "pad"))));
  }

  private static int[] sizes(LayerArguments args, String name, Tokenizer.By by) {
    if (args.isNone(name)) {
      return null;
    }
    int[] sizes = args.list(name, 1);
    if (by == Tokenizer.By.WINDOWS && sizes.length != 1) {
      throw args.error(name, "of windows is one number", args.value(name));
    }
    return sizes;
  }

  private static <E extends Enum<E>> E choice(E[] values, String word) {
    for (E value : values) {
      if (value.name().equalsIgnoreCase(word)) {
        return value;
      }
    }
    throw new IllegalArgumentException(word);
  }

  @Override
  public String type() {
    return "Tokenize";
  }

  @Override
  public Ranks ranks() {
    return Ranks.channelsAnd(2);
  }

  @Override
  public Shape output(Shape input) {
    for (Dim size : input.dims().subList(input.rank() - 3, input.rank())) {
      if (!size.isNumber()) {
        throw new InputException("needs channels, height and width as numbers, not " + input);
      }
    }
    int[][] pixels = pixels(input);
    long features = input.dim(-3).value() * pixels[0].length;
    List<Dim> dims = new ArrayList<>(input.dims().subList(0, input.rank() - 3));
    dims.add(Dim.of(pixels.length));
    dims.add(Dim.of(features));
    return new Shape(dims);
  }

  private int[][] pixels(Shape image) {
    return tokenizer.pixels((int) image.dim(-2).value(), (int) image.dim(-1).value());
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Shape shape = Shape.of(input.shape());
    int[][] pixels = pixels(shape);
    int channels = input.dim(-3);
    int plane = input.dim(-2) * input.dim(-1);
    Tensor batch = input.reshape(input.size() / (channels * plane), channels, plane);
    Tensor tokens = Tokenizer.tokens(batch, pixels).permute(1, 0, 2);
    pass.record(
        (dy, gradients) ->
            Tokenizer.backward(dy.reshape(tokens.shape()).permute(1, 0, 2), pixels, channels, plane)
                .reshape(input.shape()));
    return tokens.reshape(output(shape).sizes());
  }
}
