package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Cell;
import lamina.layer.InitialValues;
import lamina.layer.Layer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.layer.Weights;
import lamina.op.Blocks;
import lamina.op.Broadcast;
import lamina.op.Rows;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Keras's SimpleRNN, LSTM and GRU over {@code (N, T, I)}, in one direction or within Bidirectional:
 * one bias where PyTorch has two, but for the GRU that resets after the product; the last step
 * alone unless sequences are returned. Weights have the names of Keras, in both directions with
 * {@code forward_} and {@code backward_} before them.
 *
 * @param inputSize null until the input decides
 * @param first the only direction, or the forward one
 * @param second the backward direction of Bidirectional; null without one
 * @param merge how the outputs of two directions become one; null without a second
 * @param refusal why it has no values, in words that follow its name; null if it has them
 */
public record KerasRecurrent(
    Dim inputSize, KerasCell first, KerasCell second, Merge merge, String refusal)
    implements Layer {
  /** How the outputs of two directions become one. */
  public enum Merge {
    CONCAT,
    SUM,
    AVE,
    MUL
  }

  @Override
  public String type() {
    String name = first.cell() == Cell.RNN ? "SimpleRNN" : first.cell().name();
    return second == null ? name : "Bidirectional " + name;
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, 3, 2);
  }

  @Override
  public Layer inferred(Shape input) {
    return inputSize != null
        ? this
        : new KerasRecurrent(input.dim(-1), first, second, merge, refusal);
  }

  /** The same layer without values. */
  public KerasRecurrent refusing(String why) {
    return new KerasRecurrent(inputSize, first, second, merge, why);
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
    long size = first.units() + (merge == Merge.CONCAT ? (long) second.units() : 0);
    Shape output = input.with(-1, Dim.of(size));
    return first.sequences() ? output : new Shape(List.of(output.dim(0), output.dim(2)));
  }

  @Override
  public List<Parameter> parameters() {
    if (second == null) {
      return first.parameters("", inputSize);
    }
    List<Parameter> parameters = new ArrayList<>(first.parameters("forward_", inputSize));
    parameters.addAll(second.parameters("backward_", inputSize));
    return parameters;
  }

  @Override
  public Cost cost(Shape input) {
    Cost cost = cost(first, input);
    return second == null ? cost : cost.plus(cost(second, input));
  }

  private Cost cost(KerasCell cell, Shape input) {
    Dim steps = input.with(-1, Dim.ONE).elements();
    return new Cost(
        steps.times(inputSize.plus(cell.units()).times(cell.columns())),
        steps.times(cell.biasAdditions()));
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  /** Uniform within ±1/√units, as PyTorch's recurrent layers. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.uniform(values, 1 / Math.sqrt(first.units()), random);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    return forward(input, null, weights, pass);
  }

  /**
   * The outputs where some steps are left out.
   *
   * @param kept whether each step of each sequence is read, N·T of them; null if all are
   * @throws InputException if it has no values
   */
  Tensor forward(Tensor input, boolean[] kept, Weights weights, Pass pass) {
    if (refusal != null) {
      throw new InputException(refusal);
    }
    String prefix = second == null ? "" : "forward_";
    KerasRun one = new KerasRun(first, prefix, input, kept, false, weights, pass);
    if (second == null) {
      pass.recordTrained((dy, gradients) -> one.backward(dy, weights, gradients));
      return one.output();
    }
    KerasRun other =
        new KerasRun(second, "backward_", input, kept, second.sequences(), weights, pass);
    Tensor a = one.output();
    Tensor b = other.output();
    pass.recordTrained(
        (dy, gradients) -> {
          Tensor dx = one.backward(part(dy, b, true), weights, gradients);
          Blocks.add(dx, other.backward(part(dy, a, false), weights, gradients));
          return dx;
        });
    return merged(a, b);
  }

  private Tensor merged(Tensor a, Tensor b) {
    return switch (merge) {
      case CONCAT -> Rows.beside(a, b);
      case SUM -> Broadcast.add(a, b);
      case AVE -> Broadcast.multiply(Broadcast.add(a, b), half(a));
      case MUL -> Broadcast.multiply(a, b);
    };
  }

  private static Tensor half(Tensor like) {
    return Tensor.filled(like.dtype(), 0.5, 1);
  }

  /** The gradient of one direction's outputs from that of both. */
  private Tensor part(Tensor dy, Tensor other, boolean isFirst) {
    return switch (merge) {
      case CONCAT ->
          isFirst
              ? Rows.columns(dy, 0, first.units())
              : Rows.columns(dy, first.units(), second.units());
      case SUM -> dy;
      case AVE -> Broadcast.multiply(dy, half(dy));
      case MUL -> Broadcast.multiply(dy, other);
    };
  }
}
