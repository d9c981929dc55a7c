package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * A MultiheadAttention of which a print shows the size alone, neither its heads nor the order of
 * its axes: its output is as its first input, and its weights are known.
 */
public record HiddenHeads(int size, boolean bias) implements MergeLayer {
  @Override
  public String type() {
    return "MultiheadAttention";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public String gap() {
    return "has heads, and an order of axes, that print(model) does not show; write"
        + " MultiheadAttention("
        + size
        + ", num_heads, batch_first=True) in place of what it prints";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("in_proj_weight", Shape.of(3 * size, size)));
    if (bias) {
      parameters.add(new Parameter("in_proj_bias", Shape.of(3 * size)));
    }
    parameters.add(new Parameter("out_proj.weight", Shape.of(size, size)));
    if (bias) {
      parameters.add(new Parameter("out_proj.bias", Shape.of(size)));
    }
    return parameters;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    throw new IllegalStateException("a gap does not run");
  }
}
