package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * The attention within windows of which a print shows the projections alone: of queries, keys and
 * values side by side it makes a third as many features.
 */
public record HiddenWindows() implements MergeLayer {
  @Override
  public String type() {
    return "WindowAttention";
  }

  @Override
  public int least() {
    return 1;
  }

  /** The table is a parameter of unknown size. */
  @Override
  public boolean isComplete() {
    return false;
  }

  @Override
  public String gap() {
    return "has a window_size and num_heads that print(model) does not show: neither its products"
        + " nor its table of relative positions are counted";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape input = inputs.get(0);
    return input.with(-1, input.dim(-1).floorDiv(3));
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    throw new IllegalStateException("a gap does not run");
  }
}
