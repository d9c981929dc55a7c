package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.op.AveragePooling;
import lamina.op.MaxPooling;
import lamina.op.NormPooling;
import lamina.op.PoolWindows;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * A pooling over 1 to 3 spatial axes: MaxPool, AvgPool and LPPool. Input {@code (N, C, spatial...)}
 * or without N.
 *
 * @param window kernel, stride, dilation and padding
 * @param rounding how the output's size is rounded
 * @param same whether padding is such that the output has {@code ⌈i / s⌉} elements
 * @param countIncludePad for averages: whether padding counts
 * @param divisor for averages: what to divide by; 0 for the number of elements
 * @param norm for LPPool: the power
 */
public record Pool(
    Kind kind,
    Window window,
    Rounding rounding,
    SamePadding same,
    boolean countIncludePad,
    int divisor,
    double norm)
    implements WindowLayer, PoolLayer {

  /** What is computed of a window. */
  public enum Kind {
    MAX("Max"),
    AVERAGE("Avg"),
    LP("LP"),
    /** By ONNX's rule, of absolute values and without the padding. */
    ABSOLUTE_LP("LP");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  static final LayerType MAX =
      new LayerType(
          "MaxPool#d",
          "kernel_size, stride=None, padding=0, dilation=1, return_indices=False,"
              + " ceil_mode=False",
          "the maximum of each window") {
        @Override
        public Layer layer(LayerArguments args) {
          return Pool.max(args);
        }
      }.keras("MaxPooling#D").onnx("MaxPool");

  private static final String AVERAGE_SIGNATURE =
      "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True";

  static final LayerType AVERAGE_1D =
      new LayerType("AvgPool1d", AVERAGE_SIGNATURE, "the average of each window") {
        @Override
        public Layer layer(LayerArguments args) {
          return Pool.average(args);
        }
      }.keras("AveragePooling1D").onnx("AveragePool");

  static final LayerType AVERAGE =
      new LayerType(
          "AvgPool2d AvgPool3d",
          AVERAGE_SIGNATURE + ", divisor_override=None",
          "the average of each window") {
        @Override
        public Layer layer(LayerArguments args) {
          return Pool.average(args);
        }
      }.keras("AveragePooling2D AveragePooling3D").onnx("AveragePool");

  static final LayerType LP =
      new LayerType(
          "LPPool#d",
          "norm_type, kernel_size, stride=None, ceil_mode=False",
          "the norm of each window: the root of the sum of powers") {
        @Override
        public Layer layer(LayerArguments args) {
          return Pool.lp(args);
        }
      }.onnx("LpPool");

  private static Layer max(LayerArguments args) {
    args.flag("return_indices");
    int[] dilation = args.integers("dilation", args.spatial(), 1);
    Window window = window(args, dilation, true);
    return new Pool(Kind.MAX, window, rounding(args), SamePadding.NO, false, 0, 0);
  }

  private static Layer average(LayerArguments args) {
    int axes = args.spatial();
    int divisor =
        axes == 1 || args.isNone("divisor_override") ? 0 : args.integer("divisor_override", 1);
    Window window = window(args, ones(axes), true);
    boolean counted = args.flag("count_include_pad");
    return new Pool(Kind.AVERAGE, window, rounding(args), SamePadding.NO, counted, divisor, 0);
  }

  private static Layer lp(LayerArguments args) {
    Window window = window(args, ones(args.spatial()), false);
    double norm = args.number("norm_type");
    return new Pool(Kind.LP, window, rounding(args), SamePadding.NO, false, 0, norm);
  }

  private static int[] ones(int axes) {
    int[] ones = new int[axes];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Window window(LayerArguments args, int[] dilation, boolean padded) {
    int axes = dilation.length;
    int[] kernel = args.integers("kernel_size", axes, 1);
    int[] stride = args.isNone("stride") ? kernel.clone() : args.integers("stride", axes, 1);
    int[] padding = padded ? args.integers("padding", axes, 0) : new int[axes];
    Window window = new Window(kernel, stride, dilation, padding, padding.clone());
    if (args.compatibility() != Compatibility.ONNX) {
      args.check(window::checkPoolPadding);
    }
    return window;
  }

  private static Rounding rounding(LayerArguments args) {
    boolean ceiling = args.flag("ceil_mode");
    if (args.compatibility() == Compatibility.CAFFE) {
      return Rounding.CAFFE;
    }
    return ceiling ? Rounding.CEIL : Rounding.FLOOR;
  }

  private int axes() {
    return window.rank();
  }

  @Override
  public String type() {
    return kind.label + "Pool" + axes() + "d";
  }

  @Override
  public Ranks ranks() {
    return Ranks.channelsAnd(axes());
  }

  @Override
  public Shape output(Shape input) {
    Shape output = input;
    for (int axis = 0; axis < axes(); axis++) {
      output = output.with(axis - axes(), size(axis, input.dim(axis - axes())));
    }
    return output;
  }

  private Dim size(int axis, Dim input) {
    return same == SamePadding.NO
        ? window.poolSize(axis, input, rounding)
        : window.sameSize(axis, input);
  }

  @Override
  public Dim size(Window axis, Dim input, int extra) {
    axis.checkPoolPadding();
    return axis.poolSize(0, input, rounding);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.of(window);
  }

  @Override
  public List<String> explanation(Shape input) {
    List<String> lines = new ArrayList<>();
    for (int axis = 0; axis < axes(); axis++) {
      Dim size = input.dim(axis - axes());
      Dim output = size(axis, size);
      if (same != SamePadding.NO) {
        lines.add(SizeFormula.same(window.stride()[axis], axis, axes(), size));
      } else if (rounding == Rounding.FLOOR) {
        lines.add(SizeFormula.window(window, axis, size, output));
      } else {
        lines.add(SizeFormula.ceiling(window, axis, size, output));
      }
    }
    return lines;
  }

  /** Of averages, neither the rounding of sizes nor whether padding counts. */
  @Override
  public String unshown(Shape input) {
    if (kind != Kind.AVERAGE || rounding != Rounding.FLOOR || same != SamePadding.NO) {
      return null;
    }
    Shape ceiling = input;
    boolean isPadded = false;
    for (int axis = 0; axis < axes(); axis++) {
      int from = axis - axes();
      ceiling = ceiling.with(from, window.poolSize(axis, input.dim(from), Rounding.CEIL));
      isPadded |= window.padBefore()[axis] > 0;
    }
    List<String> words = new ArrayList<>();
    boolean isNumber = input.dims().subList(1, input.rank()).stream().allMatch(Dim::isNumber);
    if (isNumber && !ceiling.equals(output(input))) {
      Shape maps = new Shape(ceiling.dims().subList(input.rank() - axes(), input.rank()));
      words.add("ceil_mode: False is taken, True would give " + maps);
    }
    if (isPadded && countIncludePad) {
      words.add("count_include_pad: True is taken");
    }
    return words.isEmpty() ? null : "its print does not show " + String.join(", nor ", words);
  }

  @Override
  public Tensor forward(Tensor x, Weights weights, Pass pass) {
    switch (kind) {
      case MAX -> {
        MaxPooling pooling = new MaxPooling(windows(x.shape()));
        if (pass.needsInputGradient() && !pooling.isInFours(x.shape())) {
          return maxima(x, pass).output();
        }
        Tensor y = pooling.forward(x);
        pass.record((dy, gradients) -> pooling.backward(dy, x, y));
        return y;
      }
      case AVERAGE -> {
        AveragePooling pooling = new AveragePooling(windows(x.shape()), countIncludePad, divisor);
        pass.record((dy, gradients) -> pooling.backward(dy, x.shape()));
        return pooling.forward(x);
      }
      default -> {
        NormPooling pooling = new NormPooling(windows(x.shape()), norm, kind == Kind.ABSOLUTE_LP);
        Tensor y = pooling.forward(x);
        pass.record((dy, gradients) -> pooling.backward(dy, x, y));
        return y;
      }
    }
  }

  @Override
  public boolean isMaximaOfFours(Shape input) {
    int[] shape = input.sizes();
    return kind == Kind.MAX && new MaxPooling(windows(shape)).isInFours(shape);
  }

  @Override
  public MaxPooling.Maxima maxima(Tensor x, Pass pass) {
    return PoolLayer.maxima(new MaxPooling(windows(x.shape())), x, pass);
  }

  /** The windows with the padding that they have over an input. */
  private PoolWindows windows(int... shape) {
    int[] size = Arrays.copyOfRange(shape, shape.length - axes(), shape.length);
    return new PoolWindows.Sliding(same.over(size, window), rounding);
  }
}
