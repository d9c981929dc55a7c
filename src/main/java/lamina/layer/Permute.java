package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The axes in another order: {@code Permute(0, 2, 1)} makes {@code (N, T, E)} of an embedding the
 * {@code (N, E, T)} of a convolution. As torch.permute, which has no module; the batch is one of
 * the axes.
 *
 * @param dims the input's axes in the output's order, from 0 on; empty if a print left them out, as
 *     torchvision's does
 */
public record Permute(int[] dims) implements Layer {
  static final LayerType TYPE =
      new LayerType("Permute", "*dims", "the axes in another order, the batch counted among them") {
        @Override
        public Layer layer(LayerArguments args) {
          return Permute.of(args);
        }
      }.keras("Permute").onnx("Transpose");

  private static Layer of(LayerArguments args) {
    int[] dims = args.list("dims", Integer.MIN_VALUE);
    boolean[] seen = new boolean[dims.length];
    for (int i = 0; i < dims.length; i++) {
      int axis = dims[i] < 0 ? dims[i] + dims.length : dims[i];
      if (axis < 0 || axis >= dims.length || seen[axis]) {
        throw args.error(
            "dims",
            "must name each axis from 0 to " + (dims.length - 1) + " once",
            args.value("dims"));
      }
      seen[axis] = true;
      dims[i] = axis;
    }
    return new Permute(dims);
  }

  @Override
  public String type() {
    return "Permute";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Ranks ranks() {
    return dims.length == 0 ? Ranks.ANY : new Ranks(dims.length, dims.length, -1);
  }

  @Override
  public Shape output(Shape input) {
    if (dims.length == 0) {
      throw new InputException("does not say its order of axes; write e.g. Permute(0, 2, 1)");
    }
    List<Dim> sizes = new ArrayList<>();
    for (int axis : dims) {
      sizes.add(input.dim(axis));
    }
    return new Shape(sizes);
  }

  /** Spatial axes keep their order if only the channels go to the end or come from there. */
  @Override
  public Reach reach(Shape input) {
    int last = dims.length - 1;
    List<Integer> rest = new ArrayList<>();
    for (int axis : dims) {
      rest.add(axis);
    }
    if (last > 1 && dims[last] == 1) {
      rest.remove(last);
    } else if (last > 1 && dims[1] == last) {
      rest.remove(1);
    }
    for (int i = 1; i < rest.size(); i++) {
      if (rest.get(i) < rest.get(i - 1)) {
        return Reach.ALL;
      }
    }
    return Reach.POINT;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int[] back = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      back[dims[i]] = i;
    }
    pass.record((dy, gradients) -> dy.permute(back));
    return input.permute(dims);
  }
}
