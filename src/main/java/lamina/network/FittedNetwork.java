package lamina.network;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.kernel.Backends;
import lamina.layer.Pass;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * A network with its weights, made to fit one input after another: layers that leave sizes to their
 * input, and the batch, depend on the input's shape.
 */
public final class FittedNetwork {
  private final Network network;
  private final Map<String, Tensor> given;
  private final String source;
  private final DType dtype;
  private final long seed;
  private int[][] shapes;
  private RunnableNetwork model;
  private Map<String, Tensor> weights;
  private Pass.Prepared prepared;

  /**
   * Fits no input yet.
   *
   * @param given the weights by name; null for those of the network's file, or else drawn ones
   * @param source what messages call them
   * @param seed of drawn weights
   */
  public FittedNetwork(
      Network network, Map<String, Tensor> given, String source, DType dtype, long seed) {
    this.network = network;
    this.given = given;
    this.source = source;
    this.dtype = dtype;
    this.seed = seed;
  }

  /**
   * Makes the network fit its inputs.
   *
   * @param merges whether layers that nobody asks about may be computed together
   * @return whether it had to be made anew
   * @throws lamina.text.InputException if the inputs or the weights do not fit
   */
  public boolean fit(List<Tensor> inputs, boolean merges) {
    int[][] taken = inputs.stream().map(Tensor::shape).toArray(int[][]::new);
    if (taken.length > 0 && Arrays.deepEquals(shapes, taken) && !model.usesValues()) {
      return false;
    }
    RunnableNetwork fitting =
        network.model() == null
            ? RunnableNetwork.of(network, taken[0])
            : RunnableNetwork.of(network.model(), inputs, dtype, merges);
    Backends.expect(fitting.report().macs().value(), dtype);
    // Inputs of another batch or length mostly leave the weights as they are.
    if (network.model() != null && network.model().bringsWeights()) {
      weights = fitting.ownWeights();
      prepared = new Pass.Prepared();
    } else if (model == null || !fitting.parameters().equals(model.parameters())) {
      weights =
          given == null ? fitting.initialWeights(dtype, seed) : fitting.weights(given, source);
      prepared = new Pass.Prepared();
    }
    model = fitting;
    shapes = taken;
    return true;
  }

  /** The network as it was specified. */
  public Network network() {
    return network;
  }

  /** The network for the inputs it fits; null before it fits any. */
  public RunnableNetwork model() {
    return model;
  }

  /** The weights by full name. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /** Whether the weights were drawn, and there are some. */
  public boolean isDrawn() {
    boolean bringsWeights = network.model() != null && network.model().bringsWeights();
    return given == null && !bringsWeights && !weights.isEmpty();
  }

  /** A pass that keeps nothing but what layers prepare of the weights. */
  public Pass inference() {
    return Pass.inference(prepared);
  }
}
