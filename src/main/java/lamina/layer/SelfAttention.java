package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * PyTorch's MultiheadAttention of a sequence {@code (N, T, E)} to itself, as far as {@code
 * print(model)} shows it: the number of heads, which changes neither shape nor weights nor cost, is
 * not there, so that it has no values. Source: torch.nn.MultiheadAttention with keys and values of
 * the size of the queries.
 *
 * @param size E, of the input and the output
 * @param bias whether the projections have biases
 */
public record SelfAttention(int size, boolean bias) implements Layer {
  @Override
  public String type() {
    return "MultiheadAttention";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, 3, 2);
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(-1, Dim.of(size), "features"));
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(
        new Parameter("in_proj_weight", new Shape(List.of(Dim.of(3L * size), Dim.of(size)))));
    if (bias) {
      parameters.add(new Parameter("in_proj_bias", new Shape(List.of(Dim.of(3L * size)))));
    }
    parameters.add(new Parameter("out_proj.weight", Shape.of(size, size)));
    if (bias) {
      parameters.add(new Parameter("out_proj.bias", Shape.of(size)));
    }
    return parameters;
  }

  /** Four projections of each step, and two products of all steps with all. */
  @Override
  public Cost cost(Shape input) {
    Dim elements = input.elements();
    Dim steps = input.dim(-2);
    Dim macs = elements.times(4L * size).plus(elements.times(steps).times(2));
    return new Cost(macs, bias ? elements.times(4) : Dim.ZERO);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public List<String> explanation(Shape input) {
    return List.of("each of " + input.dim(-2) + " steps sees all of them, and keeps its size");
  }

  @Override
  public String unshown(Shape input) {
    return "its print shows neither num_heads nor batch_first; self-attention over (N, T, E) is"
        + " taken";
  }

  /**
   * Has no values.
   *
   * @throws InputException always
   */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    throw new InputException("has a shape but no values here: its print does not show num_heads");
  }
}
