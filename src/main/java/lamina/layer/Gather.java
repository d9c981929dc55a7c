package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.op.Gathers;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Elements of its first input from where the second says.
 *
 * @param kind what an index names
 * @param axis the axis that indices count; for rows, how many axes both inputs share
 */
public record Gather(Kind kind, int axis) implements MergeLayer {
  /** What an index names, by ONNX's operators. */
  public enum Kind {
    /** An entry of the axis. */
    ENTRIES("Gather"),
    /** An element on the axis, at its own place on the others. */
    ELEMENTS("GatherElements"),
    /** With the others of its row an entry of the first axes. */
    ROWS("GatherND");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  @Override
  public String type() {
    return kind.type;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape data = inputs.get(0);
    Shape indices = inputs.get(1);
    if (kind == Kind.ENTRIES && axis >= data.rank()) {
      throw new InputException("takes entries of axis " + axis + ", which " + data + " has not");
    }
    List<Dim> dims = new ArrayList<>();
    switch (kind) {
      case ENTRIES -> {
        dims.addAll(data.dims().subList(0, axis));
        dims.addAll(indices.dims());
        dims.addAll(data.dims().subList(axis + 1, data.rank()));
      }
      case ELEMENTS -> dims.addAll(indices.dims());
      case ROWS -> {
        int length = (int) indices.dim(-1).value();
        dims.addAll(indices.dims().subList(0, indices.rank() - 1));
        dims.addAll(data.dims().subList(axis + length, data.rank()));
      }
    }
    return new Shape(dims);
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor x = inputs.get(0);
    Tensor indices = inputs.get(1);
    int[] places =
        switch (kind) {
          case ENTRIES -> Gathers.entries(x.shape(), indices, axis);
          case ELEMENTS -> Gathers.elements(x.shape(), indices, axis);
          case ROWS -> Gathers.rows(x.shape(), indices, axis);
        };
    Shape shape = output(List.of(Shape.of(x.shape()), Shape.of(indices.shape())));
    if (x.dtype() != DType.INT64) {
      pass.recordMerge(dy -> Arrays.asList(Gathers.takeBackward(dy, places, x.shape()), null));
    }
    return Gathers.take(x, places, shape.sizes());
  }
}
