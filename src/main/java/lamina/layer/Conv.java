package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.kernel.Backends;
import lamina.kernel.Convolution;
import lamina.kernel.Convolution.Algorithm;
import lamina.kernel.PaddingMode;
import lamina.kernel.Window;
import lamina.op.ChannelBias;
import lamina.op.TensorConvolution;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * A convolution over 1 to 3 spatial axes: Conv1d, Conv2d, Conv3d and their lazy forms. Input {@code
 * (N, C, spatial...)} or without N; weight {@code (out, in / groups, kernel...)}.
 *
 * @param inChannels the input's channels; null until the input decides
 * @param window kernel, stride, dilation and padding; without the padding if {@code same} is set
 * @param same whether padding is such that the output has {@code ⌈i / s⌉} elements
 * @param algorithm how forward computes it
 */
public record Conv(
    Dim inChannels,
    int outChannels,
    Window window,
    SamePadding same,
    int groups,
    boolean bias,
    PaddingMode paddingMode,
    Algorithm algorithm)
    implements WindowLayer {

  /** A convolution that is computed as its sizes suggest. */
  public Conv(
      Dim inChannels,
      int outChannels,
      Window window,
      SamePadding same,
      int groups,
      boolean bias,
      PaddingMode paddingMode) {
    this(inChannels, outChannels, window, same, groups, bias, paddingMode, Algorithm.AUTO);
  }

  static final LayerType TYPE =
      new LayerType(
          "Conv#d LazyConv#d",
          "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,"
              + " bias=True, padding_mode='zeros'",
          "a convolution (cross-correlation: the kernel is not flipped)") {
        @Override
        public Layer layer(LayerArguments args) {
          return Conv.of(args);
        }
      }.keras("Conv#D").onnx("Conv");

  private static Layer of(LayerArguments args) {
    int axes = args.spatial();
    Dim in = args.isLazy() ? null : args.inferable("in_channels");
    int out = args.integer("out_channels", 1);
    int groups = args.integer("groups", 1);
    checkGroups(args, in, out, groups);
    PaddingMode mode =
        PaddingMode.of(args.word("padding_mode", "zeros", "reflect", "replicate", "circular"));
    int[] stride = args.integers("stride", axes, 1);
    int[] padding = new int[axes];
    SamePadding same = SamePadding.NO;
    if (args.value("padding") instanceof String) {
      if (args.word("padding", "same", "valid").equals("same")) {
        same = SamePadding.UPPER;
        Compatibility compatibility = args.compatibility();
        boolean anyStride =
            compatibility == Compatibility.TENSORFLOW || compatibility == Compatibility.ONNX;
        for (int step : stride) {
          if (step != 1 && !anyStride) {
            throw args.error(
                "padding='same' needs stride=1; give the padding in numbers, or --compat tf");
          }
        }
      }
    } else {
      padding = args.integers("padding", axes, 0);
    }
    Window window =
        new Window(
            args.integers("kernel_size", axes, 1),
            stride,
            args.integers("dilation", axes, 1),
            padding,
            padding.clone());
    return new Conv(in, out, window, same, groups, args.flag("bias"), mode);
  }

  static void checkGroups(LayerArguments args, Dim in, int out, int groups) {
    if (in != null) {
      args.check(() -> TensorConvolution.checkGroups(groups, "in_channels", in.value()));
    }
    args.check(() -> TensorConvolution.checkGroups(groups, "out_channels", out));
  }

  /** Checks that the channels of an input, if they are known, fall into groups. */
  static void checkGroups(Dim channels, int groups) {
    if (channels.isNumber()) {
      TensorConvolution.checkGroups(groups, "input channels", channels.value());
    }
  }

  private int axes() {
    return window.rank();
  }

  @Override
  public String type() {
    return "Conv" + axes() + "d";
  }

  @Override
  public Ranks ranks() {
    return Ranks.channelsAnd(axes());
  }

  @Override
  public Layer inferred(Shape input) {
    if (inChannels != null) {
      return this;
    }
    Dim channels = input.dim(-1 - axes());
    checkGroups(channels, groups);
    return new Conv(channels, outChannels, window, same, groups, bias, paddingMode, algorithm);
  }

  @Override
  public boolean isComplete() {
    return inChannels != null;
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(-1 - axes(), inChannels, "channels"));
  }

  @Override
  public Shape output(Shape input) {
    Shape output = input.with(-1 - axes(), Dim.of(outChannels));
    for (int axis = 0; axis < axes(); axis++) {
      Dim size = input.dim(axis - axes());
      paddingMode.check(axis, size, window.padBefore()[axis]);
      paddingMode.check(axis, size, window.padAfter()[axis]);
      output =
          output.with(
              axis - axes(),
              same == SamePadding.NO
                  ? window.outputSize(axis, size)
                  : size.ceilDiv(window.stride()[axis]));
    }
    return output;
  }

  @Override
  public Dim size(Window axis, Dim input, int extra) {
    return axis.outputSize(0, input);
  }

  @Override
  public List<Parameter> parameters() {
    List<Dim> weight = new ArrayList<>();
    weight.add(Dim.of(outChannels));
    weight.add(inChannels.floorDiv(groups));
    for (int size : window.kernel()) {
      weight.add(Dim.of(size));
    }
    Parameter kernel = new Parameter("weight", new Shape(weight));
    return bias ? List.of(kernel, new Parameter("bias", Shape.of(outChannels))) : List.of(kernel);
  }

  @Override
  public Cost cost(Shape input) {
    Dim elements = output(input).elements();
    long taps = 1;
    for (int size : window.kernel()) {
      taps *= size;
    }
    Dim macs = elements.times(inChannels.floorDiv(groups)).times(taps);
    return new Cost(macs, bias ? elements : Dim.ZERO);
  }

  @Override
  public Reach reach(Shape input) {
    if (same == SamePadding.NO) {
      return Reach.of(window);
    }
    int[] before = new int[axes()];
    for (int axis = 0; axis < axes(); axis++) {
      int total = samePadding(axis, input.dim(axis - axes()));
      before[axis] = same == SamePadding.UPPER ? total / 2 : total - total / 2;
    }
    return Reach.of(
        new Window(window.kernel(), window.stride(), window.dilation(), before, before));
  }

  /** Both sides together; with a stride, of a size that the stride divides if it is a symbol. */
  private int samePadding(int axis, Dim size) {
    long stride = window.stride()[axis];
    long rest = size.isNumber() ? size.value() % stride : 0;
    return (int) Math.max(window.span(axis) - (rest == 0 ? stride : rest), 0);
  }

  @Override
  public List<String> explanation(Shape input) {
    List<String> lines = new ArrayList<>();
    for (int axis = 0; axis < axes(); axis++) {
      Dim size = input.dim(axis - axes());
      lines.add(
          same == SamePadding.NO
              ? SizeFormula.window(window, axis, size, window.outputSize(axis, size))
              : SizeFormula.same(window.stride()[axis], axis, axes(), size));
    }
    return lines;
  }

  /** Kaiming's uniform distribution with a = √5, which is within ±1/√fan-in. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.uniform(values, InitialValues.fanInBound(parameters().get(0).shape()), random);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor x = BatchAxis.add(input, axes() + 2);
    Tensor kernel = weights.get("weight");
    TensorConvolution convolution = convolution(x);
    Tensor b = bias ? weights.get("bias") : null;
    if (pass.isRepeated() && algorithm == Algorithm.AUTO) {
      Tensor y =
          pass.prepared(
                  weights.fullName("weight"),
                  TensorConvolution.Repeated.class,
                  TensorConvolution.Repeated::new)
              .forward(convolution, x, kernel, b);
      return BatchAxis.remove(y, input.rank() < x.rank());
    }
    Tensor y = convolution.forward(x, kernel, b);
    if (pass.isRecording()) {
      record(convolution, x, input.shape(), weights, pass);
    }
    return BatchAxis.remove(y, input.rank() < x.rank());
  }

  private void record(
      TensorConvolution convolution, Tensor x, int[] inputShape, Weights weights, Pass pass) {
    Tensor kernel = weights.get("weight");
    boolean wantsInput = pass.needsInputGradient();
    pass.recordTrained(
        (dy, gradients) -> {
          Tensor d = BatchAxis.add(dy, axes() + 2);
          gradients.add(weights, "weight", convolution.backwardKernel(x, d, kernel.shape()));
          if (bias) {
            gradients.add(weights, "bias", ChannelBias.backward(d));
          }
          return wantsInput
              ? convolution.backwardInput(d, kernel, x.shape()).reshape(inputShape)
              : null;
        });
  }

  /** What is computed of an input {@code (N, C, spatial...)}, which may decide the padding. */
  public TensorConvolution convolution(Tensor x) {
    Window placed = same.over(Arrays.copyOfRange(x.shape(), 2, x.rank()), window);
    return new TensorConvolution(placed, groups, paddingMode, algorithm);
  }

  @Override
  public String algorithm(Shape input, DType dtype, boolean repeated) {
    int[] shape = input.sizes();
    int[] size = Arrays.copyOfRange(shape, shape.length - axes(), shape.length);
    Window placed = same.over(size, window);
    int[] outputSize = placed.outputSizes(size);
    if (!paddingMode.isZeros()) {
      for (int axis = 0; axis < axes(); axis++) {
        size[axis] += placed.padBefore()[axis] + placed.padAfter()[axis];
      }
      placed = placed.withPadding(new int[axes()], new int[axes()]);
    }
    int batch = shape.length == axes() + 2 ? shape[0] : 1;
    int in = shape[shape.length - 1 - axes()];
    Convolution problem = new Convolution(batch, in, outChannels, groups, placed, size, outputSize);
    return Backends.current().kernels(dtype).algorithm(problem, repeated);
  }
}
