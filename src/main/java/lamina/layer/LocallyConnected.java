package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Window;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A convolution whose kernel is another one at every position, on {@code (N, C, spatial...)}:
 * Keras's LocallyConnected1D and 2D. Its shape, weights and costs are known, not its values.
 *
 * @param sizes the input's spatial sizes, which the weights depend on; null until the input decides
 */
public record LocallyConnected(Shape sizes, int filters, Window window, boolean bias)
    implements Layer {
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
    return new LocallyConnected(sample(input), filters, window, bias);
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

  /** Keras's order: positions, window and channels, filters. */
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
      parameters.add(new Parameter("bias", new Shape(List.of(positions, Dim.of(filters)))));
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
