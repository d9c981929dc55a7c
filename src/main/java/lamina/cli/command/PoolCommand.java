package lamina.cli.command;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.SpatialAxes;
import lamina.cli.option.SpatialDims;
import lamina.cli.option.Suggestions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.option.WindowOptions;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.layer.AdaptivePool;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.layer.Pool;
import lamina.layer.PoolLayer;
import lamina.layer.Weights;
import lamina.op.Poolings;
import lamina.report.Document;
import lamina.tensor.Layout;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina pool}: a pooling, or its gradient. */
public final class PoolCommand extends TensorCommand {
  private static final List<String> KINDS =
      Arrays.asList("max", "avg", "lp", "global-max", "global-avg", "adaptive-max", "adaptive-avg");
  private static final List<String> COMPATS = Arrays.asList("torch", "onnx", "tf", "caffe");
  private static final Weights NO_WEIGHTS = new Weights(Map.of(), "");

  @Override
  void defineOwn(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
                "KIND [INPUT]",
                "0..*",
                "KIND: max, avg, lp, global-max, global-avg, adaptive-max or adaptive-avg; INPUT:"
                    + " default standard input")
            .toBuilder()
            .completionCandidates(KINDS)
            .build());
    spec.addOption(
        CommonOptions.value("K", "the window's size: 2, or 2,3 for each dimension", "--size")
            .build());
    spec.addOption(
        CommonOptions.value("S", "steps of the window; default: its size", "--stride").build());
    spec.addOption(
        CommonOptions.value(
                "P",
                "padding: 1, 1,2, before:after as 1:2,0:1, same, same-lower, valid or full;"
                    + " default 0",
                "--padding")
            .build());
    spec.addOption(
        CommonOptions.value("D", "distance of the window's taps; default 1", "--dilation").build());
    spec.addOption(
        CommonOptions.flag("keep a last window that does not fit whole", "--ceil-mode").build());
    spec.addOption(
        CommonOptions.flag("averages count the padding (default)", "--count-include-pad").build());
    spec.addOption(
        CommonOptions.flag("averages count real elements only", "--no-count-include-pad").build());
    spec.addOption(CommonOptions.value("N", "divide sums by N, for averages", "--divisor").build());
    spec.addOption(
        CommonOptions.value("P", "power of the norm, for lp; default 2", "--norm").build());
    spec.addOption(
        CommonOptions.value("O", "output size of adaptive pooling: 2 or 2,3", "--output-size")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "add indices: which element of its channel each maximum was", "--indices")
            .build());
    spec.addOption(
        CommonOptions.value(
                "DY",
                "add grad_input for this gradient of the output, a tensor or a number",
                "--grad")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "N",
                Arrays.asList("1", "2", "3"),
                "spatial dimensions; default: by --size or the input's rank",
                "--dims")
            .build());
    spec.addOption(
        CommonOptions.value("L", "order of the input's and output's axes, e.g. nhwc", "--layout")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "RULES",
                COMPATS,
                "torch (default), onnx, tf or caffe: counted padding, sizes, norms, padding's"
                    + " limit",
                "--compat")
            .build());
    Command.examples(
        spec,
        "  lamina pool max '[[1,2],[3,4]]' --size 2",
        "  lamina conv image.csv -k kernel.json | lamina pool max --size 2",
        "  lamina pool avg image.csv --size 3 --padding 1 --no-count-include-pad",
        "  lamina pool adaptive-avg rand:8x13x13 --output-size 6",
        "  lamina pool max '[[1,2],[3,4]]' --size 2 --indices --format text");
  }

  @Override
  String mainInput(Arguments arguments) {
    if (arguments.positionals().size() > 2) {
      throw new UsageException("unexpected argument '" + arguments.positional(2) + "'");
    }
    kind(arguments);
    String given = arguments.positional(1);
    return given == null ? "-" : given;
  }

  private static String kind(Arguments arguments) {
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

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) {
    return new Run(arguments, inputs);
  }

  /** What the user asked for, ready to be applied to inputs. */
  private static final class Run implements Operation {
    private final String kind;
    private final String compat;
    private final boolean windowed;
    private final boolean isMax;
    private final boolean isNorm;
    private final int[] size;
    private final int[] outputSize;
    private final WindowOptions window;
    private final Rounding rounding;
    private final boolean countPadding;
    private final int divisor;
    private final double norm;
    private final boolean indices;
    private final int dims;
    private final Layout layout;
    private final Tensor gradient;

    Run(Arguments arguments, TensorInputs inputs) {
      kind = kind(arguments);
      isMax = kind.endsWith("max");
      isNorm = kind.equals("lp");
      windowed = kind.indexOf('-') < 0;
      checkOptionsOfKind(arguments);
      compat = arguments.choice("--compat", "torch", COMPATS);
      size = WindowOptions.sizes(arguments, "--size", 1);
      outputSize = WindowOptions.sizes(arguments, "--output-size", 1);
      window = new WindowOptions(arguments);
      rounding =
          compat.equals("caffe")
              ? Rounding.CAFFE
              : arguments.has("--ceil-mode") ? Rounding.CEIL : Rounding.FLOOR;
      countPadding = countPadding(arguments);
      divisor = arguments.integer("--divisor", 0, 1);
      norm = arguments.number("--norm", 2);
      if (norm <= 0) {
        throw new UsageException("--norm takes a number above 0, not '" + norm + "'");
      }
      indices = arguments.has("--indices");
      layout = layout(arguments.text("--layout"));
      dims = dims(arguments);
      String dy = arguments.text("--grad");
      gradient = dy == null ? null : inputs.read("--grad", dy);
    }

    private void checkOptionsOfKind(Arguments arguments) {
      boolean adaptive = kind.startsWith("adaptive");
      refuse(
          arguments,
          windowed,
          "--size",
          "--stride",
          "--padding",
          "--dilation",
          "--ceil-mode",
          "--count-include-pad",
          "--no-count-include-pad");
      refuse(arguments, adaptive, "--output-size");
      refuse(
          arguments,
          kind.equals("avg"),
          "--divisor",
          "--count-include-pad",
          "--no-count-include-pad");
      refuse(arguments, isNorm, "--norm");
      refuse(arguments, isMax, "--indices");
      if (windowed && !arguments.has("--size")) {
        throw new UsageException("--size K is missing", arguments.usage());
      }
      if (adaptive && !arguments.has("--output-size")) {
        throw new UsageException("--output-size O is missing", arguments.usage());
      }
    }

    private void refuse(Arguments arguments, boolean fits, String... options) {
      for (String option : options) {
        if (!fits && arguments.has(option)) {
          throw new UsageException(option + " does not go with " + kind);
        }
      }
    }

    private boolean countPadding(Arguments arguments) {
      boolean count = arguments.has("--count-include-pad");
      boolean dontCount = arguments.has("--no-count-include-pad");
      if (count && dontCount) {
        throw new UsageException(
            "--count-include-pad and --no-count-include-pad exclude each other");
      }
      boolean byDefault = compat.equals("torch") || compat.equals("caffe");
      return count || (byDefault && !dontCount);
    }

    private static Layout layout(String text) {
      try {
        return text == null ? null : Layout.parse(text);
      } catch (InputException e) {
        throw new UsageException("--layout: " + e.getMessage());
      }
    }

    private int dims(Arguments arguments) {
      int given = SpatialDims.given(arguments, layout);
      int[] sizes = windowed ? size : outputSize;
      if (given != 0 || sizes == null || sizes.length == 1) {
        return given;
      }
      if (sizes.length > 3) {
        throw new UsageException(
            (windowed ? "--size" : "--output-size")
                + " has "
                + sizes.length
                + " numbers but there are at most 3 spatial dimensions");
      }
      return sizes.length;
    }

    @Override
    public Document apply(Tensor input) {
      int axes = dims == 0 ? SpatialDims.ofInput(input) : dims;
      SpatialAxes spatial = new SpatialAxes(input, axes, layout);
      Tensor x = spatial.canonical();
      PoolLayer layer = windowed ? pool(axes) : adaptivePool(axes);
      Pass pass = gradient == null ? Pass.inference() : Pass.evaluation();
      Poolings.Maxima maxima = indices ? layer.maxima(x, pass) : null;
      Tensor y = indices ? maxima.output() : layer.forward(x, NO_WEIGHTS, pass);
      Document document = new Document(spatial.restore(y));
      if (gradient != null) {
        Tensor dy = spatial.canonicalGradient("--grad", gradient, y.shape());
        document.put("grad_input", spatial.restore(pass.backward(dy, new Gradients())));
      }
      return indices ? document.put("indices", spatial.restore(maxima.indices())) : document;
    }

    private PoolLayer pool(int axes) {
      int[] perAxis = WindowOptions.perAxis("--size", size, axes);
      Window placed = window.window(perAxis, perAxis);
      boolean onnx = compat.equals("onnx");
      if (!onnx) {
        Poolings.checkPadding(placed);
      }
      Pool.Kind of =
          switch (kind) {
            case "max" -> Pool.Kind.MAX;
            case "avg" -> Pool.Kind.AVERAGE;
            default -> onnx ? Pool.Kind.ABSOLUTE_LP : Pool.Kind.LP;
          };
      return new Pool(of, placed, rounding, window.same(), countPadding, divisor, norm);
    }

    private PoolLayer adaptivePool(int axes) {
      return new AdaptivePool(
          isMax,
          outputSize == null
              ? WindowOptions.ones(axes)
              : WindowOptions.perAxis("--output-size", outputSize, axes));
    }
  }
}
