package lamina.layer;

import java.util.List;
import lamina.op.Broadcast;
import lamina.op.Extrema;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/**
 * The greatest or the least of several inputs, element by element; sizes of 1 are stretched, as
 * PyTorch does.
 */
public record Extremum(boolean greatest) implements MergeLayer {
  static final LayerType MAXIMUM =
      new LayerType("Maximum", "", "the greatest of several inputs") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Extremum(true);
        }
      }.keras("Maximum").onnx("Max");

  static final LayerType MINIMUM =
      new LayerType("Minimum", "", "the least of several inputs") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Extremum(false);
        }
      }.keras("Minimum").onnx("Min");

  @Override
  public String type() {
    return greatest ? "Maximum" : "Minimum";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Broadcast.shape(inputs);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    pass.recordMerge(dy -> Extrema.backward(inputs, greatest, dy));
    return Extrema.forward(inputs, greatest);
  }
}
