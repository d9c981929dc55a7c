package lamina.train;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.network.LayerAnalysis;
import lamina.network.RunnableNetwork;
import lamina.tensor.Tensor;

/** Training cannot go on, because a loss or its gradient is no finite number: NaN or infinite. */
public final class NonFiniteLoss extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final double loss;
  private final long step;
  private final String layer;

  private NonFiniteLoss(double loss, long step, String layer, String origin) {
    super("the loss is " + loss + (step == 0 ? "" : " at step " + step) + "; " + origin);
    this.loss = loss;
    this.step = step;
    this.layer = layer;
  }

  /** The loss of the step, which may be finite if only its gradient is not. */
  public double loss() {
    return loss;
  }

  /** The step, counted from 1; 0 for a pass without one. */
  public long step() {
    return step;
  }

  /**
   * The layer where it began; null if all layers give finite numbers and only the loss does not.
   */
  public String layer() {
    return layer;
  }

  /**
   * A loss that is not finite: began in the first layer whose output is not.
   *
   * @param again a pass as the one that gave the loss; it changes the weights' running statistics
   */
  public static NonFiniteLoss forward(
      double loss,
      long step,
      RunnableNetwork network,
      Tensor inputs,
      Map<String, Tensor> weights,
      Pass again) {
    String[] found = {null, null};
    double[] largest = {largest(inputs)};
    network.forward(
        inputs,
        weights,
        again,
        (layer, output) -> {
          double reach = largest(output);
          if (found[0] == null && !Double.isFinite(reach)) {
            found[0] = layer.name();
            found[1] = named(layer) + ", " + "whose input reaches " + figure(largest[0]);
          }
          largest[0] = reach;
          return false;
        });
    if (found[0] == null) {
      List<LayerAnalysis> layers = network.report().layers();
      LayerAnalysis last = layers.get(layers.size() - 1);
      return new NonFiniteLoss(
          loss,
          step,
          last.name(),
          "it began at the output of " + named(last) + ", which reaches " + figure(largest[0]));
    }
    return new NonFiniteLoss(loss, step, found[0], "it began in " + found[1]);
  }

  /** A gradient that is not finite: began in the last layer that has such a one. */
  public static NonFiniteLoss backward(
      double loss, long step, RunnableNetwork network, Map<String, Double> norms) {
    List<LayerAnalysis> layers = network.report().layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      LayerAnalysis layer = layers.get(i);
      boolean isBad =
          layer.weights().stream()
              .map(parameter -> norms.get(Weights.full(layer.name(), parameter.name())))
              .anyMatch(norm -> norm != null && !Double.isFinite(norm));
      if (isBad) {
        return new NonFiniteLoss(
            loss, step, layer.name(), "its gradient is not finite, which began in " + named(layer));
      }
    }
    throw new IllegalStateException("no gradient is infinite in step " + step);
  }

  private static String named(LayerAnalysis layer) {
    return "layer '" + layer.name() + "' " + layer.text();
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  /** The largest absolute element; NaN if one is. */
  private static double largest(Tensor tensor) {
    double largest = 0;
    for (int i = 0; i < tensor.size(); i++) {
      largest = Math.max(largest, Math.abs(tensor.get(i)));
    }
    return largest;
  }
}
