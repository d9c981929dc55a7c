package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Window;
import lamina.op.LocalConvolution;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A convolution whose kernel is another one at every position, on {@code (N, C, spatial...)}:
 * Keras's LocallyConnected1D and 2D. It has no gradient here.
 *
 * @param sizes the input's channels and spatial sizes, which the weights depend on; null until the
 *     input decides
 * @param channelsLast whether Keras's input has the channels last, which orders the kernel's taps
 */
public record LocallyConnected(
    Shape sizes, int filters, Window window, boolean bias, boolean channelsLast) implements Layer {
  @Override
  public String type() {
    return "LocallyConnected" + window.rank() + "D";
  }

  @Override
  public Ranks ranks() {
    return Ranks.channelsAnd(window.rank());
  }

  @Override
  public Layer inferred(Shape input) {
    return new LocallyConnected(sample(input), filters, window, bias, channelsLast);
  }

  private Shape sample(Shape input) {
    return new Shape(input.dims().subList(input.rank() - 1 - window.rank(), input.rank()));
  }

  @Override
  public boolean isComplete() {
    return sizes != null;
  }

  @Override
  public Shape output(Shape input) {
    Shape output = input.with(-1 - window.rank(), Dim.of(filters));
    for (int axis = 0; axis < window.rank(); axis++) {
      int from = axis - window.rank();
      output = output.with(from, window.outputSize(axis, input.dim(from)));
    }
    return output;
  }

  private Dim positions(Shape input) {
    Dim positions = Dim.ONE;
    for (int axis = 0; axis < window.rank(); axis++) {
      positions = positions.times(window.outputSize(axis, input.dim(axis - window.rank())));
    }
    return positions;
  }

  /** Keras's order: positions, window and channels, filters; of a bias, each axis of positions. */
  @Override
  public List<Parameter> parameters() {
    Dim taps = sizes.dim(0);
    for (int size : window.kernel()) {
      taps = taps.times(size);
    }
    Dim positions = positions(sizes);
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("kernel", new Shape(List.of(positions, taps, Dim.of(filters)))));
    if (bias) {
      List<Dim> each = new ArrayList<>();
      for (int axis = 0; axis < window.rank(); axis++) {
        each.add(window.outputSize(axis, sizes.dim(axis - window.rank())));
      }
      each.add(Dim.of(filters));
      parameters.add(new Parameter("bias", new Shape(each)));
    }
    return parameters;
  }

  @Override
  public Cost cost(Shape input) {
    Dim outputs = output(input).elements();
    Dim taps = sizes.dim(0);
    for (int size : window.kernel()) {
      taps = taps.times(size);
    }
    return new Cost(outputs.times(taps), bias ? outputs : Dim.ZERO);
  }

  /** Uniform within ±1/√taps, as a convolution's kernel. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    double taps = parameters().get(0).shape().dim(1).value();
    InitialValues.uniform(values, 1 / Math.sqrt(taps), random);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (pass.isRecording()) {
      throw new InputException("has no gradient here; --grad and --loss cannot go through it");
    }
    Tensor x = BatchAxis.add(input, window.rank() + 2);
    Tensor b = bias ? weights.get("bias") : null;
    Tensor y = LocalConvolution.forward(x, weights.get("kernel"), b, window, channelsLast);
    return BatchAxis.remove(y, input.rank() < x.rank());
  }
}
