package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Blocks;
import lamina.op.Broadcast;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Its inputs one after another on an axis, as torch.cat. The axis counts the batch, and is that of
 * the channels if it is left out.
 */
public record Concat(int dim) implements MergeLayer {
  static final LayerType TYPE =
      new LayerType("Concat", "dim=1", "several inputs one after another on an axis") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Concat(args.integer("dim", Integer.MIN_VALUE));
        }
      }.keras("Concatenate").onnx("Concat");

  @Override
  public String type() {
    return "Concat";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape first = inputs.get(0);
    int axis = Axis.of(dim, first, "dim");
    Dim size = first.dim(axis);
    for (Shape input : inputs.subList(1, inputs.size())) {
      if (input.rank() != first.rank()) {
        throw new InputException(
            "needs inputs of as many axes, but they are " + first + " and " + input);
      }
      if (!fits(input, first, axis)) {
        throw new InputException(
            "needs inputs that differ on axis "
                + dim
                + " only, but they are "
                + first
                + " and "
                + input);
      }
      size = size.plus(input.dim(axis));
      for (int other = 0; other < first.rank(); other++) {
        first = first.with(other, Broadcast.plainer(first.dim(other), input.dim(other)));
      }
    }
    return first.with(axis, size);
  }

  private static boolean fits(Shape input, Shape first, int axis) {
    for (int other = 0; other < first.rank(); other++) {
      if (other != axis && !first.dim(other).mayEqual(input.dim(other))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String assumption(List<Shape> inputs) {
    int axis = Axis.of(dim, inputs.get(0), "dim");
    List<Shape> others = new ArrayList<>();
    inputs.forEach(input -> others.add(input.with(axis, Dim.ONE)));
    return Broadcast.assumption(others);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    List<Shape> shapes = new ArrayList<>();
    for (Tensor input : inputs) {
      shapes.add(Shape.of(input.shape()));
    }
    DType dtype = inputs.get(0).dtype();
    for (Tensor input : inputs) {
      dtype = Broadcast.common(dtype, input.dtype());
    }
    List<Tensor> parts = new ArrayList<>();
    for (Tensor input : inputs) {
      parts.add(input.as(dtype));
    }
    Tensor y = Tensor.unset(dtype, output(shapes).sizes());
    int axis = Axis.of(dim, shapes.get(0), "dim");
    copy(parts, axis, y, true);
    pass.recordMerge(
        dy -> {
          List<Tensor> gradients = new ArrayList<>();
          for (Shape shape : shapes) {
            gradients.add(Tensor.zeros(dy.dtype(), shape.sizes()));
          }
          copy(gradients, axis, dy, false);
          return gradients;
        });
    return y;
  }

  /** Copies the parts to their places in the whole, or from there. */
  private static void copy(List<Tensor> parts, int axis, Tensor whole, boolean in) {
    int row = run(whole, axis);
    int partOffset = 0;
    for (Tensor part : parts) {
      int length = run(part, axis);
      for (int block = 0; length > 0 && block * length < part.size(); block++) {
        int wholeOffset = block * row + partOffset;
        if (in) {
          Blocks.copy(part, block * length, whole, wholeOffset, length);
        } else {
          Blocks.copy(whole, wholeOffset, part, block * length, length);
        }
      }
      partOffset += length;
    }
  }

  /** How many elements lie together from this axis on. */
  private static int run(Tensor tensor, int axis) {
    int run = 1;
    for (int i = axis; i < tensor.rank(); i++) {
      run *= tensor.dim(i);
    }
    return run;
  }
}
