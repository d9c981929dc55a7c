package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * One value a channel: Keras's GlobalMaxPooling and GlobalAveragePooling, {@code (N, C,
 * spatial...)} to {@code (N, C)}.
 *
 * @param axes the number of spatial axes
 * @param keepDims whether they stay, with size 1
 */
public record GlobalPool(boolean maximum, int axes, boolean keepDims) implements Layer {
  @Override
  public String type() {
    return (maximum ? "GlobalMaxPooling" : "GlobalAveragePooling") + axes + "D";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(axes + 2, axes + 2, axes + 1);
  }

  @Override
  public Shape output(Shape input) {
    List<Dim> dims = new ArrayList<>(input.dims().subList(0, 2));
    for (int axis = 0; keepDims && axis < axes; axis++) {
      dims.add(Dim.ONE);
    }
    return new Shape(dims);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int[] one = new int[axes];
    Arrays.fill(one, 1);
    Tensor y = new AdaptivePool(maximum, one).forward(input, weights, pass);
    int[] shape = output(Shape.of(input.shape())).sizes();
    pass.record((dy, gradients) -> dy.reshape(y.shape()));
    return y.reshape(shape);
  }
}
