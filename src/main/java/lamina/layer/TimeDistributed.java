package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * A layer on each step of a sequence {@code (N, T, ...)} with the same weights: the steps count as
 * samples. Keras's TimeDistributed.
 */
public record TimeDistributed(Layer inner) implements Layer {
  @Override
  public String type() {
    return inner.type();
  }

  @Override
  public Ranks ranks() {
    Ranks ranks = inner.ranks();
    int most = ranks.most() == Integer.MAX_VALUE ? ranks.most() : ranks.most() + 1;
    int least = Math.max(2, ranks.sample() > 0 ? ranks.sample() + 2 : ranks.least() + 1);
    return new Ranks(least, most, ranks.isOpen() || ranks.sample() < 0 ? -1 : ranks.sample() + 1);
  }

  private static Shape steps(Shape input) {
    List<Dim> dims = new ArrayList<>(input.dims());
    dims.set(1, dims.get(0).times(dims.get(1)));
    dims.remove(0);
    return new Shape(dims);
  }

  @Override
  public Layer inferred(Shape input) {
    return new TimeDistributed(inner.inferred(steps(input)));
  }

  @Override
  public boolean isComplete() {
    return inner.isComplete();
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return inner.expectations(steps(input));
  }

  @Override
  public Shape output(Shape input) {
    List<Dim> dims = new ArrayList<>(inner.output(steps(input)).dims());
    dims.set(0, input.dim(1));
    dims.add(0, input.dim(0));
    return new Shape(dims);
  }

  @Override
  public List<Parameter> parameters() {
    return inner.parameters();
  }

  @Override
  public Cost cost(Shape input) {
    return inner.cost(steps(input));
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    inner.initialize(parameter, values, random);
  }

  @Override
  public String algorithm(Shape input, DType dtype, boolean repeated) {
    return inner.algorithm(steps(input), dtype, repeated);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int[] given = input.shape();
    pass.record((dy, gradients) -> dy.reshape(given));
    Tensor output = inner.forward(input.reshape(steps(Shape.of(given)).sizes()), weights, pass);
    int[] merged = output.shape();
    pass.record((dy, gradients) -> dy.reshape(merged));
    return output.reshape(output(Shape.of(given)).sizes());
  }
}
