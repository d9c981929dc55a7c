package lamina.op;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/** The greatest or the least of several tensors, element by element, stretched to one shape. */
public final class Extrema {
  private Extrema() {}

  /** The greatest elements, or the least. */
  public static Tensor forward(List<Tensor> inputs, boolean greatest) {
    return chosen(inputs, which(inputs, greatest));
  }

  /** The gradient goes to the element that was taken; of equal ones to the first. */
  public static List<Tensor> backward(List<Tensor> inputs, boolean greatest, Tensor dy) {
    int[] which = which(inputs, greatest);
    List<Tensor> gradients = new ArrayList<>();
    for (int input = 0; input < inputs.size(); input++) {
      Tensor own = Tensor.zeros(dy.dtype(), dy.shape());
      for (int i = 0; i < which.length; i++) {
        if (which[i] == input) {
          Blocks.copy(dy, i, own, i, 1);
        }
      }
      gradients.add(Broadcast.reduce(own, inputs.get(input).shape()));
    }
    return gradients;
  }

  private static List<Tensor> stretched(List<Tensor> inputs) {
    List<Shape> shapes = new ArrayList<>();
    for (Tensor input : inputs) {
      shapes.add(Shape.of(input.shape()));
    }
    int[] shape = Broadcast.shape(shapes).sizes();
    List<Tensor> stretched = new ArrayList<>();
    for (Tensor input : inputs) {
      stretched.add(Broadcast.expand(input, shape));
    }
    return stretched;
  }

  /** Which input each element comes from. */
  private static int[] which(List<Tensor> inputs, boolean greatest) {
    List<Tensor> all = stretched(inputs);
    int[] which = new int[all.get(0).size()];
    for (int i = 0; i < which.length; i++) {
      double best = all.get(0).get(i);
      for (int input = 1; input < all.size(); input++) {
        double other = all.get(input).get(i);
        // NaN wins over every number, as in all libraries.
        boolean isBetter = greatest ? other > best : other < best;
        if (isBetter || (Double.isNaN(other) && !Double.isNaN(best))) {
          best = other;
          which[i] = input;
        }
      }
    }
    return which;
  }

  private static Tensor chosen(List<Tensor> inputs, int... which) {
    List<Tensor> all = stretched(inputs);
    DType dtype = inputs.get(0).dtype();
    Tensor y = Tensor.zeros(dtype, all.get(0).shape());
    for (int i = 0; i < which.length; i++) {
      Blocks.copy(all.get(which[i]), i, y, i, 1);
    }
    return y;
  }
}
