package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.kernel.PaddingMode;
import lamina.kernel.Window;
import lamina.layer.InitialValues;
import lamina.layer.Layer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.layer.Weights;
import lamina.op.Activation;
import lamina.op.AxisPart;
import lamina.op.Blocks;
import lamina.op.Broadcast;
import lamina.op.TensorConvolution;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Keras's ConvLSTM1D to 3D over {@code (N, T, spatial..., C)}: an LSTM whose products are
 * convolutions, that of the state padded to keep its size. It has no gradient here. Source: Shi and
 * others, Convolutional LSTM Network, 2015, without peepholes.
 *
 * @param inChannels null until the input decides
 * @param isSame whether the input is padded to keep its size divided by the stride
 * @param sequences whether all steps are returned
 * @param backwards whether the last step is read first
 * @param channelsLast whether the channels are the last axis; else the one behind the steps
 * @param gate the function of the gates
 * @param candidate the function of the candidate and of the cell state
 * @param refusal why it has no values, in words that follow its name; null if it has them
 */
public record ConvLstm(
    Dim inChannels,
    int filters,
    Window window,
    boolean isSame,
    boolean bias,
    boolean sequences,
    boolean backwards,
    boolean channelsLast,
    Activation gate,
    Activation candidate,
    String refusal)
    implements Layer {
  private static final int GATES = 4;

  private int axes() {
    return window.rank();
  }

  @Override
  public String type() {
    return "ConvLSTM" + axes() + "D";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(axes() + 3, axes() + 3, axes() + 2);
  }

  private int channelAxis() {
    return channelsLast ? axes() + 2 : 2;
  }

  @Override
  public Layer inferred(Shape input) {
    return with(input.dim(channelAxis()), refusal);
  }

  /** The same layer without values. */
  public ConvLstm refusing(String why) {
    return with(inChannels, why);
  }

  private ConvLstm with(Dim channels, String why) {
    return new ConvLstm(
        channels,
        filters,
        window,
        isSame,
        bias,
        sequences,
        backwards,
        channelsLast,
        gate,
        candidate,
        why);
  }

  @Override
  public boolean isComplete() {
    return inChannels != null;
  }

  @Override
  public Shape output(Shape input) {
    Shape output = input.with(channelAxis(), Dim.of(filters));
    for (int axis = 0; axis < axes(); axis++) {
      int at = axis + (channelsLast ? 2 : 3);
      Dim size = input.dim(at);
      output =
          output.with(
              at, isSame ? size.ceilDiv(window.stride()[axis]) : window.outputSize(axis, size));
    }
    List<Dim> dims = new ArrayList<>(output.dims());
    if (!sequences) {
      dims.remove(1);
    }
    return new Shape(dims);
  }

  private long taps() {
    long taps = 1;
    for (int size : window.kernel()) {
      taps *= size;
    }
    return taps;
  }

  private Shape kernel(Dim in) {
    List<Dim> dims = new ArrayList<>();
    for (int size : window.kernel()) {
      dims.add(Dim.of(size));
    }
    dims.add(in);
    dims.add(Dim.of((long) GATES * filters));
    return new Shape(dims);
  }

  /** Keras's names and layouts: gates i, f, c, o. */
  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("kernel", kernel(inChannels)));
    parameters.add(new Parameter("recurrent_kernel", kernel(Dim.of(filters))));
    if (bias) {
      parameters.add(new Parameter("bias", new Shape(List.of(Dim.of((long) GATES * filters)))));
    }
    return parameters;
  }

  @Override
  public Cost cost(Shape input) {
    Shape each = output(input);
    Dim outputs = sequences ? each.elements() : each.elements().times(input.dim(1));
    Dim gates = outputs.times(GATES);
    return new Cost(gates.times(inChannels.plus(filters)).times(taps()), bias ? gates : Dim.ZERO);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  /** Uniform within ±1/√fan-in, as a convolution's kernel. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    double fanIn = inChannels.value() * (double) taps();
    InitialValues.uniform(values, 1 / Math.sqrt(fanIn), random);
  }

  /**
   * The outputs of all steps in the order in which they are read, or that of the last.
   *
   * @throws InputException if gradients are wanted, or if it has no values
   */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (refusal != null) {
      throw new InputException(refusal);
    }
    if (pass.isRecording()) {
      throw new InputException("has no gradient here; --grad and --loss cannot go through it");
    }
    Tensor kernel = filtersFirst(weights.get("kernel"));
    Tensor recurrent = filtersFirst(weights.get("recurrent_kernel"));
    Tensor b = bias ? weights.get("bias") : null;
    int[] ones = new int[axes()];
    Arrays.fill(ones, 1);
    Window plain = new Window(window.kernel(), ones, ones, new int[axes()], new int[axes()]);
    int steps = input.dim(1);
    Tensor result = Tensor.zeros(input.dtype(), output(Shape.of(input.shape())).sizes());
    int[] size = null;
    Tensor h = null;
    Tensor c = null;
    for (int index = 0; index < steps; index++) {
      Tensor x = step(input, backwards ? steps - 1 - index : index);
      int[] sizes = Arrays.copyOfRange(x.shape(), 2, x.rank());
      Window own = isSame ? window.withSamePadding(sizes, false) : window;
      Tensor gates = new TensorConvolution(own, 1, PaddingMode.ZEROS).forward(x, kernel, b);
      if (h != null) {
        Window state = plain.withSamePadding(size, false);
        Tensor sum = new TensorConvolution(state, 1, PaddingMode.ZEROS).forward(h, recurrent, null);
        gates = Broadcast.add(gates, sum);
      }
      size = Arrays.copyOfRange(gates.shape(), 2, gates.rank());
      Tensor fresh =
          Broadcast.multiply(gate.forward(part(gates, 0)), candidate.forward(part(gates, 2)));
      c =
          c == null
              ? fresh
              : Broadcast.add(Broadcast.multiply(gate.forward(part(gates, 1)), c), fresh);
      h = Broadcast.multiply(gate.forward(part(gates, 3)), candidate.forward(c));
      if (sequences || index == steps - 1) {
        put(h, result, index);
      }
    }
    return result;
  }

  /** One step of a sequence, with the channels first. */
  private Tensor step(Tensor input, int t) {
    int[] shape = new int[input.rank() - 1];
    shape[0] = input.dim(0);
    for (int axis = 1; axis < shape.length; axis++) {
      shape[axis] = input.dim(axis + 1);
    }
    Tensor x = new AxisPart(1, t, 1, 1).forward(input).reshape(shape);
    return channelsLast ? x.permute(moved(x.rank(), x.rank() - 1, 1)) : x;
  }

  /** Puts an output to its place among the steps. */
  private void put(Tensor h, Tensor result, int index) {
    Tensor y = channelsLast ? h.permute(moved(h.rank(), 1, h.rank() - 1)) : h;
    int each = y.size() / y.dim(0);
    int row = result.size() / y.dim(0);
    for (int n = 0; n < y.dim(0); n++) {
      Blocks.copy(y, n * each, result, n * row + (sequences ? index * each : 0), each);
    }
  }

  /** The filters of one gate. */
  private Tensor part(Tensor gates, int gate) {
    return new AxisPart(1, gate * filters, filters, 1).forward(gates);
  }

  /** A kernel {@code (k..., in, out)} as {@code (out, in, k...)}. */
  private static Tensor filtersFirst(Tensor kernel) {
    int[] order = new int[kernel.rank()];
    order[0] = kernel.rank() - 1;
    order[1] = kernel.rank() - 2;
    for (int axis = 2; axis < order.length; axis++) {
      order[axis] = axis - 2;
    }
    return kernel.permute(order);
  }

  /** The order of axes in which one of them has moved. */
  private static int[] moved(int rank, int from, int to) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      axes.add(axis);
    }
    axes.add(to, axes.remove(from));
    return axes.stream().mapToInt(Integer::intValue).toArray();
  }
}
