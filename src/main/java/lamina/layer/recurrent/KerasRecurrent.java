package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Cell;
import lamina.layer.Layer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.layer.Weights;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Keras's SimpleRNN, LSTM and GRU over {@code (N, T, I)}: one bias where PyTorch has two, but for
 * the GRU that resets after the product; the last step alone unless sequences are returned.
 *
 * @param inputSize null until the input decides
 * @param biases the number of bias vectors: 0, 1, or 2
 * @param sequences whether all steps are returned
 * @param directions 2 for Bidirectional
 * @param concatenated whether the directions' outputs stand side by side; otherwise they are merged
 */
public record KerasRecurrent(
    Cell cell,
    Dim inputSize,
    int units,
    int biases,
    boolean sequences,
    int directions,
    boolean concatenated)
    implements Layer {
  @Override
  public String type() {
    String name = cell == Cell.RNN ? "SimpleRNN" : cell.name();
    return directions == 2 ? "Bidirectional " + name : name;
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, 3, 2);
  }

  @Override
  public Layer inferred(Shape input) {
    return inputSize != null
        ? this
        : new KerasRecurrent(
            cell, input.dim(-1), units, biases, sequences, directions, concatenated);
  }

  @Override
  public boolean isComplete() {
    return inputSize != null;
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(-1, inputSize, "features"));
  }

  @Override
  public Shape output(Shape input) {
    Shape output = input.with(-1, Dim.of(concatenated ? (long) units * directions : units));
    return sequences ? output : new Shape(List.of(output.dim(0), output.dim(2)));
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    long columns = (long) cell.gates() * units;
    for (int direction = 0; direction < directions; direction++) {
      String prefix = directions == 1 ? "" : direction == 0 ? "forward_" : "backward_";
      parameters.add(
          new Parameter(prefix + "kernel", new Shape(List.of(inputSize, Dim.of(columns)))));
      parameters.add(
          new Parameter(
              prefix + "recurrent_kernel", new Shape(List.of(Dim.of(units), Dim.of(columns)))));
      if (biases > 0) {
        Dim size = Dim.of(columns);
        parameters.add(
            new Parameter(
                prefix + "bias",
                new Shape(biases == 1 ? List.of(size) : List.of(Dim.of(2), size))));
      }
    }
    return parameters;
  }

  @Override
  public Cost cost(Shape input) {
    long columns = (long) cell.gates() * units * directions;
    Dim steps = input.with(-1, Dim.ONE).elements();
    return new Cost(
        steps.times(inputSize.plus(units).times(columns)), steps.times(columns * biases));
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
    throw new InputException(
        "Keras's recurrent layers have a shape but no values here; lamina rnn --convention keras"
            + " runs one");
  }
}
