package lamina.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.KernelAxes;
import lamina.cli.option.SpatialAxes;
import lamina.cli.option.SpatialDims;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.option.WindowOptions;
import lamina.kernel.Convolution;
import lamina.kernel.PaddingMode;
import lamina.kernel.Window;
import lamina.layer.Conv;
import lamina.layer.ConvTranspose;
import lamina.layer.Gradients;
import lamina.layer.Layer;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.op.ConvolutionExplanation;
import lamina.op.Convolutions;
import lamina.report.Document;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina conv}: a convolution, or its gradients. */
public final class ConvCommand extends TensorCommand {
  private static final List<String> ALGORITHMS =
      Arrays.asList("auto", "direct", "gemm", "winograd");

  /** How many elements {@code --explain} writes out. */
  private static final int EXPLAINED_ELEMENTS = 100;

  @Override
  void defineOwn(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals("INPUT", "0..1", "the input; default: standard input"));
    spec.addOption(
        CommonOptions.value(
                "KERNEL",
                "the kernel: (k...), (channels, k...), (filters, k...) or (out, in/groups, k...)",
                "-k",
                "--kernel")
            .build());
    spec.addOption(
        CommonOptions.value("BIAS", "one value an output channel", "-b", "--bias").build());
    spec.addOption(CommonOptions.value("S", "steps of the window; default 1", "--stride").build());
    spec.addOption(
        CommonOptions.value(
                "P",
                "padding: 1, 1,2, before:after as 1:2,0:1, same, same-lower, valid or full;"
                    + " default 0",
                "--padding")
            .build());
    spec.addOption(
        CommonOptions.value(
                "MODE",
                "zeros (default), reflect, replicate, circular or constant:V",
                "--padding-mode")
            .completionCandidates(Arrays.asList("zeros", "reflect", "replicate", "circular"))
            .build());
    spec.addOption(
        CommonOptions.value("D", "distance of the kernel's taps; default 1", "--dilation").build());
    spec.addOption(CommonOptions.value("G", "groups of channels; default 1", "--groups").build());
    spec.addOption(
        CommonOptions.flag("turn the kernel by 180 degrees: the mathematical convolution", "--flip")
            .build());
    spec.addOption(
        CommonOptions.flag("transposed convolution; kernel (in, out/groups, k...)", "--transpose")
            .build());
    spec.addOption(
        CommonOptions.value(
                "O", "with --transpose: how much larger the output is", "--output-padding")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "N",
                Arrays.asList("1", "2", "3"),
                "spatial dimensions; default: by the kernel's rank",
                "--dims")
            .build());
    spec.addOption(
        CommonOptions.value(
                "L", "order of the input's and output's axes, e.g. nhwc, hwc, wc", "--layout")
            .build());
    spec.addOption(
        CommonOptions.value("L", "order of the kernel's axes, e.g. hwio", "--kernel-layout")
            .build());
    spec.addOption(
        CommonOptions.value(
                "DY",
                "add grad_input, grad_kernel and grad_bias for this gradient of the output, a"
                    + " tensor or a number",
                "--grad")
            .build());
    spec.addOption(
        CommonOptions.flag("show the size formula and every sum of products", "--explain").build());
    spec.addOption(
        CommonOptions.choice(
                "NAME", ALGORITHMS, "auto (default), direct, gemm or winograd", "--algorithm")
            .build());
    Command.examples(
        spec,
        "  lamina conv '[[1,2,3],[4,5,6],[7,8,9]]' -k '[[1,0],[0,-1]]'",
        "  lamina conv image.csv -k kernel.json --padding same --format text",
        "  lamina conv photo.png -k rand:8x3x3x3 --stride 2 -o features.npy",
        "  lamina conv '[1,2,3,4]' -k '[1,2]' --explain",
        "  lamina conv image.csv -k kernel.json --grad 1");
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) {
    return new Run(arguments, inputs);
  }

  /** What the user asked for, ready to be applied to inputs. */
  private static final class Run implements Operation {
    private final Tensor kernel;
    private final Tensor bias;
    private final Tensor gradient;
    private final WindowOptions window;
    private final PaddingMode mode;
    private final int groups;
    private final boolean flip;
    private final boolean transpose;
    private final boolean explain;
    private final int[] outputPadding;
    private final Convolution.Algorithm algorithm;
    private final int dims;
    private final Layout layout;
    private final Layout kernelLayout;

    Run(Arguments arguments, TensorInputs inputs) {
      window = new WindowOptions(arguments);
      groups = arguments.integer("--groups", 1, 1);
      flip = arguments.has("--flip");
      transpose = arguments.has("--transpose");
      explain = arguments.has("--explain");
      outputPadding = WindowOptions.sizes(arguments, "--output-padding", 0);
      mode = mode(arguments.text("--padding-mode", "zeros"));
      algorithm = algorithm(arguments);
      checkTransposed(arguments);
      String order = arguments.text("--layout");
      layout = order == null ? null : layout("--layout", order, Kind.DATA);
      String kernelOrder = arguments.text("--kernel-layout");
      Kind kind = transpose ? Kind.TRANSPOSED_KERNEL : Kind.KERNEL;
      kernelLayout = kernelOrder == null ? null : layout("--kernel-layout", kernelOrder, kind);
      dims = SpatialDims.given(arguments, layout, kernelLayout);
      if (!arguments.has("--kernel")) {
        throw new UsageException("-k KERNEL is missing", arguments.usage());
      }
      kernel = inputs.read("--kernel", arguments.text("--kernel"));
      bias = optional(arguments, inputs, "--bias");
      gradient = optional(arguments, inputs, "--grad");
    }

    private static PaddingMode mode(String text) {
      try {
        return PaddingMode.of(text);
      } catch (InputException e) {
        throw new UsageException("--padding-mode: " + e.getMessage());
      }
    }

    private static Convolution.Algorithm algorithm(Arguments arguments) {
      return switch (arguments.choice("--algorithm", "auto", ALGORITHMS)) {
        case "direct" -> Convolution.Algorithm.DIRECT;
        case "gemm" -> Convolution.Algorithm.GEMM;
        case "winograd" -> Convolution.Algorithm.WINOGRAD;
        default -> Convolution.Algorithm.AUTO;
      };
    }

    private void checkTransposed(Arguments arguments) {
      if (!transpose) {
        if (outputPadding != null) {
          throw new UsageException("--output-padding goes with --transpose");
        }
        return;
      }
      if ("full".equals(window.paddingWord())) {
        throw new UsageException("--padding full does not go with --transpose");
      }
      if (!mode.isZeros()) {
        throw new UsageException("--transpose takes --padding-mode zeros only, not '" + mode + "'");
      }
      if (outputPadding != null && window.isSame()) {
        throw new UsageException(
            "--padding "
                + arguments.text("--padding")
                + " decides the output's size; leave out"
                + " --output-padding");
      }
    }

    private static Tensor optional(Arguments arguments, TensorInputs inputs, String option) {
      String text = arguments.text(option);
      return text == null ? null : inputs.read(option, text);
    }

    @Override
    public Document apply(Tensor input) {
      int axes = dims == 0 ? SpatialDims.ofKernel(kernel, input) : dims;
      SpatialAxes spatial = new SpatialAxes(input, axes, layout);
      Tensor x = spatial.canonical();
      KernelAxes kernelAxes = new KernelAxes(kernel, axes, kernelLayout, transpose, x.dim(1));
      Tensor w = flip ? Convolutions.flip(kernelAxes.canonical()) : kernelAxes.canonical();
      Layer layer = layer(w);
      Tensor b = bias != null && bias.rank() == 0 && w.dim(0) == 1 ? bias.reshape(1) : bias;
      Weights weights =
          new Weights(b == null ? Map.of("0.weight", w) : Map.of("0.weight", w, "0.bias", b), "0");
      Pass pass = gradient == null ? Pass.inference() : Pass.evaluation();
      Tensor y = layer.forward(x, weights, pass);
      Document document = new Document(spatial.restore(y));
      if (gradient != null) {
        Tensor dy = spatial.canonicalGradient("--grad", gradient, y.shape());
        Gradients gradients = new Gradients();
        Tensor dx = pass.backward(dy, gradients);
        Tensor dw = gradients.byName().get("0.weight");
        Tensor db = b == null ? Convolutions.backwardBias(dy) : gradients.byName().get("0.bias");
        document
            .put("grad_input", spatial.restore(dx))
            .put("grad_kernel", kernelAxes.restore(flip ? Convolutions.flip(dw) : dw))
            .put("grad_bias", bias == null ? db : db.reshape(bias.shape()));
      }
      return explain ? document.put("explain", explanation(layer, spatial, w, y)) : document;
    }

    private Layer layer(Tensor w) {
      int axes = w.rank() - 2;
      int[] size = Arrays.copyOfRange(w.shape(), 2, w.rank());
      if (!transpose) {
        return new Conv(
            Dim.of((long) w.dim(1) * groups),
            w.dim(0),
            window.window(size, WindowOptions.ones(axes)),
            window.same(),
            groups,
            bias != null,
            mode,
            algorithm);
      }
      Window placed = window.transposedWindow(size);
      int[] more =
          window.isSame()
              ? placed.transposedSameOutputPadding()
              : outputPadding == null
                  ? new int[axes]
                  : WindowOptions.perAxis("--output-padding", outputPadding, axes);
      return new ConvTranspose(
          Dim.of(w.dim(0)), w.dim(1) * groups, placed, more, groups, bias != null);
    }

    private Document explanation(Layer layer, SpatialAxes spatial, Tensor w, Tensor y) {
      Tensor x = spatial.canonical();
      List<String> sums =
          layer instanceof Conv conv
              ? ConvolutionExplanation.sums(
                  x, w, bias, y, conv.placed(x), groups, mode, EXPLAINED_ELEMENTS)
              : ConvolutionExplanation.transposedSums(
                  x, w, bias, y, ((ConvTranspose) layer).window(), groups, EXPLAINED_ELEMENTS);
      List<Document> elements = new ArrayList<>();
      for (int i = 0; i < sums.size(); i++) {
        elements.add(
            new Document().put("index", spatial.index(i, y.shape())).put("sum", sums.get(i)));
      }
      Document document =
          new Document()
              .put("sizes", sizes(layer.explanation(Shape.of(x.shape()))))
              .put("elements", elements);
      if (sums.size() < y.size()) {
        document.put("note", "the first " + sums.size() + " of " + y.size() + " elements");
      }
      return document;
    }

    private static List<Document> sizes(List<String> formulas) {
      List<Document> sizes = new ArrayList<>();
      for (int axis = 0; axis < formulas.size(); axis++) {
        sizes.add(
            new Document()
                .put("axis", SpatialDims.name(axis, formulas.size()))
                .put("size", formulas.get(axis)));
      }
      return sizes;
    }
  }

  /** Which axes a layout orders. */
  private enum Kind {
    DATA,
    KERNEL,
    TRANSPOSED_KERNEL
  }

  private static Layout layout(String option, String text, Kind kind) {
    try {
      return switch (kind) {
        case DATA -> Layout.parse(text);
        case KERNEL -> Layout.parseKernel(text);
        case TRANSPOSED_KERNEL -> Layout.parseTransposedKernel(text);
      };
    } catch (InputException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }
}
