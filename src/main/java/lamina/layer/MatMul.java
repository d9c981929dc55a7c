package lamina.layer;

import java.util.List;
import lamina.op.MatrixProducts;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The products of the matrices in the last two axes of two inputs, as torch.matmul; sizes of 1
 * before them are stretched.
 */
public record MatMul() implements MergeLayer {
  static final LayerType TYPE =
      new LayerType("MatMul", "", "products of the matrices of two inputs") {
        @Override
        public Layer layer(LayerArguments args) {
          return new MatMul();
        }
      };

  @Override
  public String type() {
    return "MatMul";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape output = MatrixProducts.shape(inputs.get(0), inputs.get(1));
    if (inputs.size() > 2) {
      throw new InputException("takes two inputs, not " + inputs.size());
    }
    return output;
  }

  @Override
  public Cost cost(List<Shape> inputs) {
    Dim products = output(inputs).elements();
    return new Cost(products.times(inputs.get(0).dim(-1)), Dim.ZERO);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor a = inputs.get(0);
    Tensor b = inputs.get(1);
    if (a.dtype() != DType.INT64) {
      pass.recordMerge(dy -> MatrixProducts.backward(a, b, dy));
    }
    return MatrixProducts.forward(a, b);
  }
}
