package lamina.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.network.LayerAnalysis;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * What is said of the gradients of an epoch: of each parameter over its steps, and of each
 * activation which units never fired for any sample, and which were saturated.
 */
public final class GradientStatistics {
  /** The share of an activation's bound from which on a unit counts as saturated. */
  private static final double SATURATED = 0.99;

  private final Map<String, Sums> parameters = new LinkedHashMap<>();
  private final Map<String, Units> activations = new LinkedHashMap<>();

  /**
   * The figures of a parameter or an activation; those that do not apply are NaN.
   *
   * @param name {@code 0.weight}, or the layer's name for an activation
   * @param gradL2 the mean over the steps of the gradient's L2 norm, as all of the gradient's
   * @param gradMax the largest absolute element
   * @param gradZero the share of elements that are 0
   * @param updateRatio the L2 norm of the step over that of the parameter
   * @param dead the share of units that were 0 for every sample of the epoch
   * @param saturated the share of outputs within a hundredth of a bound of a sigmoid or tanh
   */
  public record Row(
      String name,
      double gradL2,
      double gradMean,
      double gradStd,
      double gradMax,
      double gradZero,
      double updateRatio,
      double dead,
      double saturated) {}

  private static final class Sums {
    private int steps;
    private double l2;
    private double mean;
    private double std;
    private double max;
    private double zero;
    private double ratio;
  }

  private static final class Units {
    private boolean[] fired;
    private long outputs;
    private long saturated;
    private boolean isBounded;
  }

  /** Adds the gradient of a parameter at one step; gives its L2 norm. */
  public double addGradient(String name, Tensor gradient) {
    double sum = 0;
    double squares = 0;
    double max = 0;
    int zeros = 0;
    int size = gradient.size();
    boolean isFloat = gradient.dtype() == DType.FLOAT32;
    float[] floats = isFloat ? gradient.floats() : null;
    double[] doubles = isFloat ? null : gradient.doubles();
    for (int i = 0; i < size; i++) {
      double g = isFloat ? floats[i] : doubles[i];
      sum += g;
      squares += g * g;
      max = Math.max(max, Math.abs(g));
      zeros += g == 0 ? 1 : 0;
    }
    Sums sums = parameters.computeIfAbsent(name, key -> new Sums());
    double mean = sum / size;
    sums.steps++;
    sums.l2 += Math.sqrt(squares);
    sums.mean += mean;
    sums.std += Math.sqrt(Math.max(0, squares / size - mean * mean));
    sums.max = Math.max(sums.max, max);
    sums.zero += (double) zeros / size;
    return Math.sqrt(squares);
  }

  /** Adds how far a step moved a parameter, in parts of its length. */
  public void addUpdate(String name, double ratio) {
    parameters.get(name).ratio += ratio;
  }

  /** Whether units of this layer can be dead or saturated. */
  public static boolean isActivation(LayerAnalysis layer) {
    return fires(layer.type()) || isBounded(layer.type());
  }

  private static boolean fires(String type) {
    return type.equals("ReLU") || type.equals("ReLU6") || type.equals("Threshold");
  }

  private static boolean isBounded(String type) {
    return type.equals("Sigmoid") || type.equals("Tanh");
  }

  /** Adds the outputs of an activation for a batch, whose first axis are the samples. */
  public void addOutputs(LayerAnalysis layer, Tensor output) {
    int units = output.size() / output.dim(0);
    Units seen = activations.computeIfAbsent(layer.name(), key -> new Units());
    if (seen.fired == null) {
      seen.fired = new boolean[units];
      seen.isBounded = isBounded(layer.type());
    }
    double low = layer.type().equals("Sigmoid") ? 1 - SATURATED : -SATURATED;
    boolean isFloat = output.dtype() == DType.FLOAT32;
    int unit = 0;
    for (int i = 0; i < output.size(); i++) {
      double y = isFloat ? output.floats()[i] : output.doubles()[i];
      if (y != 0) {
        seen.fired[unit] = true;
      }
      if (seen.isBounded && (y >= SATURATED || y <= low)) {
        seen.saturated++;
      }
      unit = unit + 1 == units ? 0 : unit + 1;
    }
    seen.outputs += output.size();
  }

  /** All rows, the worst first: dead units, then the smallest share of a parameter's movement. */
  public List<Row> rows() {
    List<Row> rows = new java.util.ArrayList<>();
    parameters.forEach(
        (name, s) ->
            rows.add(
                new Row(
                    name,
                    s.l2 / s.steps,
                    s.mean / s.steps,
                    s.std / s.steps,
                    s.max,
                    s.zero / s.steps,
                    s.ratio / s.steps,
                    Double.NaN,
                    Double.NaN)));
    double nan = Double.NaN;
    activations.forEach(
        (name, u) -> {
          int dead = 0;
          for (boolean fired : u.fired) {
            dead += fired ? 0 : 1;
          }
          double share = u.isBounded ? nan : (double) dead / u.fired.length;
          double saturated = u.isBounded ? (double) u.saturated / u.outputs : nan;
          rows.add(new Row(name, nan, nan, nan, nan, nan, nan, share, saturated));
        });
    rows.sort(java.util.Comparator.comparingDouble(GradientStatistics::badness).reversed());
    return rows;
  }

  /** The largest share of dead units of a layer. */
  public double mostDead() {
    double most = 0;
    for (Row row : rows()) {
      most = Double.isNaN(row.dead()) ? most : Math.max(most, row.dead());
    }
    return most;
  }

  private static double badness(Row row) {
    if (!Double.isNaN(row.dead())) {
      return row.dead();
    }
    return Double.isNaN(row.saturated()) ? row.gradZero() : row.saturated();
  }
}
