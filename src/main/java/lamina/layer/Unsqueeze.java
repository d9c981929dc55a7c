package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * An axis of size 1 more, as torch.unsqueeze, which has no module; the batch counts.
 *
 * @param dim where it comes; negative from the end, -1 being the last axis of the output
 */
public record Unsqueeze(int dim) implements Layer {
  static final LayerType TYPE =
      new LayerType("Unsqueeze", "dim", "an axis of size 1 more") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Unsqueeze(args.integer("dim", Integer.MIN_VALUE));
        }
      };

  @Override
  public String type() {
    return "Unsqueeze";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    int axis = dim < 0 ? dim + input.rank() + 1 : dim;
    if (axis < 0 || axis > input.rank()) {
      throw new InputException("has dim " + dim + ", where " + input + " can have no axis");
    }
    List<Dim> dims = new ArrayList<>(input.dims());
    dims.add(axis, Dim.ONE);
    return new Shape(dims);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> dy.reshape(input.shape()));
    return input.reshape(output(Shape.of(input.shape())).sizes());
  }
}
