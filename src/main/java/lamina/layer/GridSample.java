package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.GridSampling;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Its first input read where the second says, a grid of positions: ONNX's GridSample. */
public record GridSample(GridSampling rule) implements MergeLayer {
  @Override
  public String type() {
    return "GridSample";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Shape grid = inputs.get(1);
    boolean fits = x.rank() > 2 && grid.rank() == x.rank() && grid.dim(-1).is(x.rank() - 2);
    if (!fits || !sameSize(x.dim(0), grid.dim(0))) {
      throw new InputException(
          "needs an input (N, C, H, W) and a grid (N, rows, columns, 2), not "
              + x
              + " and "
              + grid);
    }
    List<Dim> dims = new ArrayList<>(x.dims().subList(0, 2));
    dims.addAll(grid.dims().subList(1, grid.rank() - 1));
    return new Shape(dims);
  }

  private static boolean sameSize(Dim a, Dim b) {
    return !a.isNumber() || !b.isNumber() || a.equals(b);
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor x = inputs.get(0);
    Tensor grid = inputs.get(1);
    pass.recordMerge(dy -> rule.backward(x, grid, dy));
    return rule.forward(x, grid);
  }
}
