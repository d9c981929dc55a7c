package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import lamina.check.Answer;
import lamina.tensor.Tensor;

/** What is known to go wrong with whole networks and losses, the simplest first. */
final class RunMistakes {
  private static final String ACTIVATIONS =
      "(ReLU6?|LeakyReLU|Tanh|Sigmoid|GELU|SiLU|ELU|SELU|Softmax|LogSoftmax|Softplus|Mish|Hardtanh)";

  private static final Pattern CALL =
      Pattern.compile("[A-Za-z_][\\w.]*\\((?:[^()]|\\([^()]*\\))*\\)");

  private final List<Candidate> candidates = new ArrayList<>();
  private final CommandWords words;
  private final String net;

  private RunMistakes(CommandWords words) {
    this.words = words;
    this.net = words.positionals().get(0);
  }

  static List<Candidate> of(CommandWords words) {
    RunMistakes mistakes = new RunMistakes(words);
    mistakes.addLosses();
    mistakes.addGradients();
    mistakes.addFunctions();
    mistakes.addWeights();
    mistakes.addLayers();
    mistakes.addVariance();
    return mistakes.candidates;
  }

  private void add(String id, String text, String hint, Supplier<Answer> answer) {
    candidates.add(Candidate.of(id, text, hint, answer));
  }

  private void addLosses() {
    String loss = words.value("--loss");
    if (loss != null) {
      addOtherLosses(loss);
      addOtherFactors(loss);
    }
  }

  /** Another loss for the one that was asked for. */
  private void addOtherLosses(String loss) {
    String hint = "check what the loss is computed of";
    if (loss.equals("cross-entropy")) {
      add(
          "cross-entropy-of-probabilities",
          "the cross-entropy of probabilities, as if they were logits",
          hint,
          () -> words.withPositional(0, net + ", Softmax(-1)").run());
      add("nll-for-cross-entropy", "the loss without the softmax", hint, () -> loss("nll"));
    }
    if (loss.startsWith("bce")) {
      String other = loss.equals("bce") ? "bce-with-logits" : "bce";
      add(
          "logits-for-probabilities",
          loss.equals("bce")
              ? "the loss of probabilities, as if they were logits"
              : "the loss of logits, as if they were probabilities",
          hint,
          () -> loss(other));
    }
    if (loss.equals("mse")) {
      add(
          "l1-for-mse",
          "the mean of the distances instead of their squares",
          hint,
          () -> loss("l1"));
      add(
          "root-of-mse",
          "the root of the loss",
          "check whether a root is taken",
          () -> {
            Answer answer = words.runWhole();
            Tensor mean = (Tensor) answer.member("loss");
            return words.selectedWith(
                answer, Map.of("loss", CommandWords.mapped(mean, Math::sqrt)));
          });
      add("half-mse", "half of the loss", "check the factor before the sum", () -> scaled(0.5));
    }
    if (loss.equals("l1")) {
      add(
          "mse-for-l1",
          "the mean of the squares instead of the distances",
          hint,
          () -> loss("mse"));
    }
  }

  /** The right loss with another factor before its sum. */
  private void addOtherFactors(String loss) {
    boolean areClasses = loss.equals("cross-entropy") || loss.equals("nll");
    String sum = "check whether the batch is summed or averaged";
    add(
        "summed",
        "the loss and its gradients summed instead of averaged",
        sum,
        () -> scaled(count()));
    if (areClasses) {
      add(
          "averaged-over-elements",
          "the loss averaged over all elements instead of the samples",
          sum,
          () -> scaled(count() / output().size()));
    }
    if (!areClasses) {
      add(
          "averaged-over-batch",
          "the loss summed over the elements of a sample and averaged over the batch",
          sum,
          () -> scaled(count() / output().dim(0)));
    }
    if (areClasses || loss.startsWith("bce")) {
      add(
          "binary-logarithm",
          "the loss with logarithms to the base 2",
          "check the base of the logarithm",
          () -> scaled(1 / Math.log(2)));
      add(
          "common-logarithm",
          "the loss with logarithms to the base 10",
          "check the base of the logarithm",
          () -> scaled(1 / Math.log(10)));
    }
  }

  private Answer loss(String other) {
    return words.with("--loss", other).run();
  }

  private Tensor output() {
    return (Tensor) words.without("--loss", "--target", "--grad").runWhole().member(Answer.MAIN);
  }

  /** What a mean of the loss divides by: samples of classes, or elements. */
  private double count() {
    Tensor output = output();
    String loss = words.value("--loss");
    boolean classes = loss.equals("cross-entropy") || loss.equals("nll");
    return classes ? output.size() / output.dim(output.rank() == 1 ? 0 : 1) : output.size();
  }

  private Answer scaled(double factor) {
    DoubleUnaryOperator scale = x -> x * factor;
    Answer answer = words.runWhole();
    Map<String, Object> members = new LinkedHashMap<>();
    answer
        .members()
        .forEach(
            (name, value) -> {
              boolean scales = name.equals("loss") || name.startsWith("grad_");
              members.put(
                  name,
                  scales && value instanceof Tensor tensor
                      ? CommandWords.mapped(tensor, scale)
                      : value);
            });
    return factor == 1 ? null : words.selected(Answer.ofMembers(members));
  }

  private void addGradients() {
    if (words.has("--grad")) {
      add(
          "gradient-averaged",
          "the result with gradients averaged over the batch instead of summed",
          "check whether the batch is summed or averaged",
          () -> scaled(1.0 / output().dim(0)));
    }
  }

  private void addFunctions() {
    if (net.matches("(?s).*GELU\\(\\s*\\).*")) {
      add(
          "gelu-by-tanh",
          "the result with GELU approximated with tanh",
          "check which form of the function was asked for",
          () ->
              words
                  .withPositional(0, net.replaceAll("GELU\\(\\s*\\)", "GELU(approximate='tanh')"))
                  .run());
    } else if (net.contains("GELU(")) {
      add(
          "gelu-exact",
          "the result with GELU exactly, not approximated with tanh",
          "check which form of the function was asked for",
          () -> words.withPositional(0, net.replaceAll("GELU\\([^)]*\\)", "GELU()")).run());
    }
    if (words.value("--loss") == null && !net.contains("Softmax")) {
      add(
          "probabilities-for-logits",
          "the probabilities: the result after a softmax",
          "check what the network ends in",
          () -> words.withPositional(0, net + ", Softmax(-1)").run());
    }
    for (int axis = -1; axis >= -3; axis--) {
      int other = axis;
      if (net.matches("(?s).*Softmax\\([^)]*\\).*")) {
        add(
            "softmax-axis",
            "the result with softmax over another axis",
            "check over which axis the sum is 1",
            () ->
                words
                    .withPositional(
                        0, net.replaceAll("Softmax\\([^)]*\\)", "Softmax(" + other + ")"))
                    .run());
      }
    }
  }

  private void addWeights() {
    String weights = words.value("--weights");
    if (weights == null) {
      return;
    }
    add(
        "bias-forgotten",
        "the result without any bias",
        "check that everything is added that belongs to the sum",
        () -> weights((name, w) -> name.endsWith("bias") ? CommandWords.mapped(w, x -> 0) : w));
    add(
        "weights-transposed",
        "the result with the weights transposed",
        "check which of the weights' axes is which",
        () ->
            weights(
                (name, w) ->
                    w.rank() == 2 && w.dim(0) == w.dim(1) ? CommandWords.swapped(w, 0, 1) : w));
  }

  /** The result with each of the weights changed. */
  private Answer weights(Change change) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    words
        .tensors(words.value("--weights"))
        .forEach((name, tensor) -> changed.put(name, change.of(name, tensor)));
    return words.with("--weights", CommandWords.literal(changed)).run();
  }

  /** Another tensor for the weights of a name. */
  private interface Change {
    Tensor of(String name, Tensor tensor);
  }

  private void addLayers() {
    if (net.indexOf('(') < 0 || net.contains("Sequential")) {
      return;
    }
    List<String> layers = new ArrayList<>();
    CALL.matcher(net).results().forEach(call -> layers.add(call.group()));
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).matches("(?s)" + ACTIVATIONS + "\\(.*")) {
        List<String> without = new ArrayList<>(layers);
        without.set(i, "Identity()");
        add(
            "activation-forgotten",
            "the result without " + layers.get(i),
            "check that every layer is there",
            () -> words.withPositional(0, String.join(", ", without)).run());
      }
    }
    for (int i = 0; i + 1 < layers.size(); i++) {
      addSwapped(layers, i, i + 1);
    }
    int linear = -1;
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).matches("(?s)(nn\\.)?Linear\\(.*")) {
        if (linear >= 0 && i > linear + 1) {
          addSwapped(layers, linear, i);
        }
        linear = i;
      }
    }
  }

  private void addSwapped(List<String> layers, int first, int second) {
    List<String> swapped = new ArrayList<>(layers);
    swapped.set(first, layers.get(second));
    swapped.set(second, layers.get(first));
    String names =
        layers.get(first).equals(layers.get(second))
            ? "two layers " + layers.get(first)
            : layers.get(first) + " and " + layers.get(second);
    add(
        "layers-swapped",
        "the result with " + names + " exchanged",
        "check the order of the layers",
        () -> renamed(first, second).withPositional(0, String.join(", ", swapped)).run());
  }

  /** The command with the weights of two layers under each other's names. */
  private CommandWords renamed(int one, int other) {
    String weights = words.value("--weights");
    if (weights == null) {
      return words;
    }
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> each : words.tensors(weights).entrySet()) {
      String name = each.getKey();
      String first = one + ".";
      String second = other + ".";
      if (name.startsWith(first)) {
        name = second + name.substring(first.length());
      } else if (name.startsWith(second)) {
        name = first + name.substring(second.length());
      }
      renamed.put(name, each.getValue());
    }
    return words.with("--weights", CommandWords.literal(renamed));
  }

  /** A lone normalisation divides by the biased variance. */
  private void addVariance() {
    if (net.matches(
            "\\s*(nn\\.)?(LayerNorm|InstanceNorm[123]d|GroupNorm)\\((?:[^()]|\\([^()]*\\))*\\)\\s*")
        && !words.has("--weights")) {
      add(
          "unbiased-variance",
          "the result with the unbiased variance, divided by n - 1",
          "check what the variance is divided by",
          () -> {
            double n = normalised();
            return GeneralMistakes.changed(
                words.run(), y -> CommandWords.mapped(y, x -> x * Math.sqrt((n - 1) / n)));
          });
    }
  }

  /** How many elements a variance is taken over. */
  private double normalised() {
    Tensor x = words.tensor(words.positionals().get(1));
    String[] numbers = net.replaceAll("\\D+", " ").strip().split(" ", -1);
    if (net.contains("LayerNorm")) {
      return x.dim(-1);
    }
    int spatial = 1;
    for (int axis = 2; axis < x.rank(); axis++) {
      spatial *= x.dim(axis);
    }
    return net.contains("Group") ? x.dim(1) / Double.parseDouble(numbers[0]) * spatial : spatial;
  }
}
