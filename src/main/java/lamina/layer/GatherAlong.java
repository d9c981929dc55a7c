package lamina.layer;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Elements of its first input from where the second says, on an axis that may be counted from the
 * last: torch.gather and torch.index_select.
 */
public record GatherAlong(Gather.Kind kind, int dim) implements MergeLayer {
  @Override
  public String type() {
    return "Gather";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  private Gather gather(Shape input) {
    return new Gather(kind, Axis.of(dim, input, "dim"));
  }

  @Override
  public Shape output(List<Shape> inputs) {
    int rank = inputs.get(1).rank();
    if (rank != (kind == Gather.Kind.ELEMENTS ? inputs.get(0).rank() : 1)) {
      throw new InputException("takes no indices " + inputs.get(1) + " for " + inputs.get(0));
    }
    return gather(inputs.get(0)).output(inputs);
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Gather gather = gather(Shape.of(inputs.get(0).shape()));
    Tensor indices = inputs.get(1);
    // Indices that come as an input of the network are numbers like all others.
    Tensor whole = indices.dtype() == DType.INT64 ? indices : indices.as(DType.INT64);
    return gather.forward(List.of(inputs.get(0), whole), pass);
  }
}
