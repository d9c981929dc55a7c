package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Window;
import lamina.op.ChannelBias;
import lamina.op.TransposedConvolution;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * A transposed convolution over 1 to 3 spatial axes: ConvTranspose1d, ConvTranspose2d,
 * ConvTranspose3d and their lazy forms. Input {@code (N, C, spatial...)} or without N; weight
 * {@code (in, out / groups, kernel...)}.
 *
 * @param inChannels the input's channels; null until the input decides
 * @param outputPadding what is added to the output's size after the last element
 */
public record ConvTranspose(
    Dim inChannels, int outChannels, Window window, int[] outputPadding, int groups, boolean bias)
    implements WindowLayer {

  static final LayerType TYPE =
      new LayerType(
          "ConvTranspose#d LazyConvTranspose#d",
          "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0,"
              + " groups=1, bias=True, dilation=1, padding_mode='zeros'",
          "a transposed convolution, which enlarges") {
        @Override
        public Layer layer(LayerArguments args) {
          return ConvTranspose.of(args);
        }
      }.keras("Conv#DTranspose").onnx("ConvTranspose");

  private static Layer of(LayerArguments args) {
    int axes = args.spatial();
    Dim in = args.isLazy() ? null : args.inferable("in_channels");
    int out = args.integer("out_channels", 1);
    int groups = args.integer("groups", 1);
    Conv.checkGroups(args, in, out, groups);
    args.word("padding_mode", "zeros");
    int[] stride = args.integers("stride", axes, 1);
    int[] dilation = args.integers("dilation", axes, 1);
    int[] padding = args.integers("padding", axes, 0);
    int[] outputPadding = args.integers("output_padding", axes, 0);
    int[] kernel = args.integers("kernel_size", axes, 1);
    Window window = new Window(kernel, stride, dilation, padding, padding.clone());
    for (int axis = 0; axis < axes; axis++) {
      int each = axis;
      args.check(() -> window.checkOutputPadding(each, outputPadding[each]));
    }
    return new ConvTranspose(in, out, window, outputPadding, groups, args.flag("bias"));
  }

  private int axes() {
    return window.rank();
  }

  @Override
  public String type() {
    return "ConvTranspose" + axes() + "d";
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
    Conv.checkGroups(channels, groups);
    return new ConvTranspose(channels, outChannels, window, outputPadding, groups, bias);
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
      output = output.with(axis - axes(), size(axis, input));
    }
    return output;
  }

  private Dim size(int axis, Shape input) {
    return window.transposedSize(axis, input.dim(axis - axes()), outputPadding[axis]);
  }

  @Override
  public Dim size(Window axis, Dim input, int extra) {
    return axis.transposedSize(0, input, extra);
  }

  @Override
  public List<Parameter> parameters() {
    List<Dim> weight = new ArrayList<>();
    weight.add(inChannels);
    weight.add(Dim.of(outChannels / groups));
    for (int size : window.kernel()) {
      weight.add(Dim.of(size));
    }
    Parameter kernel = new Parameter("weight", new Shape(weight));
    return bias ? List.of(kernel, new Parameter("bias", Shape.of(outChannels))) : List.of(kernel);
  }

  /** Every element of the input meets every tap of every filter of its group. */
  @Override
  public Cost cost(Shape input) {
    long taps = outChannels / groups;
    for (int size : window.kernel()) {
      taps *= size;
    }
    return new Cost(input.elements().times(taps), bias ? output(input).elements() : Dim.ZERO);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ofTransposed(window);
  }

  @Override
  public List<String> explanation(Shape input) {
    List<String> lines = new ArrayList<>();
    for (int axis = 0; axis < axes(); axis++) {
      Dim size = input.dim(axis - axes());
      lines.add(SizeFormula.transposed(window, axis, size, outputPadding[axis], size(axis, input)));
    }
    return lines;
  }

  /** As {@link Conv}; fan-in is taken from the kernel's second axis, as PyTorch does. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.uniform(values, InitialValues.fanInBound(parameters().get(0).shape()), random);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor x = BatchAxis.add(input, axes() + 2);
    Tensor kernel = weights.get("weight");
    Tensor shift = bias ? weights.get("bias") : null;
    TransposedConvolution convolution = convolution();
    Tensor y = convolution.forward(x, kernel, shift);
    boolean wantsInput = pass.needsInputGradient();
    pass.recordTrained(
        (dy, gradients) -> {
          Tensor d = BatchAxis.add(dy, axes() + 2);
          gradients.add(weights, "weight", convolution.backwardKernel(x, d, kernel.shape()));
          if (bias) {
            gradients.add(weights, "bias", ChannelBias.backward(d));
          }
          return wantsInput
              ? convolution.backwardInput(d, kernel, x.shape()).reshape(input.shape())
              : null;
        });
    return BatchAxis.remove(y, input.rank() < x.rank());
  }

  /** What is computed of an input. */
  public TransposedConvolution convolution() {
    return new TransposedConvolution(window, groups, outputPadding);
  }
}
