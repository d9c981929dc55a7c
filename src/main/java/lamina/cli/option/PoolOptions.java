package lamina.cli.option;

import java.util.Arrays;
import java.util.List;
import lamina.kernel.Rounding;
import lamina.tensor.Layout;

/** Which pooling {@code lamina pool} runs, and what it tells of it. */
public final class PoolOptions extends OptionGroup {
  /** The kinds of pooling. */
  public static final List<String> KINDS =
      Arrays.asList("max", "avg", "lp", "global-max", "global-avg", "adaptive-max", "adaptive-avg");

  private final SizesOption size =
      sizes("K", 1, "the window's size: 2, or 2,3 for each dimension", "--size");

  private final SizesOption stride =
      sizes("S", 1, "steps of the window; default: its size", "--stride");

  private final PaddingOption padding = keep(new PaddingOption());

  private final SizesOption dilation =
      sizes("D", 1, "distance of the window's taps; default 1", "--dilation");

  private final FlagOption ceilMode =
      flag("keep a last window that does not fit whole", "--ceil-mode");

  private final FlagOption countPadding =
      flag("averages count the padding (default)", "--count-include-pad");

  private final FlagOption noPadding =
      flag("averages count real elements only", "--no-count-include-pad");

  private final IntegerOption divisor =
      integer("N", 0, 1, "divide sums by N, for averages", "--divisor");

  private final NumberOption norm = number("P", "power of the norm, for lp; default 2", "--norm");

  private final SizesOption outputSize =
      sizes("O", 1, "output size of adaptive pooling: 2 or 2,3", "--output-size");

  private final FlagOption indices =
      flag("add indices: which element of its channel each maximum was", "--indices");

  private final TextOption gradient =
      text("DY", "add grad_input for this gradient of the output, a tensor or a number", "--grad");

  private final AxesOptions axes =
      include(new AxesOptions("by --size or the input's rank", "nhwc"));

  private final ChoiceOption compat =
      choice(
          "RULES",
          Arrays.asList("torch", "onnx", "tf", "caffe"),
          "torch",
          "torch (default), onnx, tf or caffe: counted padding, sizes, norms, padding's limit",
          "--compat");

  /** The gradient of the output. */
  public TextOption gradient() {
    return gradient;
  }

  /**
   * The kind of pooling that the first argument names.
   *
   * @throws UsageException if it is none
   */
  public static String kind(Arguments arguments) {
    String kind = arguments.positional(0);
    String known = String.join(", ", KINDS);
    if (kind == null) {
      throw new UsageException("the kind of pooling is missing: " + known, arguments.usage());
    }
    String dashed = kind.replace('_', '-');
    if (!KINDS.contains(dashed)) {
      throw new UsageException(
          "unknown kind of pooling '" + kind + "'; known are " + known,
          Suggestions.didYouMean(kind, KINDS, null));
    }
    return dashed;
  }

  /**
   * What the options ask for, beside the gradient.
   *
   * @throws UsageException for options that make no sense, or none together
   */
  public PoolSettings read(Arguments arguments) {
    String kind = kind(arguments);
    checkOptionsOf(kind, arguments.usage());
    compat.word();
    size.sizes();
    outputSize.sizes();
    WindowOptions window = new WindowOptions(stride, padding, dilation);
    boolean counts = countsPadding();
    int sumsBy = divisor.value();
    double power = norm.value(2);
    if (power <= 0) {
      throw new UsageException("--norm takes a number above 0, not '" + power + "'");
    }
    Layout layout = axes.layout();
    SizesOption sizes = isWindowed(kind) ? size : outputSize;
    return new PoolSettings(
        kind,
        window,
        sizes,
        compat.is("caffe") ? Rounding.CAFFE : ceilMode.isGiven() ? Rounding.CEIL : Rounding.FLOOR,
        counts,
        sumsBy,
        power,
        compat.is("onnx"),
        indices.isGiven(),
        dims(layout, sizes),
        layout);
  }

  /** Whether a kind moves a window of a given size. */
  static boolean isWindowed(String kind) {
    return kind.indexOf('-') < 0;
  }

  private void checkOptionsOf(String kind, String usage) {
    boolean windowed = isWindowed(kind);
    boolean adaptive = kind.startsWith("adaptive");
    refuse(kind, windowed, size, stride, padding, dilation, ceilMode, countPadding, noPadding);
    refuse(kind, adaptive, outputSize);
    refuse(kind, kind.equals("avg"), divisor, countPadding, noPadding);
    refuse(kind, kind.equals("lp"), norm);
    refuse(kind, kind.endsWith("max"), indices);
    if (windowed && !size.isGiven()) {
      throw new UsageException("--size K is missing", usage);
    }
    if (adaptive && !outputSize.isGiven()) {
      throw new UsageException("--output-size O is missing", usage);
    }
  }

  private static void refuse(String kind, boolean fits, Option... options) {
    for (Option option : options) {
      if (!fits && option.isGiven()) {
        throw new UsageException(option.name() + " does not go with " + kind);
      }
    }
  }

  private boolean countsPadding() {
    if (countPadding.isGiven() && noPadding.isGiven()) {
      throw new UsageException("--count-include-pad and --no-count-include-pad exclude each other");
    }
    boolean byDefault = compat.is("torch") || compat.is("caffe");
    return countPadding.isGiven() || (byDefault && !noPadding.isGiven());
  }

  private int dims(Layout layout, SizesOption option) {
    int given = axes.dims(layout);
    int[] sizes = option.sizes();
    if (given != 0 || sizes == null || sizes.length == 1) {
      return given;
    }
    if (sizes.length > 3) {
      throw new UsageException(
          option.name()
              + " has "
              + sizes.length
              + " numbers but there are at most 3 spatial dimensions");
    }
    return sizes.length;
  }
}
