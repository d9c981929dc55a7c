package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * One axis becomes several.
 *
 * @param dim the axis; negative from the last
 * @param sizes the sizes; one of them may be -1, which takes what is left
 */
public record Unflatten(int dim, int[] sizes) implements Layer {
  static final LayerType TYPE =
      new LayerType("Unflatten", "dim, unflattened_size", "one axis becomes several") {
        @Override
        public Layer layer(LayerArguments args) {
          return Unflatten.of(args);
        }
      }.keras("Reshape").onnx("Reshape");

  private static Layer of(LayerArguments args) {
    int[] sizes = args.list("unflattened_size", -1);
    int open = 0;
    for (int size : sizes) {
      open += size == -1 ? 1 : 0;
      if (size == 0) {
        throw args.error(
            "unflattened_size", "must have sizes from 1 on, or -1", args.value("unflattened_size"));
      }
    }
    if (open > 1 || sizes.length == 0) {
      throw args.error(
          "unflattened_size",
          "must have sizes of which at most one is -1",
          args.value("unflattened_size"));
    }
    return new Unflatten(args.integer("dim", Integer.MIN_VALUE), sizes);
  }

  @Override
  public String type() {
    return "Unflatten";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    int axis = Axis.of(dim, input, "dim");
    Dim size = input.dim(axis);
    Dim known = Dim.ONE;
    boolean open = false;
    for (int part : sizes) {
      open |= part == -1;
      known = part == -1 ? known : known.times(part);
    }
    Dim rest = size.floorDiv(known.value());
    boolean fits = open ? rest.times(known).equals(size) : size.equals(known);
    if (!fits && (size.isNumber() || !open)) {
      throw new InputException(
          "cannot divide the "
              + size
              + " elements of axis "
              + dim
              + " into "
              + Call.show(asList()));
    }
    List<Dim> dims = new ArrayList<>(input.dims().subList(0, axis));
    for (int part : sizes) {
      dims.add(part == -1 ? rest : Dim.of(part));
    }
    dims.addAll(input.dims().subList(axis + 1, input.rank()));
    return new Shape(dims);
  }

  private List<Object> asList() {
    List<Object> list = new ArrayList<>();
    for (int part : sizes) {
      list.add((long) part);
    }
    return list;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    pass.record((dy, gradients) -> dy.reshape(input.shape()));
    return input.reshape(output(Shape.of(input.shape())).sizes());
  }
}
