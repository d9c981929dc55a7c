package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Blocks;
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
    pass.requireGradient(false);
    Tensor indices = inputs.get(0);
    Tensor values = inputs.get(1);
    int[] shape = output(List.of(Shape.of(indices.shape()), Shape.of(values.shape()))).sizes();
    Tensor y = Tensor.zeros(values.dtype(), shape);
    for (int i = 0; i < y.size(); i++) {
      Blocks.copy(values, 0, y, i, 1);
    }
    int inner = Tensor.strides(shape)[axis];
    for (int i = 0; i < indices.size(); i++) {
      long index = (long) indices.get(i);
      index = index < 0 ? index + depth : index;
      if (index >= 0 && index < depth) {
        int row = i / inner * depth * inner + i % inner;
        Blocks.copy(values, 1, y, row + (int) index * inner, 1);
      }
    }
    return y;
  }
}
