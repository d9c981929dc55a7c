package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.EinsteinSums;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** A sum of products over axes that letters name, as torch.einsum. */
public record EinsteinSum(EinsteinSums rule) implements MergeLayer {
  @Override
  public String type() {
    return "Einsum";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return rule.shape(inputs);
  }

  @Override
  public Cost cost(List<Shape> inputs) {
    return inputs.size() < 2 ? Cost.NONE : new Cost(rule.products(inputs), Dim.ZERO);
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    pass.recordMerge(
        dy -> {
          List<Tensor> gradients = new ArrayList<>();
          for (int i = 0; i < inputs.size(); i++) {
            gradients.add(rule.backward(inputs, i, dy));
          }
          return gradients;
        });
    return rule.forward(inputs);
  }
}
