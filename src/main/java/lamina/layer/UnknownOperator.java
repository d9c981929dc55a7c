package lamina.layer;

import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * An operator that cannot run, between others that can.
 *
 * @param type its name
 * @param gap why it cannot run: a sentence without its subject
 * @param shape what the file says of its output; null if nothing
 */
public record UnknownOperator(String type, String gap, Shape shape) implements MergeLayer {
  @Override
  public boolean isComplete() {
    return false;
  }

  @Override
  public int least() {
    return 0;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return shape;
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    throw new IllegalStateException(type + " cannot run");
  }
}
