package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A layer whose arguments follow from the shape of what it takes: an axis that is counted from the
 * last, or sizes that are those of other tensors. The batch counts among the axes.
 *
 * @param type what reports call it
 * @param count how many inputs there are; all but the first only give sizes
 * @param rule what the layer is for inputs of certain shapes
 */
public record Shaped(String type, int count, Rule rule) implements MergeLayer {
  /** Makes the layer. */
  public interface Rule {
    /**
     * The layer for inputs of these shapes, which takes the first.
     *
     * @throws lamina.text.InputException if they do not fit, in words that follow the layer's name
     */
    Layer of(List<Shape> inputs);
  }

  /** One that takes one input. */
  public static Shaped of(String type, Function<Shape, Layer> rule) {
    return new Shaped(type, 1, shapes -> rule.apply(shapes.get(0)));
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return rule.of(inputs).output(inputs.get(0));
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    List<Shape> shapes = new ArrayList<>();
    for (Tensor input : inputs) {
      shapes.add(Shape.of(input.shape()));
    }
    // The layer itself makes the gradient of the first input; the others have none.
    pass.recordMerge(
        dy -> {
          Tensor[] gradients = new Tensor[inputs.size()];
          gradients[0] = dy;
          return Arrays.asList(gradients);
        });
    return rule.of(shapes).forward(inputs.get(0), new Weights(Map.of(), ""), pass);
  }
}
