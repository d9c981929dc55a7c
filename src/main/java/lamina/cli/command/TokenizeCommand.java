package lamina.cli.command;

import java.util.Arrays;
import java.util.List;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.Sizes;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.op.Tokenizer;
import lamina.op.Tokenizer.By;
import lamina.op.Tokenizer.Order;
import lamina.op.Tokenizer.Remainder;
import lamina.report.Document;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina tokenize}: turns an image into a sequence for a recurrent network. */
public final class TokenizeCommand extends TensorCommand {
  private static final List<String> BY =
      Arrays.asList("rows", "columns", "pixels", "patches", "windows");
  private static final List<String> ORDERS = Arrays.asList("row", "column", "snake");
  private static final List<String> REMAINDERS = Arrays.asList("drop", "pad");

  @Override
  void defineOwn(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
            "IMAGE",
            "0..1",
            "image file or tensor: (H, W), (C, H, W), (N, C, H, W), (W), or as --layout says"));
    spec.addOption(
        CommonOptions.choice(
                "UNIT", BY, "what a token is: rows, columns, pixels, patches or windows", "--by")
            .build());
    spec.addOption(
        CommonOptions.value(
                "S", "patches: size, such as 4 or 4x2; windows: pixels in a row", "--size")
            .build());
    spec.addOption(
        CommonOptions.value("S", "steps between patches or windows; default: --size", "--stride")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "ORDER",
                ORDERS,
                "of pixels, patches and windows: row (default), column or snake",
                "--order")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "WHAT",
                REMAINDERS,
                "drop pixels that fill no token, or pad them with 0; default: an error",
                "--remainder")
            .build());
    spec.addOption(
        CommonOptions.value("LAYOUT", "order of the input's axes, such as hwc or nhwc", "--layout")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "add map (T, P, 2): row and column of each pixel of each token, -1 for padding",
                "--map")
            .build());
    Command.examples(
        spec,
        "  An image of 28x28 as 49 patches of 4x4:",
        "    lamina tokenize digit.png --by patches --size 4",
        "  Rows of a colour image, into an LSTM:",
        "    lamina tokenize photo.png --by rows | lamina rnn --cell lstm --hidden-size 8");
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) {
    Tokenizer tokenizer = tokenizer(arguments);
    String layoutText = arguments.text("--layout");
    Layout layout = layoutText == null ? null : Layout.parse(layoutText);
    boolean map = arguments.has("--map");
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

  private static Tokenizer tokenizer(Arguments arguments) {
    String by = arguments.choice("--by", null, BY);
    if (by == null) {
      throw new UsageException("--by is needed: rows, columns, pixels, patches or windows");
    }
    boolean cuts = by.equals("patches") || by.equals("windows");
    for (String option : new String[] {"--size", "--stride", "--remainder"}) {
      if (!cuts && arguments.has(option)) {
        throw new UsageException(option + " goes with --by patches or windows, not " + by);
      }
    }
    if (arguments.has("--order") && (by.equals("rows") || by.equals("columns"))) {
      throw new UsageException("--order goes with --by pixels, patches or windows, not " + by);
    }
    if (cuts && !arguments.has("--size")) {
      throw new UsageException("--by " + by + " needs --size");
    }
    int[] size = sizes(arguments, "--size", by);
    int[] stride = sizes(arguments, "--stride", by);
    String remainder = arguments.choice("--remainder", "refuse", REMAINDERS);
    return new Tokenizer(
        switch (by) {
          case "rows" -> By.ROWS;
          case "columns" -> By.COLUMNS;
          case "pixels" -> By.PIXELS;
          case "patches" -> By.PATCHES;
          default -> By.WINDOWS;
        },
        size,
        stride,
        switch (arguments.choice("--order", "row", ORDERS)) {
          case "column" -> Order.COLUMN;
          case "snake" -> Order.SNAKE;
          default -> Order.ROW;
        },
        switch (remainder) {
          case "drop" -> Remainder.DROP;
          case "pad" -> Remainder.PAD;
          default -> Remainder.REFUSE;
        });
  }

  private static int[] sizes(Arguments arguments, String option, String by) {
    String text = arguments.text(option);
    if (text == null) {
      return null;
    }
    int[] sizes = Sizes.parse(option, text);
    for (int size : sizes) {
      if (size == 0) {
        throw new UsageException(option + " takes sizes from 1 on, not '" + text + "'");
      }
    }
    if (by.equals("windows") && sizes.length != 1) {
      throw new UsageException(option + " of windows is one number, not '" + text + "'");
    }
    return sizes;
  }
}
