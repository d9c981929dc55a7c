package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Window;
import lamina.layer.Layer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.layer.Weights;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Keras's ConvLSTM1D to 3D over {@code (N, T, spatial..., C)}: an LSTM whose products are
 * convolutions, that of the state padded to keep its size. Shape, weights and costs are known, not
 * its values. Source: Shi and others, Convolutional LSTM Network, 2015, without peepholes.
 *
 * @param inChannels null until the input decides
 * @param isSame whether the input is padded to keep its size divided by the stride
 * @param sequences whether all steps are returned
 * @param channelsLast whether the channels are the last axis; else the one behind the steps
 */
public record ConvLstm(
    Dim inChannels,
    int filters,
    Window window,
    boolean isSame,
    boolean bias,
    boolean sequences,
    boolean channelsLast)
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
    return new ConvLstm(
        input.dim(channelAxis()), filters, window, isSame, bias, sequences, channelsLast);
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

  /**
   * Has no values.
   *
   * @throws InputException always
   */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    throw new InputException("has a shape but no values here");
  }
}
