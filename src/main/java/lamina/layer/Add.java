package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.op.Broadcast;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/** The sum of its inputs, element by element; sizes of 1 are stretched, as PyTorch does. */
public record Add() implements MergeLayer {
  static final LayerType TYPE =
      new LayerType("Add", "", "the sum of several inputs") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Add();
        }
      }.keras("Add").onnx("Add Sum");

  @Override
  public String type() {
    return "Add";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Broadcast.shape(inputs);
  }

  @Override
  public String assumption(List<Shape> inputs) {
    return Broadcast.assumption(inputs);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    List<int[]> shapes = new ArrayList<>();
    Tensor sum = inputs.get(0);
    for (Tensor input : inputs) {
      // Whole numbers have no gradient.
      shapes.add(input.dtype() == DType.INT64 ? null : input.shape());
    }
    for (Tensor input : inputs.subList(1, inputs.size())) {
      sum = Broadcast.add(sum, input);
    }
    pass.recordMerge(
        dy -> {
          List<Tensor> gradients = new ArrayList<>();
          for (int[] shape : shapes) {
            gradients.add(shape == null ? null : Broadcast.reduce(dy, shape));
          }
          return gradients;
        });
    return sum;
  }

  @Override
  public Tensor forwardInPlace(List<Tensor> inputs, int free, Weights weights, Pass pass) {
    // A sum of more inputs in another order could be rounded differently.
    if (free > 1) {
      return forward(inputs, pass);
    }
    Tensor sum = inputs.get(free);
    for (Tensor input : inputs) {
      if (!Arrays.equals(input.shape(), sum.shape()) || input.dtype() != sum.dtype()) {
        return forward(inputs, pass);
      }
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (i != free) {
        Broadcast.add(sum, inputs.get(i), sum);
      }
    }
    return sum;
  }
}
