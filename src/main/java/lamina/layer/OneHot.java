package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.op.Blocks;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * For each index of its first input a row that has the second value of its second input there, and
 * the first value elsewhere; an index that names no place gives a row without.
 *
 * @param axis where the rows lie in the output
 */
public record OneHot(int axis, int depth) implements MergeLayer {
  @Override
  public String type() {
    return "OneHot";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    List<Dim> dims = new ArrayList<>(inputs.get(0).dims());
    dims.add(axis, Dim.of(depth));
    return new Shape(dims);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor indices = inputs.get(0);
    Tensor values = inputs.get(1);
    int[] shape = output(List.of(Shape.of(indices.shape()), Shape.of(values.shape()))).sizes();
    pass.recordMerge(dy -> Arrays.asList(null, valueGradient(indices, values, dy)));
    Tensor y = Tensor.zeros(values.dtype(), shape);
    for (int i = 0; i < y.size(); i++) {
      Blocks.copy(values, 0, y, i, 1);
    }
    for (int i = 0; i < indices.size(); i++) {
      int place = place(indices, i, shape);
      if (place >= 0) {
        Blocks.copy(values, 1, y, place, 1);
      }
    }
    return y;
  }

  /** Where an index puts its one; −1 for an index beyond the depth. */
  private int place(Tensor indices, int i, int... shape) {
    int inner = Tensor.strides(shape)[axis];
    long index = (long) indices.get(i);
    index = index < 0 ? index + depth : index;
    return index < 0 || index >= depth
        ? -1
        : i / inner * depth * inner + i % inner + (int) index * inner;
  }

  /** The sum of dy over all other places, and over those of the ones. */
  private Tensor valueGradient(Tensor indices, Tensor values, Tensor dy) {
    if (values.dtype() == DType.INT64) {
      return null;
    }
    double all = 0;
    for (int i = 0; i < dy.size(); i++) {
      all += dy.get(i);
    }
    double ones = 0;
    for (int i = 0; i < indices.size(); i++) {
      int place = place(indices, i, dy.shape());
      ones += place < 0 ? 0 : dy.get(place);
    }
    Tensor gradient = Tensor.zeros(values.dtype(), values.shape());
    gradient.set(0, all - ones);
    gradient.set(1, ones);
    return gradient;
  }
}
