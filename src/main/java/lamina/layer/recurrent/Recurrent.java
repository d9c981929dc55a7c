package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import lamina.kernel.Backend;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.op.RecurrentProducts;
import lamina.op.RecurrentWeights;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A stack of recurrent layers, without weights: torch.nn.RNN, LSTM and GRU with the extensions of
 * the ONNX operators. Weights are a map by PyTorch's names: {@code weight_ih_l0 (G·H, I)}, {@code
 * weight_hh_l0 (G·H, H)}, optional {@code bias_ih_l0} and {@code bias_hh_l0 (G·H)}, then {@code
 * _l1}, ...; with {@code _reverse} for the second direction; and {@code weight_peephole_l0 (3·H)}
 * of the LSTM's i, f and o, which only ONNX has.
 *
 * @param gate the function of the gates
 * @param candidate that of the candidate, or the RNN's only one
 * @param state that of the LSTM's cell state
 * @param clip the bound of sums within the cell, infinite for none
 * @param resetAfter whether a GRU resets after the product with the hidden state, as PyTorch does
 */
public record Recurrent(
    Cell cell,
    int inputSize,
    int hiddenSize,
    int numLayers,
    Direction direction,
    GateFunction gate,
    GateFunction candidate,
    GateFunction state,
    double clip,
    boolean resetAfter) {

  /** The order in which a layer reads its sequence. */
  public enum Direction {
    FORWARD("forward"),
    REVERSE("reverse"),
    BIDIRECTIONAL("bidirectional");

    private final String label;

    Direction(String label) {
      this.label = label;
    }

    /** The direction with a name. */
    public static Direction of(String label) {
      for (Direction candidate : values()) {
        if (candidate.label.equals(label)) {
          return candidate;
        }
      }
      throw new IllegalArgumentException(label);
    }

    /** The name in options and messages. */
    public String label() {
      return label;
    }

    /** How many times a layer runs: D in shapes. */
    public int count() {
      return this == BIDIRECTIONAL ? 2 : 1;
    }

    /** Whether the run of this index reads from the end. */
    boolean reverse(int index) {
      return this == REVERSE || index == 1;
    }
  }

  /** PyTorch's module, with its activations. */
  public static Recurrent torch(
      Cell cell, int inputSize, int hiddenSize, int numLayers, Direction direction) {
    return new Recurrent(
        cell,
        inputSize,
        hiddenSize,
        numLayers,
        direction,
        GateFunction.SIGMOID,
        GateFunction.TANH,
        GateFunction.TANH,
        Double.POSITIVE_INFINITY,
        true);
  }

  /** This with another function of the candidate: an RNN's nonlinearity. */
  public Recurrent withCandidate(GateFunction function) {
    return new Recurrent(
        cell, inputSize, hiddenSize, numLayers, direction, gate, function, state, clip, resetAfter);
  }

  /** How many runs over the sequence there are, L·D: the first axis of states. */
  public int runs() {
    return numLayers * direction.count();
  }

  /** The size of an output step, D·H. */
  public int outputSize() {
    return direction.count() * hiddenSize;
  }

  /** The end of the names of the weights of a run: {@code _l0}, {@code _l0_reverse}, ... */
  public String suffix(int run) {
    return "_l" + run / direction.count() + (run % direction.count() == 1 ? "_reverse" : "");
  }

  /** The number of features that a run reads: those of the input or of the layer below. */
  int features(int run) {
    return run < direction.count() ? inputSize : outputSize();
  }

  /** The names and shapes of the weights, in PyTorch's order. */
  public Map<String, int[]> parameters(boolean bias) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    int rows = cell.gates() * hiddenSize;
    for (int run = 0; run < runs(); run++) {
      String suffix = suffix(run);
      shapes.put("weight_ih" + suffix, new int[] {rows, features(run)});
      shapes.put("weight_hh" + suffix, new int[] {rows, hiddenSize});
      if (bias) {
        shapes.put("bias_ih" + suffix, new int[] {rows});
        shapes.put("bias_hh" + suffix, new int[] {rows});
      }
    }
    return shapes;
  }

  /** Initial weights as PyTorch draws them: uniform within ±1/√hiddenSize. */
  public Map<String, Tensor> initialWeights(boolean bias, DType dtype, RandomGenerator random) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    double bound = 1 / Math.sqrt(hiddenSize);
    for (Map.Entry<String, int[]> parameter : parameters(bias).entrySet()) {
      weights.put(parameter.getKey(), uniform(bound, dtype, random, parameter.getValue()));
    }
    return weights;
  }

  /** Values uniform within ±bound; the same in both precisions but for rounding. */
  static Tensor uniform(double bound, DType dtype, RandomGenerator random, int... shape) {
    Tensor values = Tensor.zeros(DType.FLOAT64, shape);
    for (int i = 0; i < values.size(); i++) {
      values.doubles()[i] = (2 * random.nextDouble() - 1) * bound;
    }
    return values.as(dtype);
  }

  /**
   * Runs all layers over a sequence.
   *
   * @param x the input {@code (T, N, I)}
   * @param weights by PyTorch's names, of the input's dtype
   * @param h0 the initial hidden states {@code (L·D, N, H)}, or null for zeros
   * @param c0 the LSTM's initial cell states {@code (L·D, N, H)}, or null for zeros
   * @param lengths the valid steps of each sequence, or null: outputs beyond are 0
   * @throws InputException if a shape does not fit
   */
  public RecurrentPass forward(
      Tensor x, Map<String, Tensor> weights, Tensor h0, Tensor c0, int[] lengths, Backend backend) {
    return run(new RecurrentInput(x, h0, c0, lengths), weights, null, true, backend);
  }

  /**
   * As {@link #forward}, without a tape: only the output and the final states can be asked for, and
   * the gates of all steps never take memory at once.
   */
  public RecurrentPass inference(
      Tensor x, Map<String, Tensor> weights, Tensor h0, Tensor c0, int[] lengths, Backend backend) {
    return run(new RecurrentInput(x, h0, c0, lengths), weights, null, false, backend);
  }

  /**
   * Prepares weights for {@link #inference} of many sequences. They must not change meanwhile.
   *
   * @throws InputException if a shape does not fit
   */
  public Prepared prepare(Map<String, Tensor> weights, Backend backend) {
    checkWeights(weights);
    List<RecurrentProducts> products = new ArrayList<>();
    for (int run = 0; run < runs(); run++) {
      products.add(RecurrentProducts.of(cell, weights(weights, suffix(run)), backend));
    }
    return new Prepared(this, weights, products, backend);
  }

  /** A layer with its weights, for one sequence after another. */
  public static final class Prepared {
    private final Recurrent layer;
    private final Map<String, Tensor> weights;
    private final List<RecurrentProducts> products;
    private final Backend backend;

    private Prepared(
        Recurrent layer,
        Map<String, Tensor> weights,
        List<RecurrentProducts> products,
        Backend backend) {
      this.layer = layer;
      this.weights = weights;
      this.products = products;
      this.backend = backend;
    }

    /** As {@link Recurrent#inference}. */
    public RecurrentPass inference(Tensor x, Tensor h0, Tensor c0, int[] lengths) {
      return layer.run(new RecurrentInput(x, h0, c0, lengths), weights, products, false, backend);
    }
  }

  private RecurrentPass run(
      RecurrentInput input,
      Map<String, Tensor> weights,
      List<RecurrentProducts> prepared,
      boolean keeping,
      Backend backend) {
    Tensor x = input.sequence();
    if (x.rank() != 3 || x.dim(0) == 0 || x.dim(1) == 0) {
      throw InputException.sentence(
          "the input has shape "
              + Tensor.text(x.shape())
              + " but a sequence has (steps, batch, features), each at least 1");
    }
    if (x.dim(2) != inputSize) {
      throw InputException.sentence(
          "the input has "
              + x.dim(2)
              + (x.dim(2) == 1 ? " feature" : " features")
              + " a step but weight_ih_l0 of shape "
              + Tensor.text(cell.gates() * hiddenSize, inputSize)
              + " takes "
              + inputSize);
    }
    checkStates("h0", input.h0(), input.batch());
    checkStates("c0", input.c0(), input.batch());
    if (input.c0() != null && cell != Cell.LSTM) {
      throw new InputException("only an LSTM has a cell state: c0 does not fit " + cell.label());
    }
    checkLengths(input.lengths(), input.steps(), input.batch());
    checkWeights(weights);
    return new RecurrentPass(this, input, weights, prepared, keeping, backend);
  }

  private void checkStates(String name, Tensor states, int batch) {
    if (states != null
        && (states.rank() != 3
            || states.dim(0) != runs()
            || states.dim(1) != batch
            || states.dim(2) != hiddenSize)) {
      throw new InputException(
          name
              + " has shape "
              + Tensor.text(states.shape())
              + " but "
              + Tensor.text(runs(), batch, hiddenSize)
              + " is needed: (layers · directions, batch, hidden size)");
    }
  }

  private static void checkLengths(int[] lengths, int steps, int batch) {
    if (lengths == null) {
      return;
    }
    if (lengths.length != batch) {
      throw new InputException(
          lengths.length + " lengths were given for a batch of " + batch + "; give one a sequence");
    }
    for (int length : lengths) {
      if (length < 1 || length > steps) {
        throw new InputException(
            "a length of "
                + length
                + " does not fit: the input has "
                + steps
                + (steps == 1 ? " step" : " steps"));
      }
    }
  }

  /**
   * Checks that all weights are there and have their shapes, and that there is no other.
   *
   * @throws InputException naming the weight, with both shapes
   */
  public void checkWeights(Map<String, Tensor> weights) {
    for (String name : weights.keySet()) {
      if (name.startsWith("weight_hr_l")) {
        throw new InputException(
            "weight "
                + name
                + " belongs to an LSTM with projections (proj_size), which is not supported");
      }
    }
    Map<String, int[]> expected = parameters(true);
    for (Map.Entry<String, int[]> parameter : expected.entrySet()) {
      String name = parameter.getKey();
      Tensor weight = weights.get(name);
      if (weight != null) {
        checkShape(name, weight, parameter.getValue());
      } else if (name.startsWith("weight")) {
        throw new InputException(
            "weight "
                + name
                + " of shape "
                + Tensor.text(parameter.getValue())
                + " is missing; there are "
                + String.join(", ", weights.keySet()));
      }
    }
    for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
      String name = weight.getKey();
      if (cell == Cell.LSTM && name.startsWith("weight_peephole_l")) {
        checkShape(name, weight.getValue(), 3 * hiddenSize);
      } else if (!expected.containsKey(name)) {
        throw new InputException(
            "weight "
                + name
                + " has no place in "
                + describe()
                + "; known are "
                + String.join(", ", expected.keySet()));
      }
    }
  }

  private void checkShape(String name, Tensor weight, int... expected) {
    if (!Arrays.equals(weight.shape(), expected)) {
      throw new InputException(
          "weight "
              + name
              + " has shape "
              + Tensor.text(weight.shape())
              + " but "
              + describe()
              + " needs "
              + Tensor.text(expected));
    }
  }

  /** In words: {@code a bidirectional lstm of 2 layers, input size 3 and hidden size 4}. */
  public String describe() {
    return "a "
        + direction.label()
        + " "
        + cell.label()
        + " of "
        + numLayers
        + (numLayers == 1 ? " layer" : " layers")
        + ", input size "
        + inputSize
        + " and hidden size "
        + hiddenSize;
  }

  /** The weights of one run. */
  static RecurrentWeights weights(Map<String, Tensor> weights, String suffix) {
    return new RecurrentWeights(
        weights.get("weight_ih" + suffix),
        weights.get("weight_hh" + suffix),
        weights.get("bias_ih" + suffix),
        weights.get("bias_hh" + suffix),
        weights.get("weight_peephole" + suffix));
  }
}
