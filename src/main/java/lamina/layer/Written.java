package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import lamina.op.Gathers;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Its first input with the elements of its second in place of those that a view shows: what is left
 * in a tensor after a part of it was changed in place.
 *
 * @param view the layer that makes the view; what it takes beside the tensor comes third and later
 */
public record Written(Layer view) implements MergeLayer {
  private static final Weights NONE = new Weights(Map.of(), "");

  @Override
  public String type() {
    return "Write";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    List<Shape> taken = new ArrayList<>(inputs.subList(2, inputs.size()));
    taken.add(0, inputs.get(0));
    Shape shown =
        view instanceof MergeLayer merge ? merge.output(taken) : view.output(taken.get(0));
    if (!shown.equals(inputs.get(1))) {
      throw new InputException("puts " + inputs.get(1) + " in place of " + shown);
    }
    return inputs.get(0);
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor x = inputs.get(0);
    Tensor part = inputs.get(1).as(x.dtype());
    int[] places = places(inputs);
    if (x.dtype() != DType.INT64) {
      pass.recordMerge(
          dy -> {
            Tensor[] gradients = new Tensor[inputs.size()];
            Tensor zeros = Tensor.zeros(dy.dtype(), part.shape());
            gradients[0] = Gathers.put(dy, places, zeros, Gathers.Meeting.NONE);
            gradients[1] = Gathers.take(dy, places, part.shape());
            return Arrays.asList(gradients);
          });
    }
    return Gathers.put(x, places, part, Gathers.Meeting.NONE);
  }

  /** Where the view takes its elements from: it is made of the numbers of all elements. */
  private int[] places(List<Tensor> inputs) {
    Tensor numbers = Tensor.zeros(DType.FLOAT64, inputs.get(0).shape());
    for (int i = 0; i < numbers.size(); i++) {
      numbers.doubles()[i] = i;
    }
    List<Tensor> taken = new ArrayList<>(inputs.subList(2, inputs.size()));
    taken.add(0, numbers);
    Tensor shown =
        view instanceof MergeLayer merge
            ? merge.forward(taken, NONE, Pass.inference())
            : view.forward(numbers, NONE, Pass.inference());
    int[] places = new int[shown.size()];
    BitSet seen = new BitSet(numbers.size());
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) shown.get(i);
      if (seen.get(places[i])) {
        throw new InputException(
            "changes an element that stands in several places; call clone() before");
      }
      seen.set(places[i]);
    }
    return places;
  }
}
