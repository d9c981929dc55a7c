package lamina.network;

import java.util.List;
import lamina.kernel.PointwiseLoop;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.op.Activation;
import lamina.op.activation.AxisFunction;
import lamina.tensor.Tensor;

/**
 * A ReLU before a maximum pooling with windows of 2×2 side by side: computed after it, on a quarter
 * of the elements. The larger of two numbers is the larger one after a ReLU, too, so that values
 * and gradients are the same to the last bit: a window's gradient goes to its first maximum if that
 * is above 0, and nowhere else.
 */
final class LateRelu {
  private LateRelu() {}

  /** Which layers are such a ReLU: nobody but the pooling, which is the next layer, takes it. */
  static boolean[] find(List<LayerAnalysis> layers, List<String> outputs) {
    boolean[] found = new boolean[layers.size()];
    for (int i = 0; i + 1 < found.length; i++) {
      int relu = i;
      found[i] =
          isRelu(layers.get(i).layer().activation())
              && !outputs.contains(layers.get(i).name())
              && layers.get(i + 1).inputs().equals(List.of(i))
              && layers.get(i + 1).taken().equals(layers.get(i).taken())
              && layers.get(i + 1).layer().isMaximaOfFours(layers.get(i).taken())
              && layers.subList(i + 2, found.length).stream()
                  .noneMatch(layer -> layer.inputs().contains(relu));
    }
    return found;
  }

  private static boolean isRelu(Activation function) {
    return function != null
        && !(function.kind() instanceof AxisFunction)
        && function.pointwise().loop().kind() == PointwiseLoop.Kind.RELU;
  }

  /**
   * The output of both layers.
   *
   * @param x what the ReLU takes
   */
  static Tensor forward(
      LayerAnalysis relu, LayerAnalysis pool, Tensor x, Weights weights, Pass pass) {
    Tensor maxima = pool.layer().forward(x, weights, pass);
    return pass.isRecording()
        ? relu.layer().forward(maxima, weights, pass)
        : relu.layer().forwardInPlace(maxima, weights, pass);
  }
}
