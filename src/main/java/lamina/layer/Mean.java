package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.AveragePooling;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The mean over some axes, which disappear: {@code Mean(1)} over the steps of {@code (N, T, I)}. As
 * torch.mean, which has no module; the batch counts among the axes.
 *
 * @param dims the axes; negative from the last
 * @param keepDims whether they stay, with size 1
 */
public record Mean(int[] dims, boolean keepDims) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Mean",
          "dim, keepdim=False",
          "the mean over one or several axes, the batch counted among them") {
        @Override
        public Layer layer(LayerArguments args) {
          return Mean.of(args);
        }
      }.onnx("ReduceMean");

  private static Layer of(LayerArguments args) {
    int[] dims = args.list("dim", Integer.MIN_VALUE);
    if (dims.length == 0) {
      throw args.error("dim", "must name at least one axis", args.value("dim"));
    }
    return new Mean(dims, args.flag("keepdim"));
  }

  @Override
  public String type() {
    return "Mean";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  /** Which axes of an input the mean is over. */
  private boolean[] isReduced(Shape input) {
    boolean[] reduced = new boolean[input.rank()];
    for (int dim : dims) {
      int axis = Axis.of(dim, input, "dim");
      if (reduced[axis]) {
        throw new InputException("names axis " + axis + " of " + input + " twice");
      }
      reduced[axis] = true;
    }
    return reduced;
  }

  @Override
  public Shape output(Shape input) {
    boolean[] reduced = isReduced(input);
    List<Dim> sizes = new ArrayList<>();
    for (int axis = 0; axis < reduced.length; axis++) {
      if (!reduced[axis]) {
        sizes.add(input.dim(axis));
      } else if (keepDims) {
        sizes.add(Dim.ONE);
      }
    }
    return new Shape(sizes);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  /** With the axes of the mean at the end it is the average of each row. */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Shape shape = Shape.of(input.shape());
    boolean[] reduced = isReduced(shape);
    int[] order = new int[reduced.length];
    int next = 0;
    int count = 1;
    for (boolean last : new boolean[] {false, true}) {
      for (int axis = 0; axis < reduced.length; axis++) {
        if (reduced[axis] == last) {
          order[next++] = axis;
          count *= last ? input.dim(axis) : 1;
        }
      }
    }
    AveragePooling averages = AveragePooling.adaptive(1);
    int[] rows = {1, input.size() / count, count};
    Tensor permuted = new Permute(order).forward(input, weights, pass);
    int[] permutedShape = permuted.shape();
    pass.record(
        (dy, gradients) ->
            averages.backward(dy.reshape(1, rows[1], 1), rows).reshape(permutedShape));
    return averages.forward(permuted.reshape(rows)).reshape(output(shape).sizes());
  }
}
