package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Reductions;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * What some axes come to: sums, means, norms, extremes.
 *
 * @param type the operator's name in ONNX
 * @param reduced which axes
 * @param keepDims whether they stay, with size 1
 */
public record Reduce(String type, Reductions kind, boolean[] reduced, boolean keepDims)
    implements Layer {
  @Override
  public Shape output(Shape input) {
    return output(input, reduced, keepDims);
  }

  static Shape output(Shape input, boolean[] reduced, boolean keepDims) {
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < reduced.length; axis++) {
      if (!reduced[axis]) {
        dims.add(input.dim(axis));
      } else if (keepDims) {
        dims.add(Dim.ONE);
      }
    }
    return new Shape(dims);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor y = kind.forward(input, reduced);
    if (input.dtype() != DType.INT64) {
      pass.record((dy, gradients) -> kind.backward(input, y, dy.reshape(y.shape()), reduced));
    }
    return y.reshape(output(Shape.of(input.shape())).sizes());
  }
}
