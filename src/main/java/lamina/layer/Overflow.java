package lamina.layer;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * Layers that compute with whole numbers of fewer than 64 bits: what overflows is cut to the bits
 * of the type.
 */
public final class Overflow {
  private Overflow() {}

  /** A layer without weights whose whole numbers are cut to a kind; its gradients stay. */
  public static Layer of(Layer layer, Cast.Kind kind) {
    return layer instanceof MergeLayer merge ? new Merge(merge, kind) : new Single(layer, kind);
  }

  private static Tensor cut(Tensor tensor, Cast.Kind kind) {
    if (tensor.dtype() != DType.INT64) {
      return tensor;
    }
    Tensor y = Tensor.zeros(DType.INT64, tensor.shape());
    for (int i = 0; i < y.size(); i++) {
      y.longs()[i] = kind.cut(tensor.longs()[i]);
    }
    return y;
  }

  private record Single(Layer layer, Cast.Kind kind) implements Layer {
    @Override
    public String type() {
      return layer.type();
    }

    @Override
    public Ranks ranks() {
      return layer.ranks();
    }

    @Override
    public Layer inferred(Shape input) {
      return of(layer.inferred(input), kind);
    }

    @Override
    public Shape output(Shape input) {
      return layer.output(input);
    }

    @Override
    public Reach reach(Shape input) {
      return layer.reach(input);
    }

    @Override
    public Tensor forward(Tensor input, Weights weights, Pass pass) {
      return cut(layer.forward(input, weights, pass), kind);
    }
  }

  private record Merge(MergeLayer layer, Cast.Kind kind) implements MergeLayer {
    @Override
    public String type() {
      return layer.type();
    }

    @Override
    public int least() {
      return layer.least();
    }

    @Override
    public Shape output(List<Shape> inputs) {
      return layer.output(inputs);
    }

    @Override
    public Cost cost(List<Shape> inputs) {
      return layer.cost(inputs);
    }

    @Override
    public Reach reach(List<Shape> inputs) {
      return layer.reach(inputs);
    }

    @Override
    public Tensor forward(List<Tensor> inputs, Pass pass) {
      return cut(layer.forward(inputs, pass), kind);
    }
  }
}
