package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A layer whose weights flow in as its input does: torch.nn.functional.conv2d and its like. The
 * weights' shapes say what the layer is.
 *
 * @param type what reports call it
 * @param ranks how many axes its first input may have
 * @param names what the layer calls its further inputs, in order: {@code weight}
 * @param rule makes the layer of the shapes of all inputs
 */
public record ByTensors(String type, Ranks ranks, List<String> names, Shaped.Rule rule)
    implements MergeLayer {
  /** What the layer is called while it runs. */
  private static final String NAME = "layer";

  @Override
  public int least() {
    return 1 + names.size();
  }

  @Override
  public boolean countsAxes() {
    return ranks.sample() < 0;
  }

  private Layer layer(List<Shape> inputs) {
    Layer layer = rule.of(inputs);
    Shape x = inputs.get(0);
    Ranks own = layer.ranks();
    if (x.rank() < own.least() || x.rank() > own.most()) {
      throw new InputException(
          "needs " + own.least() + " to " + own.most() + " axes, the batch included, not " + x);
    }
    for (Expectation expected : layer.expectations(x)) {
      if (x.dim(expected.axis()).isNumber() && !x.dim(expected.axis()).equals(expected.size())) {
        throw new InputException(
            "has weights for " + expected.size() + " " + expected.unit() + " but takes " + x);
      }
    }
    for (Parameter parameter : layer.parameters()) {
      int index = names.indexOf(parameter.name());
      Shape given = index < 0 ? null : inputs.get(index + 1);
      if (given != null && given.isNumber() && !given.equals(parameter.shape())) {
        throw new InputException(
            "needs '" + parameter.name() + "' of shape " + parameter.shape() + ", not " + given);
      }
    }
    return layer;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return layer(inputs).output(inputs.get(0));
  }

  @Override
  public Cost cost(List<Shape> inputs) {
    return layer(inputs).cost(inputs.get(0));
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return layer(inputs).reach(inputs.get(0));
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    List<Shape> shapes = new ArrayList<>();
    Map<String, Tensor> tensors = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      shapes.add(Shape.of(inputs.get(i).shape()));
      if (i > 0) {
        tensors.put(Weights.full(NAME, names.get(i - 1)), inputs.get(i));
      }
    }
    // What the layer finds are gradients of its inputs, not of the network's parameters.
    Pass own = own(pass);
    Tensor y = layer(shapes).forward(inputs.get(0), new Weights(tensors, NAME), own);
    pass.recordMerge(
        dy -> {
          Gradients found = new Gradients();
          Tensor[] gradients = new Tensor[inputs.size()];
          gradients[0] = own.backward(dy, found);
          for (int i = 1; i < gradients.length; i++) {
            gradients[i] = found.byName().get(Weights.full(NAME, names.get(i - 1)));
          }
          return Arrays.asList(gradients);
        });
    return y;
  }

  private static Pass own(Pass pass) {
    if (!pass.isRecording()) {
      return Pass.inference();
    }
    return pass.isTraining() ? Pass.training(pass.nextSeed()) : Pass.evaluation();
  }
}
