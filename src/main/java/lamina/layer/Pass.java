package lamina.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;

/**
 * One pass through a network: whether it trains, the seed of what is random, and, when gradients
 * are wanted, what backward needs of each layer, in the order in which the layers ran.
 */
public final class Pass {
  /** The backward step of one layer, with what its forward step kept. */
  public interface Backward {
    /**
     * The gradient with respect to the layer's input.
     *
     * @param dy the gradient with respect to its output, of the output's shape
     * @param gradients gathers the gradients of the layer's parameters
     */
    Tensor apply(Tensor dy, Gradients gradients);
  }

  private final boolean recording;
  private final boolean inputGradient;
  private final boolean training;
  private final long seed;
  private final Prepared prepared;
  private final RandomNumbers seeds;
  private final Deque<Backward> steps = new ArrayDeque<>();

  private Pass(
      boolean recording, boolean inputGradient, boolean training, long seed, Prepared prepared) {
    this.recording = recording;
    this.inputGradient = inputGradient;
    this.training = training;
    this.seed = seed;
    this.prepared = prepared;
    this.seeds = new RandomNumbers(seed);
  }

  /** A pass in evaluation mode that keeps nothing. */
  public static Pass inference() {
    return inference(new Prepared());
  }

  /** One of many such passes with the same weights, which share what layers prepare of them. */
  public static Pass inference(Prepared prepared) {
    return new Pass(false, false, false, 0, prepared);
  }

  /** A pass in evaluation mode that can be gone back. */
  public static Pass evaluation() {
    return new Pass(true, true, false, 0, new Prepared());
  }

  /** A pass in training mode: dropout drops, batch norm uses the batch's statistics. */
  public static Pass training(long seed) {
    return new Pass(true, true, true, seed, new Prepared());
  }

  /** The same pass without the gradient of the network's input, which training does not need. */
  public Pass withoutInputGradient() {
    return new Pass(recording, false, training, seed, prepared);
  }

  /** What a layer prepares of its weights, by the name of one of them; made if it is not there. */
  public <T> T prepared(String name, Class<T> type, Supplier<T> make) {
    return type.cast(prepared.all.computeIfAbsent(name, key -> make.get()));
  }

  /** What layers made of weights that stay as they are. */
  public static final class Prepared {
    private final Map<String, Object> all = new HashMap<>();
  }

  /** Whether layers behave as in training. */
  public boolean isTraining() {
    return training;
  }

  /** Whether backward steps are kept. */
  public boolean isRecording() {
    return recording;
  }

  /**
   * Whether the layer that runs now must give the gradient of its input: not if it is the first one
   * and nobody wants the gradient of the network's input. Then its step may return null.
   */
  public boolean needsInputGradient() {
    return recording && (inputGradient || !steps.isEmpty());
  }

  /** A seed of its own for the next random layer of this pass. */
  public long nextSeed() {
    return seeds.nextLong();
  }

  /**
   * Keeps the backward step of a layer without parameters; forgotten if nothing is recorded or
   * nobody needs the gradient of its input.
   */
  public void record(Backward step) {
    if (needsInputGradient()) {
      steps.push(step);
    }
  }

  /** Keeps the backward step of a layer with parameters; forgotten if nothing is recorded. */
  public void recordTrained(Backward step) {
    if (recording) {
      steps.push(step);
    }
  }

  /**
   * Goes back through all layers, last first. A pass serves one backward pass.
   *
   * @param dy the gradient with respect to the network's output
   * @return the gradient with respect to its input; null if that input is no number, as before an
   *     embedding, or if the pass was made without this gradient
   */
  public Tensor backward(Tensor dy, Gradients gradients) {
    Tensor gradient = dy;
    while (!steps.isEmpty() && gradient != null) {
      gradient = steps.pop().apply(gradient, gradients);
    }
    steps.clear();
    return gradient;
  }
}
