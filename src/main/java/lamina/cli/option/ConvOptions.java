package lamina.cli.option;

import java.util.Arrays;
import lamina.kernel.Convolution.Algorithm;
import lamina.kernel.PaddingMode;
import lamina.layer.SamePadding;
import lamina.tensor.Layout;
import lamina.text.InputException;

/** Which convolution {@code lamina conv} runs, and what it tells of it. */
public final class ConvOptions extends OptionGroup {
  private final TextOption kernel =
      text(
          "KERNEL",
          "the kernel: (k...), (channels, k...), (filters, k...) or (out, in/groups, k...)",
          "-k",
          "--kernel");

  private final TextOption bias = text("BIAS", "one value an output channel", "-b", "--bias");
  private final SizesOption stride = sizes("S", 1, "steps of the window; default 1", "--stride");
  private final PaddingOption padding = keep(new PaddingOption());

  private final TextOption paddingMode =
      textOrWord(
          "MODE",
          Arrays.asList("zeros", "reflect", "replicate", "circular"),
          "zeros (default), reflect, replicate, circular or constant:V",
          "--padding-mode");

  private final SizesOption dilation =
      sizes("D", 1, "distance of the kernel's taps; default 1", "--dilation");

  private final IntegerOption groups =
      integer("G", 1, 1, "groups of channels; default 1", "--groups");

  private final FlagOption flip =
      flag("turn the kernel by 180 degrees: the mathematical convolution", "--flip");

  private final FlagOption transpose =
      flag("transposed convolution; kernel (in, out/groups, k...)", "--transpose");

  private final SizesOption outputPadding =
      sizes("O", 0, "with --transpose: how much larger the output is", "--output-padding");

  private final AxesOptions axes =
      include(new AxesOptions("by the kernel's rank", "nhwc, hwc, wc"));

  private final TextOption kernelLayout =
      text("L", "order of the kernel's axes, e.g. hwio", "--kernel-layout");

  private final TextOption gradient =
      text(
          "DY",
          "add grad_input, grad_kernel and grad_bias for this gradient of the output, a tensor or"
              + " a number",
          "--grad");

  private final FlagOption explain =
      flag("show the size formula and every sum of products", "--explain");

  private final ChoiceOption algorithm =
      choice(
          "NAME",
          Arrays.asList("auto", "direct", "gemm", "winograd"),
          "auto",
          "auto (default), direct, gemm or winograd",
          "--algorithm");

  /** The kernel. */
  public TextOption kernel() {
    return kernel;
  }

  /** The bias. */
  public TextOption bias() {
    return bias;
  }

  /** The gradient of the output. */
  public TextOption gradient() {
    return gradient;
  }

  /**
   * What the options ask for, beside the tensors.
   *
   * @param usage the hint if the kernel is missing
   * @throws UsageException for options that make no sense, or none together
   */
  public ConvSettings read(String usage) {
    WindowOptions window = new WindowOptions(stride, padding, dilation);
    int parts = groups.value();
    outputPadding.sizes();
    PaddingMode mode = mode();
    Algorithm how = algorithm();
    checkTransposed(window, mode);
    Layout order = axes.layout();
    Layout kernelOrder = kernelOrder();
    int dims = axes.dims(order, kernelOrder);
    if (!kernel.isGiven()) {
      throw new UsageException("-k KERNEL is missing", usage);
    }
    return new ConvSettings(
        window,
        mode,
        parts,
        flip.isGiven(),
        transpose.isGiven(),
        outputPadding,
        dims,
        order,
        kernelOrder,
        explain.isGiven(),
        how);
  }

  private PaddingMode mode() {
    try {
      return PaddingMode.of(paddingMode.text("zeros"));
    } catch (InputException e) {
      throw new UsageException(paddingMode.name() + ": " + e.getMessage());
    }
  }

  private Algorithm algorithm() {
    return switch (algorithm.word()) {
      case "direct" -> Algorithm.DIRECT;
      case "gemm" -> Algorithm.GEMM;
      case "winograd" -> Algorithm.WINOGRAD;
      default -> Algorithm.AUTO;
    };
  }

  private Layout kernelOrder() {
    if (!kernelLayout.isGiven()) {
      return null;
    }
    String order = kernelLayout.text();
    try {
      return transpose.isGiven() ? Layout.parseTransposedKernel(order) : Layout.parseKernel(order);
    } catch (InputException e) {
      throw new UsageException(kernelLayout.name() + ": " + e.getMessage());
    }
  }

  private void checkTransposed(WindowOptions window, PaddingMode mode) {
    if (!transpose.isGiven()) {
      if (outputPadding.isGiven()) {
        throw new UsageException("--output-padding goes with --transpose");
      }
      return;
    }
    if (window.isFull()) {
      throw new UsageException("--padding full does not go with --transpose");
    }
    if (!mode.isZeros()) {
      throw new UsageException("--transpose takes --padding-mode zeros only, not '" + mode + "'");
    }
    if (outputPadding.isGiven() && window.same() != SamePadding.NO) {
      throw new UsageException(
          "--padding "
              + padding.typed()
              + " decides the output's size; leave out --output-padding");
    }
  }
}
