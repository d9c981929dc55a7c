package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.check.Answer;
import lamina.tensor.Tensor;

/** What is known to go wrong with recurrent networks, the simplest first. */
final class RnnMistakes {
  private static final String GATES = "check in which order the weights hold the gates";

  private final List<Candidate> candidates = new ArrayList<>();
  private final CommandWords words;
  private final String cell;

  private RnnMistakes(CommandWords words) {
    this.words = words;
    this.cell = words.value("--cell");
  }

  static List<Candidate> of(CommandWords words) {
    RnnMistakes mistakes = new RnnMistakes(words);
    mistakes.addOptions();
    if (words.has("--weights")) {
      mistakes.addGates();
      mistakes.addBiases();
      mistakes.addMatrices();
    }
    mistakes.addResults();
    return mistakes.candidates;
  }

  private void add(String id, String text, String hint, CommandWords other) {
    candidates.add(Candidate.of(id, text, hint, other::run));
  }

  private void addOptions() {
    if ("gru".equals(cell)) {
      boolean onnx = "onnx".equals(words.value("--convention"));
      boolean before = words.has("--reset-before") || (onnx && !words.has("--reset-after"));
      add(
          before ? "reset-after" : "reset-before",
          before
              ? "the result with the reset gate applied after the product"
              : "the result with the reset gate applied before the product",
          "check where the reset gate comes in",
          words
              .without("--reset-before", "--reset-after")
              .withFlag(before ? "--reset-after" : "--reset-before"));
    }
    if ("rnn".equals(cell)) {
      boolean relu = "relu".equals(words.value("--nonlinearity"));
      add(
          "nonlinearity",
          relu ? "the result with tanh instead of ReLU" : "the result with ReLU instead of tanh",
          "check the cell's function",
          words.with("--nonlinearity", relu ? "tanh" : "relu"));
    }
    for (String state : List.of("--h0", "--c0")) {
      if (words.has(state)) {
        add(
            "initial-state-ignored",
            "the result with zeros in place of " + state.substring(2),
            "check what the first step starts from",
            words.without(state));
      }
    }
    add(
        "reversed",
        "the result of the sequence read backwards",
        "check in which order the steps are read",
        words.with(
            "--direction", "reverse".equals(words.value("--direction")) ? "forward" : "reverse"));
    add(
        "batch-for-time",
        "the result with the axes of batch and time exchanged",
        "check which of the input's axes is which",
        words.toggled("--batch-first"));
    if (words.has("--lengths")) {
      add(
          "lengths-ignored",
          "the result without regard to the sequences' lengths",
          "check what becomes of the steps beyond a sequence's end",
          words.without("--lengths"));
    }
  }

  /** Reads the weights, changes them by name and runs with them. */
  private interface Change {
    /** The changed tensor, or the same. */
    Tensor of(String name, Tensor tensor, Map<String, Tensor> all);
  }

  private CommandWords weights(Change change) {
    Map<String, Tensor> weights = words.tensors(words.value("--weights"));
    Map<String, Tensor> changed = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> each : weights.entrySet()) {
      Tensor tensor = change.of(each.getKey(), each.getValue(), weights);
      if (tensor != null) {
        changed.put(each.getKey(), tensor);
      }
    }
    return words.with("--weights", CommandWords.literal(changed));
  }

  private void addWeights(String id, String text, String hint, Change change) {
    candidates.add(Candidate.of(id, text, hint, () -> weights(change).run()));
  }

  private boolean isTorch() {
    String convention = words.value("--convention");
    return convention == null || convention.equals("torch");
  }

  private static boolean isGates(String name) {
    return name.contains("_ih_l") || name.contains("_hh_l");
  }

  /** The rows of a weight in blocks, one a gate, in another order. */
  private static Tensor blocks(Tensor tensor, int... order) {
    int block = tensor.size() / order.length;
    double[] values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(order[i / block] * block + i % block);
    }
    return Tensor.of(values, tensor.shape());
  }

  private void addGates() {
    if (isTorch() && "lstm".equals(cell)) {
      addLstmGates();
    } else if (isTorch() && "gru".equals(cell)) {
      addGruGates();
    }
  }

  private void addLstmGates() {
    // What is i, o, f, g there lies where PyTorch has i, f, g, o.
    addWeights(
        "gates-onnx",
        "the result with the gates taken in ONNX's order, i o f c",
        GATES,
        (name, tensor, all) -> isGates(name) ? blocks(tensor, 0, 2, 3, 1) : tensor);
    addWeights(
        "gates-f-first",
        "the result with the gates taken in the order f i g o",
        GATES,
        (name, tensor, all) -> isGates(name) ? blocks(tensor, 1, 0, 2, 3) : tensor);
    addWeights(
        "gates-tensorflow",
        "the result with the gates taken in the order of TensorFlow's LSTMCell, i g f o",
        GATES,
        (name, tensor, all) -> isGates(name) ? blocks(tensor, 0, 2, 1, 3) : tensor);
    addWeights(
        "forget-bias-one",
        "the result with 1 added to the forget gate's bias",
        "check whether the forget gate has a bias that is not among the weights",
        (name, tensor, all) -> {
          int block = tensor.size() / 4;
          double[] values = new double[tensor.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = tensor.get(i) + (name.startsWith("bias_ih") && i / block == 1 ? 1 : 0);
          }
          return Tensor.of(values, tensor.shape());
        });
    addWeights(
        "gates-i-f-o-g",
        "the result with the gates taken in the order i f o g",
        GATES,
        (name, tensor, all) -> isGates(name) ? blocks(tensor, 0, 1, 3, 2) : tensor);
  }

  private void addGruGates() {
    addWeights(
        "gates-onnx",
        "the result with the gates taken in the order of ONNX and Keras, z r h",
        GATES,
        (name, tensor, all) -> isGates(name) ? blocks(tensor, 1, 0, 2) : tensor);
    addWeights(
        "update-inverted",
        "the result with the update gate the other way round, z n + (1 - z) h",
        "check what the update gate keeps",
        (name, tensor, all) -> {
          int block = tensor.size() / 3;
          double[] values = new double[tensor.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = isGates(name) && i / block == 1 ? -tensor.get(i) : tensor.get(i);
          }
          return Tensor.of(values, tensor.shape());
        });
  }

  private void addBiases() {
    String hint = "check which biases belong to which sum";
    if (!isTorch()) {
      return;
    }
    addWeights(
        "bias-forgotten",
        "the result without any bias",
        hint,
        (name, tensor, all) -> name.startsWith("bias_") && isGates(name) ? null : tensor);
    addWeights(
        "recurrent-bias-forgotten",
        "the result without the bias of the recurrent product",
        hint,
        (name, tensor, all) ->
            name.startsWith("bias_hh") ? CommandWords.mapped(tensor, x -> 0) : tensor);
    addWeights(
        "input-bias-forgotten",
        "the result without the bias of the input's product",
        hint,
        (name, tensor, all) ->
            name.startsWith("bias_ih") ? CommandWords.mapped(tensor, x -> 0) : tensor);
    if ("gru".equals(cell)) {
      addWeights(
          "biases-summed",
          "the result with both biases of the candidate summed outside the reset gate",
          hint,
          (name, tensor, all) -> {
            if (!name.startsWith("bias_")) {
              return tensor;
            }
            boolean input = name.startsWith("bias_ih");
            Tensor other = all.get(name.replace("bias_ih", "bias_hh"));
            int candidate = tensor.size() / 3 * 2;
            double[] values = new double[tensor.size()];
            for (int i = 0; i < values.length; i++) {
              double own = tensor.get(i);
              values[i] = i < candidate ? own : input ? own + other.get(i) : 0;
            }
            return Tensor.of(values, tensor.shape());
          });
    }
  }

  private void addMatrices() {
    addWeights(
        "recurrent-transposed",
        "the result with the recurrent weights transposed",
        "check which of the weights' axes is which",
        (name, tensor, all) -> name.startsWith("weight_hh") ? transposed(tensor) : tensor);
    addWeights(
        "input-weights-transposed",
        "the result with the input's weights transposed",
        "check which of the weights' axes is which",
        (name, tensor, all) -> name.startsWith("weight_ih") ? transposed(tensor) : tensor);
  }

  /** Each gate's square block transposed; others cannot be. */
  private static Tensor transposed(Tensor weight) {
    int n = weight.dim(1);
    double[] values = new double[weight.size()];
    for (int i = 0; i < values.length; i++) {
      int gate = i / (n * n);
      int row = i / n % n;
      values[i] = weight.get(gate * n * n + i % n * n + row);
    }
    return weight.dim(0) % n == 0 ? Tensor.of(values, weight.shape()) : weight;
  }

  private void addResults() {
    if (words.has("--mode") && "many-to-one".equals(words.value("--mode"))) {
      candidates.add(
          Candidate.of(
              "last-row",
              "the last row of the output, where the backward direction has read one step only",
              "check which step the state of each direction belongs to",
              () -> asResult(words.with("--mode", "many-to-many").runWhole(), true)));
      candidates.add(
          Candidate.of(
              "first-row",
              "the first row of the output instead of the last",
              "check which step was asked for",
              () -> asResult(words.with("--mode", "many-to-many").runWhole(), false)));
    }
    candidates.add(
        Candidate.of(
            "state-of-first-step",
            "the hidden state after the first step instead of the last",
            "check which step was asked for",
            () -> {
              Answer whole = words.runWhole();
              Tensor state = (Tensor) whole.member("h_n");
              Tensor first = row(words.runWhole(), false);
              return words.selectedWith(whole, Map.of("h_n", first.reshape(state.shape())));
            }));
    if ("bidirectional".equals(words.value("--direction"))) {
      addSwappedDirections();
    }
    if ("lstm".equals(cell)) {
      candidates.add(
          Candidate.of(
              "cell-for-hidden",
              "the cell state in place of the hidden state",
              "check which of the two states was asked for",
              () -> {
                Answer answer = words.runWhole();
                return words.selectedWith(
                    answer, Map.of("h_n", answer.member("c_n"), "c_n", answer.member("h_n")));
              }));
    }
  }

  private void addSwappedDirections() {
    candidates.add(
        Candidate.of(
            "directions-swapped",
            "the result with the two directions exchanged",
            "check which half of the output belongs to which direction",
            () -> {
              Answer whole = words.runWhole();
              Tensor output = (Tensor) whole.member(Answer.MAIN);
              int half = output.dim(-1) / 2;
              double[] values = new double[output.size()];
              Arrays.setAll(values, i -> output.get(i % (2 * half) < half ? i + half : i - half));
              return words.selectedWith(
                  whole, Map.of(Answer.MAIN, Tensor.of(values, output.shape())));
            }));
  }

  /** The result with one row of the output in place of all. */
  private Answer asResult(Answer answer, boolean last) {
    return words.selectedWith(answer, Map.of(Answer.MAIN, row(answer, last)));
  }

  /** The last or the first row of the output. */
  private Tensor row(Answer answer, boolean last) {
    Tensor output = (Tensor) answer.member(Answer.MAIN);
    int time = words.has("--batch-first") && output.rank() == 3 ? 1 : 0;
    Tensor first = time == 1 ? CommandWords.swapped(output, 0, 1) : output;
    int size = first.size() / first.dim(0);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = first.get((last ? first.dim(0) - 1 : 0) * size + i);
    }
    int[] shape = first.shape();
    return Tensor.of(values, Arrays.copyOfRange(shape, 1, shape.length));
  }
}
