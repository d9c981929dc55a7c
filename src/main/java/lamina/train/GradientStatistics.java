package lamina.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lamina.kernel.Magnitudes;
import lamina.kernel.Moments;
import lamina.layer.Layer;
import lamina.layer.Pass;
import lamina.network.LayerAnalysis;
import lamina.network.NetworkAnalysis;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * What is said of the gradients of an epoch: of each parameter over its steps, of each activation
 * which units never fired for any sample and which were saturated, and how much of the gradient
 * reaches each layer. It listens to a pass forward and observes it backward.
 */
public final class GradientStatistics implements RunnableNetwork.Listener, Pass.Observer {
  /** So near to a bound of a sigmoid or tanh an output counts as saturated. */
  private static final double NEAR_BOUND = 0.01;

  /** Gates are looked at in one of so many steps, because reading them copies them. */
  private static final int GATE_STEPS = 16;

  /** Gradients of outputs, far larger than those of parameters, are measured in one of so many. */
  private static final int SIGNAL_STEPS = 8;

  /** About so many elements of a tensor tell how all are spread. */
  private static final int SAMPLES = 400;

  private final List<LayerAnalysis> layers;
  private final Map<String, Integer> unitAxes = new LinkedHashMap<>();
  private final Map<String, Sums> parameters = new LinkedHashMap<>();
  private final Map<String, Units> activations = new LinkedHashMap<>();
  private final Map<String, Units> gates = new LinkedHashMap<>();
  private final double[] signals;
  private final Map<String, double[]> throughTime = new LinkedHashMap<>();
  private int steps;

  /** How many steps the gradients of outputs were measured at, and whether they are at this one. */
  private int measured;

  private boolean measures;

  /** Counts the latest steps only, beside those of the epoch; null unless somebody wants them. */
  private GradientStatistics window;

  /** Null unless somebody wants them. */
  private Map<String, float[]> gradientSamples;

  private Map<String, float[]> outputSamples;

  /**
   * The figures of a parameter or an activation; those that do not apply are NaN.
   *
   * @param name {@code 0.weight}, or the layer's name for an activation
   * @param gradL2 the mean over the steps of the gradient's L2 norm, as all of the gradient's
   * @param gradMax the largest absolute element
   * @param gradZero the share of elements that are 0
   * @param updateRatio the L2 norm of the step over that of the parameter
   * @param dead the share of units that were silent for every sample of the epoch; a unit of a
   *     convolution is a channel
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
    private double maxRatio;
  }

  private static final class Units {
    private boolean[] fired;

    /** How many have not fired. */
    private int silent;

    private long outputs;
    private long saturated;

    double saturation() {
      return (double) saturated / outputs;
    }
  }

  /** Statistics of a network that has not run yet. */
  public GradientStatistics(NetworkAnalysis network) {
    this(network.layers());
  }

  private GradientStatistics(List<LayerAnalysis> layers) {
    this.layers = layers;
    signals = new double[layers.size()];
    for (int node = 0; node < layers.size(); node++) {
      unitAxes.put(layers.get(node).name(), unitAxis(node));
    }
  }

  /**
   * The axis, negative from the last, that counts the units of a layer's output: channels after a
   * convolution, features after a linear or recurrent layer; 0 where every element is a unit of its
   * own.
   */
  private int unitAxis(int node) {
    int rank = layers.get(node).takenShapes().isEmpty() ? -1 : layers.get(node).taken().rank();
    for (int at = node; at >= 0; at = layers.get(at).inputs().get(0)) {
      LayerAnalysis layer = layers.get(at);
      if (layer.taken().rank() != rank
          || layer.output().rank() != layers.get(node).output().rank()) {
        return 0;
      }
      List<Layer.Expectation> expectations = layer.layer().expectations(layer.taken());
      if (expectations.size() == 1) {
        return expectations.get(0).axis();
      }
      if (!layer.weights().isEmpty()) {
        return 0;
      }
    }
    return 0;
  }

  /** Counts the steps from now on apart, too, until {@link #closeWindow}. */
  public void openWindow() {
    window = new GradientStatistics(layers);
  }

  /** What was counted apart; null if nothing was. */
  public GradientStatistics closeWindow() {
    GradientStatistics closed = window;
    window = null;
    return closed;
  }

  /** Keeps some elements of each gradient and of each activation's outputs, of the latest step. */
  public void keepSamples() {
    gradientSamples = new LinkedHashMap<>();
    outputSamples = new LinkedHashMap<>();
  }

  /** Some elements of each gradient at the latest step, by parameter; null if none are kept. */
  public Map<String, float[]> gradientSamples() {
    return gradientSamples;
  }

  /** Some outputs of each activation and of the network, by layer; null if none are kept. */
  public Map<String, float[]> outputSamples() {
    return outputSamples;
  }

  /** Elements that lie evenly among all; the distance is odd, so that columns take turns. */
  private static float[] sampled(Tensor tensor) {
    int step = Math.max(1, tensor.size() / SAMPLES) | 1;
    float[] samples = new float[(tensor.size() + step - 1) / step];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) tensor.get(i * step);
    }
    return samples;
  }

  /** Adds the gradient of a parameter at one step; gives its L2 norm. */
  public double addGradient(String name, Tensor gradient) {
    if (window != null) {
      window.addGradient(name, gradient);
    }
    if (gradientSamples != null) {
      gradientSamples.put(name, sampled(gradient));
    }
    Moments found = Norms.moments(gradient);
    Magnitudes magnitudes = Norms.magnitudes(gradient);
    int size = gradient.size();
    Sums sums = parameters.computeIfAbsent(name, key -> new Sums());
    double mean = found.sum() / size;
    sums.steps++;
    sums.l2 += found.norm();
    sums.mean += mean;
    sums.std += Math.sqrt(Math.max(0, found.squares() / size - mean * mean));
    sums.max = Math.max(sums.max, magnitudes.largest());
    sums.zero += (double) magnitudes.zeros() / size;
    return found.norm();
  }

  /** Adds how far a step moved a parameter, in parts of its length. */
  public void addUpdate(String name, double ratio) {
    if (window != null) {
      window.addUpdate(name, ratio);
    }
    Sums sums = parameters.get(name);
    sums.ratio += ratio;
    sums.maxRatio = Math.max(sums.maxRatio, ratio);
  }

  /** The outputs of an activation for a batch, whose first axis are the samples. */
  @Override
  public boolean ran(LayerAnalysis layer, Tensor output) {
    if (window != null) {
      window.ran(layer, output);
    }
    if (outputSamples != null
        && (isActivation(layer) || layer.name().equals(layers.get(layers.size() - 1).name()))) {
      outputSamples.put(layer.name(), sampled(output));
    }
    double silence = layer.layer().silence();
    double[] bounds = layer.layer().bounds();
    if (output.size() > 0 && !Double.isNaN(silence)) {
      addFired(layer.name(), output, silence);
    } else if (output.size() > 0 && bounds != null) {
      addSaturated(activations.computeIfAbsent(layer.name(), key -> new Units()), output, bounds);
    }
    return false;
  }

  /** A unit fires where the maxima of its outputs do; a sample of outputs wants all. */
  @Override
  public boolean isContentWithMaxima(LayerAnalysis layer) {
    boolean isPerMap = unitAxes.get(layer.name()) <= -3;
    return isPerMap && outputSamples == null && (window == null || window.outputSamples == null);
  }

  private static boolean isActivation(LayerAnalysis layer) {
    return layer.layer().activation() != null
        || layer.layer().bounds() != null
        || !Double.isNaN(layer.layer().silence());
  }

  private void addFired(String name, Tensor output, double silence) {
    int axis = unitAxes.get(name);
    int count = axis == 0 ? output.size() / output.dim(0) : output.dim(axis);
    int inner = 1;
    for (int i = axis; axis < 0 && i < -1; i++) {
      inner *= output.dim(i + 1);
    }
    Units seen = activations.computeIfAbsent(name, key -> new Units());
    if (seen.fired == null || seen.fired.length != count) {
      seen.fired = new boolean[count];
      seen.silent = count;
    }
    // Only those that were silent so far are looked at: soon few or none.
    for (int start = 0; seen.silent > 0 && start < output.size(); start += count * inner) {
      for (int unit = 0; unit < count; unit++) {
        if (!seen.fired[unit] && fires(output, start + unit * inner, inner, silence)) {
          seen.fired[unit] = true;
          seen.silent--;
        }
      }
    }
  }

  private static boolean fires(Tensor output, int from, int count, double silence) {
    boolean isFloat = output.dtype() == DType.FLOAT32;
    // A value that the layer rounds to its type stays the same there.
    double silent = isFloat ? (float) silence : silence;
    for (int i = from; i < from + count; i++) {
      if ((isFloat ? output.floats()[i] : output.doubles()[i]) != silent) {
        return true;
      }
    }
    return false;
  }

  private static void addSaturated(Units seen, Tensor values, double[] bounds) {
    double middle = (bounds[0] + bounds[1]) / 2;
    double half = (bounds[1] - bounds[0]) / 2;
    double edge = half - NEAR_BOUND * Math.min(1, 2 * half);
    boolean isFloat = values.dtype() == DType.FLOAT32;
    for (int i = 0; i < values.size(); i++) {
      double y = isFloat ? values.floats()[i] : values.doubles()[i];
      seen.saturated += Math.abs(y - middle) >= edge ? 1 : 0;
    }
    seen.outputs += values.size();
  }

  @Override
  public void gated(String level, Supplier<Map<String, Tensor>> trace) {
    if (steps % GATE_STEPS > 0) {
      return;
    }
    trace
        .get()
        .forEach(
            (gate, values) -> {
              // The candidates g of an LSTM and n of a GRU are a tanh, the gates a sigmoid.
              boolean isCandidate = gate.startsWith("g") || gate.startsWith("n");
              addSaturated(
                  gates.computeIfAbsent(level + " " + gate, key -> new Units()),
                  values,
                  new double[] {isCandidate ? -1 : 0, 1});
            });
  }

  @Override
  public void reached(int node, Tensor dy) {
    // Every pass goes back through the last node once, and first.
    if (node == signals.length - 1) {
      measures = steps % SIGNAL_STEPS == 0;
      measured += measures ? 1 : 0;
      steps++;
    }
    if (measures) {
      signals[node] += Norms.norm(dy);
    }
  }

  @Override
  public void wentBackThroughTime(String level, Tensor dx) {
    int size = dx.size() / dx.dim(0);
    double[] norms = throughTime.computeIfAbsent(level, key -> new double[dx.dim(0)]);
    for (int t = 0; t < Math.min(norms.length, dx.dim(0)); t++) {
      norms[t] += Norms.norm(dx, t * size, size);
    }
  }

  /**
   * The L2 norm of the gradient with respect to the output of each layer that was reached, by the
   * layers' names, first to last; means over the steps at which it was measured.
   */
  public Map<String, Double> signals() {
    Map<String, Double> found = new LinkedHashMap<>();
    for (int node = 0; node < signals.length; node++) {
      found.put(layers.get(node).name(), signals[node] / Math.max(1, measured));
    }
    return found;
  }

  /** The L2 norm of the gradient at each time step of each level of the recurrent layers. */
  public Map<String, double[]> throughTime() {
    return throughTime;
  }

  /** The largest update ratio of each parameter's steps. */
  public Map<String, Double> largestUpdates() {
    Map<String, Double> found = new LinkedHashMap<>();
    parameters.forEach((name, sums) -> found.put(name, sums.maxRatio));
    return found;
  }

  /** The share of values near a bound, of each gate of each level: {@code "0.l0 f"}. */
  public Map<String, Double> gates() {
    Map<String, Double> found = new LinkedHashMap<>();
    gates.forEach((name, units) -> found.put(name, units.saturation()));
    return found;
  }

  /** How many passes went back. */
  public int steps() {
    return steps;
  }

  /** All rows, the worst first: dead units, then the smallest share of a parameter's movement. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
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
          double share = nan;
          if (u.fired != null) {
            int dead = 0;
            for (boolean fired : u.fired) {
              dead += fired ? 0 : 1;
            }
            share = (double) dead / u.fired.length;
          }
          double saturated = u.outputs > 0 ? u.saturation() : nan;
          rows.add(new Row(name, nan, nan, nan, nan, nan, nan, share, saturated));
        });
    rows.sort(Comparator.comparingDouble(GradientStatistics::badness).reversed());
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
