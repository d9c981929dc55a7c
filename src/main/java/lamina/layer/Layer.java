package lamina.layer;

import java.util.List;
import lamina.op.Activation;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A layer of a network: a description without weights, so that shapes, parameters and costs of a
 * network of any size need no memory. Implementations are records of the constructor's arguments.
 *
 * <p>Shapes are in PyTorch's order, channels first, and may hold symbols. Methods that take an
 * input may rely on what comes before them in this file: {@link #ranks} hold, {@link #inferred} was
 * called, and {@link #expectations} are met.
 */
public interface Layer {
  /** The layer's name in PyTorch, without {@code Lazy}: {@code Conv2d}. */
  String type();

  /** How many axes an input may have. */
  default Ranks ranks() {
    return Ranks.ANY;
  }

  /** This layer with the sizes that its constructor left to the input; itself if it has all. */
  default Layer inferred(Shape input) {
    return this;
  }

  /** Whether the constructor left no size to the input. */
  default boolean isComplete() {
    return true;
  }

  /**
   * Whether the constructor left the first size of {@code weight} to the data to be learned: the
   * rows of an embedding, the outputs of the last linear layer.
   */
  default boolean leavesSizeToData() {
    return false;
  }

  /** This layer with that size; only for those that left it. */
  default Layer sizedByData(int size) {
    throw new IllegalStateException(type() + " has all its sizes");
  }

  /** The sizes of the input that the constructor's arguments fix. */
  default List<Expectation> expectations(Shape input) {
    return List.of();
  }

  /**
   * The shape of the output.
   *
   * @throws InputException if the input does not fit, with the reason in words that follow the
   *     layer's name: {@code "needs ..."}
   */
  default Shape output(Shape input) {
    return input;
  }

  /** Weights and running statistics by PyTorch's names, in PyTorch's order. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** The work of one forward pass over an input of this shape. */
  default Cost cost(Shape input) {
    return Cost.NONE;
  }

  /** Which part of the input an element of the output sees. */
  default Reach reach(Shape input) {
    return Reach.POINT;
  }

  /**
   * How the output's sizes come about, a line for each axis that changes; for {@code --explain}.
   */
  default List<String> explanation(Shape input) {
    return List.of();
  }

  /** Whether its arguments name axes, which count the batch among them as PyTorch does. */
  default boolean countsAxes() {
    return false;
  }

  /** Whether all axes of size 1 go, the batch among them. */
  default boolean dropsOnes() {
    return false;
  }

  /** Whether its output would be another one if the first axis were no batch. */
  default boolean dependsOnAxes() {
    return countsAxes() || (ranks().sample() < 0 && ranks().least() > 1);
  }

  /**
   * The size of the input's last axis, where printed networks leave out the flatten before the
   * layer because their {@code forward()} does it; null for layers that never follow one.
   */
  default Dim flattenedFeatures() {
    return null;
  }

  /** Whether it makes one position of all, whatever their number. */
  default boolean poolsEverything() {
    return false;
  }

  /** How many indices there are, if the elements of the input are such; 0 if they are numbers. */
  default int indices() {
    return 0;
  }

  /** Whether the elements of the input are indices, however many there are. */
  default boolean takesIndices() {
    return false;
  }

  /**
   * How many features the layer makes of any input, which are the classes if it ends a network; 0
   * until the data to be learned decides, -1 for layers that do not say.
   */
  default int outputFeatures() {
    return -1;
  }

  /** Whether the first two axes of a batch are {@code (T, N)}, as in recurrent layers. */
  default boolean stepsFirst() {
    return false;
  }

  /** The function that the layer applies to its input, if that is all it does; else null. */
  default Activation activation() {
    return null;
  }

  /**
   * Whether its output are the maxima of squares of 2×2 elements that lie side by side and cover
   * the input.
   */
  default boolean isMaximaOfFours(Shape input) {
    return false;
  }

  /**
   * What {@code print(model)} does not show of it and would matter for this input, with what is
   * taken instead: a sentence; null if there is nothing such.
   */
  default String unshown(Shape input) {
    return null;
  }

  /** Why it cannot run, although its shape is known: a sentence without its subject; else null. */
  default String gap() {
    return null;
  }

  /**
   * What a unit of this layer gives while it passes no gradient, as 0 of a ReLU: a unit that gives
   * nothing else is dead. NaN for layers whose units cannot die.
   */
  default double silence() {
    return Double.NaN;
  }

  /**
   * This layer as one that starts from a state which another part of the network gives, beside its
   * input; null for layers without a state.
   *
   * @throws InputException if it cannot start from one state a sample
   */
  default MergeLayer started() {
    return null;
  }

  /** The bounds near which outputs pass hardly any gradient, low and high; null without them. */
  default double[] bounds() {
    return null;
  }

  /**
   * Sets a parameter to what it is before training, as PyTorch's constructor does: scales and
   * running variances 1, shifts and all else 0.
   *
   * @param values the parameter's tensor, all zeros
   */
  default void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    if (parameter.name().equals("weight") || parameter.name().equals("running_var")) {
      InitialValues.fill(values, 1);
    }
  }

  /**
   * The output for an input of numbers. Records the backward step on the pass.
   *
   * @param input with or without a batch axis, where {@link #ranks} leaves that open
   * @param weights tensors for all {@link #parameters}, of the input's dtype
   * @throws InputException if an element of the input has no place, such as an index beyond a
   *     table, or if this layer has a shape but no values
   */
  Tensor forward(Tensor input, Weights weights, Pass pass);

  /**
   * As {@link #forward}, for an input that nobody needs any more: its elements may be replaced by
   * the output's, which takes no memory. Nothing is recorded.
   */
  default Tensor forwardInPlace(Tensor input, Weights weights, Pass pass) {
    return forward(input, weights, pass);
  }

  /**
   * The algorithm that the backend in use would choose for {@link #forward}; null for layers that
   * leave it no choice.
   *
   * @param repeated whether the same weights are used again and again
   */
  default String algorithm(Shape input, DType dtype, boolean repeated) {
    return null;
  }

  /**
   * How many axes inputs may have.
   *
   * @param least the fewest
   * @param most the most
   * @param sample the number of axes of one sample, without a batch; -1 if any
   */
  record Ranks(int least, int most, int sample) {
    public static final Ranks ANY = new Ranks(0, Integer.MAX_VALUE, -1);

    /** Any axes before those of a sample, as a Linear takes them: batch, steps and more. */
    public static Ranks anyBefore(int least) {
      return new Ranks(least, Integer.MAX_VALUE, 1);
    }

    /** Whether any number of axes may come before those of a sample. */
    public boolean isOpen() {
      return sample == 1 && most == Integer.MAX_VALUE;
    }

    /** {@code (C, spatial...)} with or without a batch before it. */
    public static Ranks channelsAnd(int spatial) {
      return new Ranks(spatial + 1, spatial + 2, spatial + 1);
    }
  }

  /**
   * A size that an input must have.
   *
   * @param axis the axis, negative from the last one
   * @param size what the layer was built for
   * @param unit what the axis counts: {@code features}, {@code channels}
   */
  record Expectation(int axis, Dim size, String unit) {}

  /**
   * A tensor that belongs to a layer.
   *
   * @param name as in PyTorch's {@code state_dict()}: {@code weight}
   * @param trained whether it counts as a parameter; running statistics do not
   */
  record Parameter(String name, Shape shape, boolean trained) {
    public Parameter(String name, Shape shape) {
      this(name, shape, true);
    }
  }

  /**
   * What a forward pass computes with weights. Pooling, activations and normalisations count as
   * nothing.
   *
   * @param macs multiply-accumulates, bias not counted
   * @param biasAdditions additions of biases
   */
  record Cost(Dim macs, Dim biasAdditions) {
    public static final Cost NONE = new Cost(Dim.ZERO, Dim.ZERO);

    public Cost plus(Cost other) {
      return new Cost(macs.plus(other.macs), biasAdditions.plus(other.biasAdditions));
    }

    /** Two for each multiply-accumulate, and the additions of biases. */
    public Dim flops() {
      return macs.times(2).plus(biasAdditions);
    }
  }
}
