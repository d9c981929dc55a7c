package lamina.layer;

import java.util.Arrays;
import java.util.List;
import lamina.op.Gathers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Maxima put back where a pooling found them, zeros elsewhere: ONNX's MaxUnpool, once the input's
 * shape is known.
 *
 * @param pooled the shape that was pooled, in which its second input counts elements
 * @param target the output's shape, as large or larger on each axis
 */
public record MaxUnpool(Shape pooled, Shape target) implements MergeLayer {
  @Override
  public String type() {
    return "MaxUnpool";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    if (!inputs.get(0).equals(inputs.get(1))) {
      throw new InputException(
          "needs an index for each maximum, not " + inputs.get(1) + " for " + inputs.get(0));
    }
    return target;
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor x = inputs.get(0);
    int[] places = places(inputs.get(1));
    pass.recordMerge(dy -> Arrays.asList(Gathers.take(dy, places, x.shape()), null));
    Tensor zeros = Tensor.zeros(x.dtype(), target.sizes());
    return Gathers.put(zeros, places, x, Gathers.Meeting.NONE);
  }

  private int[] places(Tensor indices) {
    int[] from = pooled.sizes();
    int[] to = target.sizes();
    int[] fromStrides = Tensor.strides(from);
    int[] toStrides = Tensor.strides(to);
    int elements = Tensor.elements(from);
    int[] places = new int[indices.size()];
    for (int i = 0; i < places.length; i++) {
      long index = indices.longs()[i];
      if (index < 0 || index >= elements) {
        throw new InputException("has the index " + index + " of " + elements + " elements");
      }
      for (int axis = 0; axis < from.length; axis++) {
        places[i] += (int) index / fromStrides[axis] % from[axis] * toStrides[axis];
      }
    }
    return places;
  }
}
