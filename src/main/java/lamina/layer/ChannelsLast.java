package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * A layer on inputs whose channels are the last axis, as Keras has them: {@code (N, spatial...,
 * C)}. An output with fewer axes stays as it is.
 */
public record ChannelsLast(Layer inner) implements Layer {
  private static Shape channelsFirst(Shape shape) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.add(1, dims.remove(dims.size() - 1));
    return new Shape(dims);
  }

  private static Shape channelsLast(Shape shape) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.add(dims.remove(1));
    return new Shape(dims);
  }

  @Override
  public String type() {
    return inner.type();
  }

  @Override
  public Ranks ranks() {
    if (inner.ranks().sample() < 0) {
      return inner.ranks();
    }
    int rank = inner.ranks().most();
    return new Ranks(rank, rank, rank - 1);
  }

  @Override
  public Layer inferred(Shape input) {
    return new ChannelsLast(inner.inferred(channelsFirst(input)));
  }

  @Override
  public boolean isComplete() {
    return inner.isComplete();
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    List<Expectation> expectations = new ArrayList<>();
    for (Expectation expected : inner.expectations(channelsFirst(input))) {
      // Only channels are ever fixed.
      expectations.add(new Expectation(-1, expected.size(), expected.unit()));
    }
    return expectations;
  }

  @Override
  public Shape output(Shape input) {
    Shape output = inner.output(channelsFirst(input));
    return output.rank() == input.rank() ? channelsLast(output) : output;
  }

  @Override
  public List<Parameter> parameters() {
    return inner.parameters();
  }

  @Override
  public Cost cost(Shape input) {
    return inner.cost(channelsFirst(input));
  }

  @Override
  public Reach reach(Shape input) {
    return inner.reach(channelsFirst(input));
  }

  @Override
  public List<String> explanation(Shape input) {
    return inner.explanation(channelsFirst(input));
  }

  @Override
  public double silence() {
    return inner.silence();
  }

  @Override
  public double[] bounds() {
    return inner.bounds();
  }

  @Override
  public String algorithm(Shape input, DType dtype, boolean repeated) {
    return inner.algorithm(channelsFirst(input), dtype, repeated);
  }

  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    inner.initialize(parameter, values, random);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> channelsLast(dy));
    Tensor output = inner.forward(channelsFirst(input), weights, pass);
    if (output.rank() < input.rank()) {
      return output;
    }
    pass.record((dy, gradients) -> channelsFirst(dy));
    return channelsLast(output);
  }

  private static Tensor channelsFirst(Tensor tensor) {
    return moved(tensor, tensor.rank() - 1, 1);
  }

  private static Tensor channelsLast(Tensor tensor) {
    return moved(tensor, 1, tensor.rank() - 1);
  }

  private static Tensor moved(Tensor tensor, int from, int to) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < tensor.rank(); axis++) {
      axes.add(axis);
    }
    axes.add(to, axes.remove(from));
    int[] order = new int[axes.size()];
    for (int axis = 0; axis < order.length; axis++) {
      order[axis] = axes.get(axis);
    }
    return tensor.permute(order);
  }
}
