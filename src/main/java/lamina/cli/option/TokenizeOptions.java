package lamina.cli.option;

import java.util.Arrays;
import lamina.op.Tokenizer;
import lamina.op.Tokenizer.By;
import lamina.op.Tokenizer.Order;
import lamina.op.Tokenizer.Remainder;
import lamina.tensor.Layout;

/** How {@code lamina tokenize} cuts an image. */
public final class TokenizeOptions extends OptionGroup {
  private final ChoiceOption by =
      choice(
          "UNIT",
          Arrays.asList("rows", "columns", "pixels", "patches", "windows"),
          null,
          "what a token is: rows, columns, pixels, patches or windows",
          "--by");

  private final TextOption size =
      text("S", "patches: size, such as 4 or 4x2; windows: pixels in a row", "--size");

  private final TextOption stride =
      text("S", "steps between patches or windows; default: --size", "--stride");

  private final ChoiceOption order =
      choice(
          "ORDER",
          Arrays.asList("row", "column", "snake"),
          "row",
          "of pixels, patches and windows: row (default), column or snake",
          "--order");

  private final ChoiceOption remainder =
      choice(
          "WHAT",
          Arrays.asList("drop", "pad"),
          "refuse",
          "drop pixels that fill no token, or pad them with 0; default: an error",
          "--remainder");

  private final TextOption layout =
      text("LAYOUT", "order of the input's axes, such as hwc or nhwc", "--layout");

  private final FlagOption map =
      flag(
          "add map (T, P, 2): row and column of each pixel of each token, -1 for padding", "--map");

  /** The order of the input's axes, or null. */
  public Layout layout() {
    return layout.isGiven() ? Layout.parse(layout.text()) : null;
  }

  /** Whether the map of pixels is wanted. */
  public boolean hasMap() {
    return map.isGiven();
  }

  /**
   * What cuts the images.
   *
   * @throws UsageException for options that make no sense, or none together
   */
  public Tokenizer tokenizer() {
    String unit = by.word();
    if (unit == null) {
      throw new UsageException("--by is needed: rows, columns, pixels, patches or windows");
    }
    boolean cuts = unit.equals("patches") || unit.equals("windows");
    for (Option option : new Option[] {size, stride, remainder}) {
      if (!cuts && option.isGiven()) {
        throw new UsageException(option.name() + " goes with --by patches or windows, not " + unit);
      }
    }
    if (order.isGiven() && (unit.equals("rows") || unit.equals("columns"))) {
      throw new UsageException("--order goes with --by pixels, patches or windows, not " + unit);
    }
    if (cuts && !size.isGiven()) {
      throw new UsageException("--by " + unit + " needs --size");
    }
    int[] sizes = sizes(size, unit);
    int[] steps = sizes(stride, unit);
    String rest = remainder.word();
    return new Tokenizer(
        switch (unit) {
          case "rows" -> By.ROWS;
          case "columns" -> By.COLUMNS;
          case "pixels" -> By.PIXELS;
          case "patches" -> By.PATCHES;
          default -> By.WINDOWS;
        },
        sizes,
        steps,
        switch (order.word()) {
          case "column" -> Order.COLUMN;
          case "snake" -> Order.SNAKE;
          default -> Order.ROW;
        },
        switch (rest) {
          case "drop" -> Remainder.DROP;
          case "pad" -> Remainder.PAD;
          default -> Remainder.REFUSE;
        });
  }

  private static int[] sizes(TextOption option, String unit) {
    String text = option.text();
    if (text == null) {
      return null;
    }
    int[] sizes = Sizes.parse(option.name(), text);
    for (int size : sizes) {
      if (size == 0) {
        throw new UsageException(option.name() + " takes sizes from 1 on, not '" + text + "'");
      }
    }
    if (unit.equals("windows") && sizes.length != 1) {
      throw new UsageException(option.name() + " of windows is one number, not '" + text + "'");
    }
    return sizes;
  }
}
