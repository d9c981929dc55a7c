package lamina.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.Parallel;
import lamina.layer.Layer.Parameter;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * A network that can run on inputs of one shape: its layers with all sizes, but without weights,
 * which are a map by the names that PyTorch's {@code state_dict()} of a Sequential gives ({@code
 * 0.weight}, {@code features.0.bias}). Networks for other shapes of the same input share weights.
 */
public final class RunnableNetwork {
  private static final String BATCHES = "num_batches_tracked";

  private final NetworkAnalysis report;

  /** The graph of a file, which brings its weights; else null. */
  private final Model.Bound bound;

  /** Which layers are a ReLU that may be computed after the pooling that follows it. */
  private final boolean[] isLateRelu;

  /** The layers that give further outputs than the last one, by the outputs' names. */
  private final Map<String, String> moreOutputs;

  private RunnableNetwork(
      NetworkAnalysis report, Model.Bound bound, Map<String, String> moreOutputs) {
    this.report = report;
    this.bound = bound;
    this.moreOutputs = moreOutputs;
    this.isLateRelu = LateRelu.find(report.layers(), outputs());
  }

  /** Hears of the outputs of layers as they run. */
  public interface Listener {
    /**
     * Is called after each layer.
     *
     * @param layer what is known of the layer
     * @param output its output, as the user knows it: without a batch if the input has none
     * @return whether this output must stay as it is; else later layers may overwrite it
     */
    boolean ran(LayerAnalysis layer, Tensor output);

    /**
     * Whether the maxima of a layer's output over windows that cover it tell as much as the output:
     * then {@link #ran} may be given those, where nobody else needs the output.
     */
    default boolean isContentWithMaxima(LayerAnalysis layer) {
      return false;
    }
  }

  private static final Listener NOBODY =
      new Listener() {
        @Override
        public boolean ran(LayerAnalysis layer, Tensor output) {
          return false;
        }

        @Override
        public boolean isContentWithMaxima(LayerAnalysis layer) {
          return true;
        }
      };

  /**
   * The network for inputs of a shape, with or without a batch.
   *
   * @throws InputException if a shape does not fit, or a part of the network is unknown
   */
  public static RunnableNetwork of(Network network, int... input) {
    // A guess in place of code that is there would give numbers that are wrong.
    if (network.unfollowed() != null) {
      throw new InputException("the network cannot run: " + network.unfollowed());
    }
    if (network.model() != null && network.model().inputs().size() > 1) {
      List<String> names = new ArrayList<>();
      network.model().inputs().forEach(port -> names.add(port.name()));
      throw new InputException(
          "the network takes several inputs, "
              + String.join(", ", names)
              + ", where one is given; lamina run takes them all");
    }
    NetworkAnalysis report = NetworkAnalyzer.ofTensor(network, Shape.of(input));
    checkComplete(report);
    return new RunnableNetwork(report, null, network.moreOutputs());
  }

  /**
   * The graph of a file for inputs.
   *
   * @param inputs one for each of the model's inputs
   * @param dtype what to compute in
   * @param merges whether layers may become one, so that not all of them are there
   * @throws InputException if a shape does not fit, or an operator is unknown
   */
  public static RunnableNetwork of(Model model, List<Tensor> inputs, DType dtype, boolean merges) {
    List<Shape> shapes = new ArrayList<>();
    for (Tensor input : inputs) {
      shapes.add(Shape.of(input.shape()));
    }
    Shape first = shapes.isEmpty() ? Shape.of() : shapes.get(0);
    GraphWalk walk =
        NetworkAnalyzer.ofModel(model, Batch.literal(first), shapes, inputs, dtype, merges);
    NetworkAnalysis report = walk.report();
    checkComplete(report);
    return new RunnableNetwork(report, walk.bound(), Map.of());
  }

  private static void checkComplete(NetworkAnalysis report) {
    if (!report.isRunnable()) {
      throw new InputException("the network cannot run: " + report.gaps().get(0));
    }
  }

  /** The layers that give the outputs, in the order of a file's graph; mostly the last one. */
  public List<String> outputs() {
    if (bound != null) {
      return bound.outputs();
    }
    List<LayerAnalysis> layers = report.layers();
    List<String> outputs = new ArrayList<>(List.of(layers.get(layers.size() - 1).name()));
    outputs.addAll(moreOutputs.values());
    return outputs;
  }

  /** What the outputs are called. */
  public List<String> outputNames() {
    if (bound != null) {
      return bound.names();
    }
    List<String> names = new ArrayList<>(outputs().subList(0, 1));
    names.addAll(moreOutputs.keySet());
    return names;
  }

  /** Whether it is only for the values that the inputs had, not for others of their shapes. */
  public boolean usesValues() {
    return bound != null && bound.usesValues();
  }

  /**
   * The weights that came with a file; null if there was none. They are given once: what they were
   * made of is let go.
   */
  public Map<String, Tensor> ownWeights() {
    if (bound == null) {
      return null;
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (LayerAnalysis layer : report.layers()) {
      for (Parameter parameter : layer.weights()) {
        String name = Weights.full(layer.name(), parameter.name());
        if (bound.weights().containsKey(name)) {
          Tensor weight = bound.weights().remove(name).get();
          weights.put(name, checked(layer, parameter, weight, "it", name));
        }
      }
    }
    return weights;
  }

  /** What a file calls a weight; elsewhere its full name. */
  public String nameOf(String weight) {
    return bound == null ? weight : bound.aliases().getOrDefault(weight, weight);
  }

  /** Shapes and costs of all layers. */
  public NetworkAnalysis report() {
    return report;
  }

  /** The names of all layers, first to last. */
  public List<String> layerNames() {
    List<String> names = new ArrayList<>();
    for (LayerAnalysis layer : report.layers()) {
      names.add(layer.name());
    }
    return names;
  }

  /** Weights and running statistics by full name, in PyTorch's order; shared ones once. */
  public Map<String, Parameter> parameters() {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (LayerAnalysis layer : report.layers()) {
      for (Parameter parameter : layer.weights()) {
        parameters.put(Weights.full(layer.name(), parameter.name()), parameter);
      }
    }
    return parameters;
  }

  /**
   * What PyTorch's constructors would set the weights to: the same bytes for a seed on every
   * machine; float32 rounds the numbers that float64 draws.
   */
  public Map<String, Tensor> initialWeights(DType dtype, long seed) {
    RandomNumbers random = new RandomNumbers(seed);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (LayerAnalysis layer : report.layers()) {
      for (Parameter parameter : layer.weights()) {
        String name = Weights.full(layer.name(), parameter.name());
        if (!weights.containsKey(name)) {
          DType type = parameter.name().equals(BATCHES) ? DType.INT64 : dtype;
          Tensor values = Tensor.zeros(type, parameter.shape().sizes());
          layer.layer().initialize(parameter, values, random);
          weights.put(name, values);
        }
      }
    }
    return weights;
  }

  /**
   * Given weights, if they are those of this network: each name once, of its shape. Only {@code
   * num_batches_tracked} may be missing.
   *
   * @param given tensors by full name, in the dtype to compute in
   * @param source what messages call them
   * @return the tensors in PyTorch's order
   * @throws InputException naming the first that is missing, superfluous or of another shape
   */
  public Map<String, Tensor> weights(Map<String, Tensor> given, String source) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    List<String> superfluous = new ArrayList<>(given.keySet());
    superfluous.removeAll(parameters().keySet());
    for (LayerAnalysis layer : report.layers()) {
      for (Parameter parameter : layer.weights()) {
        String name = Weights.full(layer.name(), parameter.name());
        Tensor tensor = given.get(name);
        boolean batches = parameter.name().equals(BATCHES);
        if (tensor == null && !batches) {
          throw new InputException(
              source
                  + ": '"
                  + name
                  + "' of shape "
                  + parameter.shape()
                  + " is missing, which layer '"
                  + layer.name()
                  + "' "
                  + layer.text()
                  + " needs"
                  + missingHint(name, superfluous, given));
        }
        weights.put(
            name, batches ? count(tensor) : checked(layer, parameter, tensor, source, name));
      }
    }
    if (!superfluous.isEmpty()) {
      List<String> known = new ArrayList<>(weights.keySet());
      String hint = NearSpelling.hint(superfluous.get(0), known);
      throw new InputException(
          source
              + ": '"
              + superfluous.get(0)
              + "' belongs to no layer of the network"
              + (hint.isEmpty() ? "; it has " + some(known) : hint));
    }
    return weights;
  }

  private static Tensor count(Tensor given) {
    return given == null || given.size() != 1
        ? Tensor.zeros(DType.INT64)
        : given.reshape().as(DType.INT64);
  }

  private static Tensor checked(
      LayerAnalysis layer, Parameter parameter, Tensor tensor, String source, String name) {
    if (!Arrays.equals(tensor.shape(), parameter.shape().sizes())) {
      throw new InputException(
          source
              + ": '"
              + name
              + "' has shape "
              + Tensor.text(tensor.shape())
              + " but layer '"
              + layer.name()
              + "' "
              + layer.text()
              + " needs "
              + parameter.shape());
    }
    return tensor;
  }

  private static String missingHint(
      String name, List<String> superfluous, Map<String, Tensor> given) {
    String near = NearSpelling.of(name, superfluous);
    if (near != null) {
      return "; there is '" + near + "'";
    }
    return given.isEmpty() ? "; it has none" : "; it has " + some(new ArrayList<>(given.keySet()));
  }

  private static String some(List<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    int shown = Math.min(names.size(), 6);
    return String.join(", ", names.subList(0, shown)) + (shown < names.size() ? ", ..." : "");
  }

  /** Runs all layers, as {@link #forward(Tensor, Map, Pass, Listener)}, with nobody listening. */
  public Tensor forward(Tensor input, Map<String, Tensor> weights, Pass pass) {
    return forward(input, weights, pass, NOBODY);
  }

  /**
   * Runs all layers.
   *
   * @param input of the shape this network is for
   * @param weights those of {@link #parameters}; running statistics are replaced in training
   * @return the output, without a batch if the input has none
   * @throws InputException for elements of the input that have no place, naming the layer
   */
  public Tensor forward(Tensor input, Map<String, Tensor> weights, Pass pass, Listener listener) {
    return forward(List.of(input), weights, pass, listener);
  }

  /** As {@link #forward(Tensor, Map, Pass, Listener)}, with all inputs of a file's graph. */
  public Tensor forward(
      List<Tensor> inputs, Map<String, Tensor> weights, Pass pass, Listener listener) {
    List<LayerAnalysis> layers = report.layers();
    Lives lives = new Lives(layers, inputs);
    Tensor output = null;
    for (int node = 0; node < layers.size(); node++) {
      Parallel.checkInterrupt();
      LayerAnalysis layer = layers.get(node);
      List<Tensor> taken = lives.take(node, pass);
      int free = pass.isRecording() ? -1 : lives.free(layer);
      boolean isLate = isLateRelu[node] && listener.isContentWithMaxima(layer);
      LayerAnalysis last = isLate ? layers.get(node + 1) : layer;
      try {
        Map<String, String> aliases = bound == null ? Map.of() : bound.aliases();
        Weights own = new Weights(weights, layer.name(), aliases);
        output =
            isLate
                ? LateRelu.forward(layer, last, taken.get(0), own, pass)
                : run(layer, taken, own, pass, free);
      } catch (InputException e) {
        throw new InputException(
            "layer '" + layer.name() + "' " + layer.text() + ": " + e.getMessage(), e);
      }
      boolean isKept = listener.ran(layer, output.reshape(last.output().sizes()));
      lives.add(node, output, isKept, pass);
      if (isLate) {
        // The pooling is done: its node gives what it takes, and so it does on the way back.
        pass.begin(new int[] {node}, new int[][] {null}, true);
        isKept = listener.ran(last, output.reshape(last.output().sizes()));
        node++;
        lives.add(node, output, isKept, pass);
      }
    }
    pass.end(output.shape());
    return output.reshape(report.output().sizes());
  }

  /**
   * Runs a layer.
   *
   * @param free the place of an input that it may overwrite; −1 if there is none
   */
  private static Tensor run(
      LayerAnalysis layer, List<Tensor> taken, Weights weights, Pass pass, int free) {
    if (layer.layer() instanceof MergeLayer merge) {
      return free < 0
          ? merge.forward(taken, weights, pass)
          : merge.forwardInPlace(taken, free, weights, pass);
    }
    Tensor x = taken.get(0);
    return free == 0
        ? layer.layer().forwardInPlace(x, weights, pass)
        : layer.layer().forward(x, weights, pass);
  }
}
