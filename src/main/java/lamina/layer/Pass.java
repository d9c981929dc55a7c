package lamina.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lamina.kernel.Parallel;
import lamina.op.Broadcast;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * One pass through a network: whether it trains, the seed of what is random, and, when gradients
 * are wanted, what backward needs of each node of the graph, in the order in which they ran.
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

  /** The backward step of a layer with several inputs. */
  public interface MergeBackward {
    /**
     * The gradient with respect to each input, in the inputs' shapes; null for one that has none.
     *
     * @param dy the gradient with respect to the output, of the output's shape
     */
    List<Tensor> apply(Tensor dy);
  }

  /** Hears of what a pass computes between the outputs of layers. */
  public interface Observer {
    /**
     * Is called for each level of a recurrent layer with gates that went forward.
     *
     * @param level the layer's name and the level of its stack: {@code 0.l0}
     * @param gates gives, when asked, each gate of all steps, {@code (T, N, H)}, by its letter; a
     *     direction's suffix may follow
     */
    void gated(String level, Supplier<Map<String, Tensor>> gates);

    /**
     * Is called for each node that goes back.
     *
     * @param node counted from 0
     * @param dy the gradient with respect to its output
     */
    void reached(int node, Tensor dy);

    /**
     * Is called for each recurrent layer that went back.
     *
     * @param level as above
     * @param dx the gradient with respect to its input at all steps, {@code (T, N, I)}
     */
    void wentBackThroughTime(String level, Tensor dx);
  }

  /** What backward needs of one node. */
  private static final class Step {
    /** The nodes whose outputs it took; -1 is the network's input, -2 its second. */
    private final int[] inputs;

    /** The shapes of those outputs; null where they are what the layer took. */
    private final int[][] inputShapes;

    private final boolean inputGradient;
    private final Deque<Backward> layers = new ArrayDeque<>();
    private MergeBackward merge;

    Step(int[] inputs, int[][] inputShapes, boolean inputGradient) {
      this.inputs = inputs;
      this.inputShapes = inputShapes;
      this.inputGradient = inputGradient;
    }

    boolean needsInputGradient() {
      return inputGradient || !layers.isEmpty();
    }
  }

  private final boolean recording;
  private final boolean inputGradient;
  private final boolean training;
  private final long seed;

  /** Null if no other pass has the same weights. */
  private final Prepared prepared;

  /** Null if nobody observes. */
  private final Observer observer;

  /** Gives seeds to random layers; null until the first asks. */
  private RandomNumbers seeds;

  private final List<Step> nodes = new ArrayList<>();
  private int[] outputShape;
  private List<Tensor> inputGradients = List.of();

  private Pass(
      boolean recording,
      boolean inputGradient,
      boolean training,
      long seed,
      Prepared prepared,
      Observer observer) {
    this.recording = recording;
    this.inputGradient = inputGradient;
    this.training = training;
    this.seed = seed;
    this.prepared = prepared;
    this.observer = observer;
  }

  /** A pass in evaluation mode that keeps nothing. */
  public static Pass inference() {
    return inference(null);
  }

  /** One of many such passes with the same weights, which share what layers prepare of them. */
  public static Pass inference(Prepared prepared) {
    return new Pass(false, false, false, 0, prepared, null);
  }

  /** A pass in evaluation mode that can be gone back. */
  public static Pass evaluation() {
    return new Pass(true, true, false, 0, null, null);
  }

  /** A pass in training mode: dropout drops, batch norm uses the batch's statistics. */
  public static Pass training(long seed) {
    return new Pass(true, true, true, seed, null, null);
  }

  /** The same pass without the gradient of the network's input, which training does not need. */
  public Pass withoutInputGradient() {
    return new Pass(recording, false, training, seed, prepared, observer);
  }

  /** The same pass, with somebody who hears of it; null for nobody. */
  public Pass observedBy(Observer newObserver) {
    return new Pass(recording, inputGradient, training, seed, prepared, newObserver);
  }

  /** Who hears of this pass, or null. */
  public Observer observer() {
    return observer;
  }

  /** Whether this is one of many passes with the same weights. */
  public boolean isRepeated() {
    return prepared != null;
  }

  /**
   * What a layer prepares of its weights, by the name of one of them; made if it is not there, or
   * if the pass is not repeated.
   */
  public <T> T prepared(String name, Class<T> type, Supplier<T> make) {
    return prepared == null
        ? make.get()
        : type.cast(prepared.all.computeIfAbsent(name, key -> make.get()));
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
   * Starts the next node: what is recorded from now on belongs to it. A pass through a single layer
   * can do without.
   *
   * @param inputs the nodes whose outputs it takes, counted from 0; -1 is the network's input, -2
   *     its second
   * @param inputShapes the shapes of those outputs, which the layer may see reshaped
   * @param carries whether each may have a gradient from this node: whole numbers have none, and
   *     none comes of a node that the network's output does not depend on
   */
  public void begin(int[] inputs, int[][] inputShapes, boolean... carries) {
    if (recording) {
      boolean needed = false;
      for (int i = 0; i < inputs.length; i++) {
        boolean reaches = inputs[i] < 0 ? inputGradient : nodes.get(inputs[i]).needsInputGradient();
        needed |= reaches && carries[i];
      }
      nodes.add(new Step(inputs, inputShapes, needed));
    }
  }

  /** Ends the forward pass, whose output has the last node's elements in a shape of its own. */
  public void end(int[] lastShape) {
    outputShape = lastShape;
  }

  private Step node() {
    if (nodes.isEmpty()) {
      nodes.add(new Step(new int[] {-1}, new int[][] {null}, inputGradient));
    }
    return nodes.get(nodes.size() - 1);
  }

  /**
   * Whether the layer that runs now must give the gradient of its input: not if nothing that came
   * before it has parameters and nobody wants the gradient of the network's input. Then its step
   * may return null.
   */
  public boolean needsInputGradient() {
    return recording && node().needsInputGradient();
  }

  /**
   * Refuses a layer without a gradient where one is needed.
   *
   * @throws InputException if the gradient of the layer's input is wanted and it has none
   */
  public void requireGradient(boolean has) {
    if (!has && needsInputGradient()) {
      throw new InputException("has no gradient here; --grad and --loss cannot go through it");
    }
  }

  /** A seed of its own for the next random layer of this pass. */
  public long nextSeed() {
    if (seeds == null) {
      seeds = new RandomNumbers(seed);
    }
    return seeds.nextLong();
  }

  /**
   * Keeps the backward step of a layer without parameters; forgotten if nothing is recorded or
   * nobody needs the gradient of its input.
   */
  public void record(Backward step) {
    if (needsInputGradient()) {
      node().layers.push(step);
    }
  }

  /** Keeps the backward step of a layer with parameters; forgotten if nothing is recorded. */
  public void recordTrained(Backward step) {
    if (recording) {
      node().layers.push(step);
    }
  }

  /** Keeps the backward step of a layer with several inputs, none of them its parameter. */
  public void recordMerge(MergeBackward step) {
    if (needsInputGradient()) {
      node().merge = step;
    }
  }

  /**
   * Goes back through all nodes, last first. The gradient of an output that several nodes took is
   * the sum of theirs. A pass is gone back once.
   *
   * @param dy the gradient with respect to the network's output
   * @return the gradient with respect to its input; null if that input is no number, as before an
   *     embedding, or if the pass was made without this gradient
   */
  public Tensor backward(Tensor dy, Gradients gradients) {
    if (nodes.isEmpty()) {
      return dy;
    }
    // After the nodes come the network's inputs.
    int count = nodes.size();
    int inputs = 1;
    for (Step step : nodes) {
      for (int input : step.inputs) {
        inputs = Math.max(inputs, -input);
      }
    }
    Tensor[] found = new Tensor[count + inputs];
    found[nodes.size() - 1] = outputShape == null ? dy : dy.reshape(outputShape);
    for (int node = nodes.size() - 1; node >= 0; node--) {
      Parallel.checkInterrupt();
      Tensor gradient = found[node];
      found[node] = null;
      Step step = nodes.remove(node);
      if (observer != null && gradient != null) {
        observer.reached(node, gradient);
      }
      while (!step.layers.isEmpty() && gradient != null) {
        gradient = step.layers.pop().apply(gradient, gradients);
      }
      if (gradient == null || !step.inputGradient) {
        continue;
      }
      List<Tensor> parts =
          step.merge == null ? Collections.singletonList(gradient) : step.merge.apply(gradient);
      for (int i = 0; i < parts.size(); i++) {
        int input = step.inputs[i] < 0 ? count - 1 - step.inputs[i] : step.inputs[i];
        if (parts.get(i) == null) {
          continue;
        }
        int[] shape = step.inputShapes[i];
        Tensor part = shape == null ? parts.get(i) : parts.get(i).reshape(shape);
        found[input] = found[input] == null ? part : Broadcast.add(found[input], part);
      }
    }
    inputGradients = Arrays.asList(found).subList(count, found.length);
    return found[count];
  }

  /**
   * After {@link #backward}, the gradients with respect to all inputs of the network; null for one
   * that has none.
   */
  public List<Tensor> inputGradients() {
    return inputGradients;
  }
}
