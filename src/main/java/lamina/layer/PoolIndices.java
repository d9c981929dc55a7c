package lamina.layer;

import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.op.MaxPooling;
import lamina.op.PoolWindows;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Where the maxima of a pooling lie: flat offsets in the whole input, as ONNX's MaxPool gives them.
 *
 * @param columnsFirst whether an offset within a plane counts down the columns
 */
public record PoolIndices(Window window, Rounding rounding, boolean columnsFirst) implements Layer {
  @Override
  public String type() {
    return "MaxPool";
  }

  @Override
  public Shape output(Shape input) {
    Shape output = input;
    for (int axis = 0; axis < window.rank(); axis++) {
      Dim size = input.dim(axis - window.rank());
      output = output.with(axis - window.rank(), window.poolSize(axis, size, rounding));
    }
    return output;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    PoolWindows windows = new PoolWindows.Sliding(window, rounding);
    Tensor indices = new MaxPooling(windows).maxima(input).indices();
    int axes = window.rank();
    int plane = 1;
    int places = 1;
    for (int axis = 1; axis <= axes; axis++) {
      plane *= input.dim(-axis);
      places *= indices.dim(-axis);
    }
    int columns = input.dim(-1);
    int rows = axes < 2 ? 1 : input.dim(-2);
    for (int i = 0; i < indices.size(); i++) {
      long place = indices.longs()[i];
      if (columnsFirst && axes > 1) {
        long matrix = place / ((long) rows * columns);
        long row = place / columns % rows;
        place = matrix * rows * columns + place % columns * rows + row;
      }
      indices.longs()[i] = (long) (i / places) * plane + place;
    }
    return indices;
  }
}
