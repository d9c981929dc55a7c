package lamina.train.diagnosis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.network.LayerAnalysis;
import lamina.network.Network;
import lamina.network.NetworkAnalysis;
import lamina.network.RunnableNetwork;
import lamina.tensor.Tensor;
import lamina.train.Loss;
import lamina.train.data.Dataset;

/**
 * What a diagnosis rests on.
 *
 * @param weights by full name, as they are at the end
 * @param data the samples learned from
 * @param test what is held out, or null
 * @param isWeighted whether classes count the more the rarer they are
 * @param isOnePass whether there was one pass over all samples and no step
 */
public record Evidence(
    Network network,
    Map<String, Tensor> weights,
    TrainingHistory history,
    Dataset data,
    Dataset test,
    Loss loss,
    boolean isWeighted,
    boolean isOnePass) {
  /** A loss above this part of the baseline's says that nothing was learned. */
  static final double NOTHING_LEARNED = 0.95;

  /** What the samples learned from allow without looking at their inputs. */
  Baseline baseline() {
    return Baseline.of(data, data, loss, isWeighted);
  }

  /** Whether the loss is hardly below what can be had without looking at the inputs. */
  boolean isStuck() {
    return history.epochs().isEmpty()
        || !(history.last().training().loss() <= NOTHING_LEARNED * baseline().loss());
  }

  /** The network for a batch of samples. */
  RunnableNetwork networkFor(int batch) {
    int[] sample = data.sampleShape();
    int[] shape = new int[sample.length + 1];
    shape[0] = batch;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return RunnableNetwork.of(network, shape);
  }

  /** The layers for one sample. */
  NetworkAnalysis analysis() {
    return networkFor(1).report();
  }

  /** Layers with matrices or kernels that are trained, first to last. */
  static List<LayerAnalysis> weighted(NetworkAnalysis analysis) {
    List<LayerAnalysis> weighted = new ArrayList<>();
    for (LayerAnalysis layer : analysis.layers()) {
      if (layer.weights().stream().anyMatch(p -> p.trained() && p.shape().rank() > 1)) {
        weighted.add(layer);
      }
    }
    return weighted;
  }

  /** Whether a parameter is a matrix or kernel, not a bias or scale. */
  boolean isMatrix(String parameter) {
    Tensor tensor = weights.get(parameter);
    return tensor != null && tensor.rank() > 1;
  }

  /** A layer as messages name it. */
  static String named(LayerAnalysis layer) {
    return "layer '" + layer.name() + "' " + layer.text();
  }

  /** As above, by its name. */
  static String named(NetworkAnalysis analysis, String name) {
    for (LayerAnalysis layer : analysis.layers()) {
      if (layer.name().equals(name)) {
        return named(layer);
      }
    }
    return "'" + name + "'";
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  /** A figure with three digits: {@code 0.012}, {@code 250}, {@code 3.1e-09}. */
  public static String figure(double value) {
    double size = Math.abs(value);
    if (!(size < Double.POSITIVE_INFINITY) || value == 0) {
      return value == 0 ? "0" : Double.toString(value);
    }
    if (size < 1e-3 || size >= 1e6) {
      return String.format(Locale.ROOT, "%.2e", value)
          .replaceAll("\\.?0*e", "e")
          .replace("e-0", "e-")
          .replace("e+0", "e+");
    }
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
