package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Axes of size 1 fewer, as torch.squeeze, which has no module; the batch counts. An axis of another
 * size stays.
 *
 * @param dims which axes, negative from the last; null for all of size 1
 */
public record Squeeze(int[] dims) implements Layer {
  static final LayerType TYPE =
      new LayerType("Squeeze", "dim=None", "axes of size 1 fewer") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Squeeze(args.isNone("dim") ? null : args.list("dim", Integer.MIN_VALUE));
        }
      };

  @Override
  public String type() {
    return "Squeeze";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public boolean dropsOnes() {
    return dims == null;
  }

  @Override
  public Shape output(Shape input) {
    boolean[] leaves = new boolean[input.rank()];
    for (int axis = 0; axis < leaves.length; axis++) {
      leaves[axis] = dims == null;
    }
    for (int i = 0; dims != null && i < dims.length; i++) {
      leaves[Axis.of(dims[i], input, "dim")] = true;
    }
    List<Dim> kept = new ArrayList<>();
    for (int axis = 0; axis < leaves.length; axis++) {
      if (!leaves[axis] || !input.dim(axis).is(1)) {
        kept.add(input.dim(axis));
      }
    }
    return new Shape(kept);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> dy.reshape(input.shape()));
    return input.reshape(output(Shape.of(input.shape())).sizes());
  }
}
