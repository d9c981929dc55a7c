package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import lamina.check.Answer;
import lamina.tensor.Tensor;
import lamina.text.NearSpelling;

/** What is known to go wrong with activation functions, the simplest first. */
final class ActivateMistakes {
  /** Far less than any tolerance, far more than rounding takes. */
  private static final double NUDGE = 1e-11;

  /** Little evidence will do: only elements at a kink differ, by what the other side has there. */
  private static final double AT_KINKS = 2;

  private static final String GRADIENT = "grad_input";

  private static final String FUNCTION = "check which function was asked for";

  private final List<Candidate> candidates = new ArrayList<>();
  private final CommandWords words;
  private final String function;

  private ActivateMistakes(CommandWords words) {
    this.words = words;
    this.function = NearSpelling.plain(words.positionals().get(0));
  }

  static List<Candidate> of(CommandWords words) {
    ActivateMistakes mistakes = new ActivateMistakes(words);
    mistakes.addFunctions();
    mistakes.addSlopes();
    mistakes.addAxes();
    mistakes.addGradients();
    mistakes.addStatistics();
    return mistakes.candidates;
  }

  private void addOther(String id, String other, String text) {
    candidates.add(
        Candidate.of(
            id, text, FUNCTION, () -> words.without("--alpha").withPositional(0, other).run()));
  }

  /** A function of each element of the input. */
  private void addMapped(String id, String text, String hint, DoubleUnaryOperator function) {
    candidates.add(
        Candidate.of(
            id,
            text,
            hint,
            () -> {
              Tensor x = words.tensor(words.positionals().get(1));
              return Answer.of(CommandWords.mapped(x, function));
            }));
  }

  private void addForSoftmax() {
    addOther("log-softmax", "log-softmax", "the logarithm of softmax");
    addSoftmin();
    addOther("sigmoid", "sigmoid", "the sigmoid of each element instead of softmax");
    addMapped(
        "not-normalised",
        "the exponentials, not divided by their sum",
        "check what the results add up to",
        Math::exp);
  }

  private void addFunctions() {
    switch (function) {
      case "gelu" ->
          addOther("gelu-by-tanh", "gelu-tanh", "GELU by its approximation with tanh, not exactly");
      case "gelutanh" -> addOther("gelu-exact", "gelu", "GELU exactly, not approximated with tanh");
      case "relu" -> {
        addOther("leaky", "leaky-relu", "leaky ReLU with slope 0.01 instead of ReLU");
        addMapped(
            "negative-part",
            "what is negative, instead of what is positive",
            FUNCTION,
            v -> Math.min(v, 0));
        addMapped("absolute", "the absolute value instead of ReLU", FUNCTION, Math::abs);
      }
      case "leakyrelu" ->
          candidates.add(
              Candidate.of(
                      "not-leaky",
                      "ReLU instead of leaky ReLU",
                      FUNCTION,
                      () -> words.without("--alpha").withPositional(0, "relu").run())
                  .needing(Candidate.OF_ZEROS));
      case "sigmoid" -> {
        addOther("tanh", "tanh", "tanh instead of the sigmoid");
        addOther("hard-sigmoid", "hard-sigmoid", "the hard sigmoid instead of the sigmoid");
      }
      case "tanh" -> addOther("sigmoid", "sigmoid", "the sigmoid instead of tanh");
      case "elu" -> addOther("selu", "selu", "SELU instead of ELU");
      case "selu" -> addOther("elu", "elu", "ELU instead of SELU");
      case "silu" -> addOther("sigmoid", "sigmoid", "the sigmoid, not multiplied by x");
      case "softmax" -> addForSoftmax();
      case "logsoftmax" -> addOther("softmax", "softmax", "softmax without its logarithm");
      case "hardsigmoid" ->
          candidates.add(
              Candidate.of(
                  "hard-sigmoid-slope",
                  "the hard sigmoid of slope 0.2, as ONNX and old Keras have it",
                  "check the function's parameters",
                  () -> words.with("--alpha", "0.2").run()));
      default -> {
        // No other function is easily taken for it.
      }
    }
  }

  /** Of evenly spaced numbers it is softmax in another order, which may be a slip. */
  private void addSoftmin() {
    candidates.add(
        Candidate.of(
            "softmin",
            "softmin: softmax with the signs turned",
            FUNCTION,
            () -> {
              Answer softmin = words.withPositional(0, "softmin").run();
              return Arrays.equals(rounded(softmin), rounded(words.run())) ? null : softmin;
            }));
  }

  /** The numbers of an answer in order of size, without noise. */
  private static double[] rounded(Answer answer) {
    Tensor tensor = (Tensor) answer.members().values().iterator().next();
    double[] values = new double[tensor.size()];
    Arrays.setAll(values, i -> Math.rint(tensor.get(i) * 1e9));
    Arrays.sort(values);
    return values;
  }

  private void addSlopes() {
    boolean leaky = function.equals("leakyrelu");
    if (words.has("--alpha")) {
      candidates.add(
          Candidate.of(
              "default-alpha",
              "the result with the function's default parameter",
              "check the function's parameters",
              () -> words.without("--alpha").run()));
    }
    if (leaky) {
      candidates.add(
          Candidate.of(
              "slope-negated",
              "leaky ReLU with the opposite sign on the negative side",
              "check the slope of the negative side",
              () -> GeneralMistakes.changed(words.run(), y -> CommandWords.mapped(y, Math::abs))));
      for (String slope : List.of("0.1", "0.2", "0.3", "1")) {
        if (!slope.equals(words.value("--alpha"))) {
          candidates.add(
              Candidate.of(
                  "other-slope",
                  "leaky ReLU with slope " + slope,
                  "check the slope of the negative side",
                  () -> words.with("--alpha", slope).run()));
        }
      }
    }
  }

  private void addAxes() {
    if (!List.of("softmax", "logsoftmax", "softmin").contains(function)) {
      return;
    }
    for (int axis = -1; axis >= -4; axis--) {
      String other = Integer.toString(axis);
      candidates.add(
          Candidate.of(
              "softmax-axis",
              "the result over another axis",
              "check over which axis the sum is 1",
              () -> words.with("--axis", other).run()));
    }
    candidates.add(
        Candidate.of(
            "softmax-of-all",
            "the result over all elements at once",
            "check over which axis the sum is 1",
            () -> {
              int[][] shape = new int[1][];
              Answer flat =
                  words
                      .without("--axis")
                      .withInput(
                          1,
                          x -> {
                            shape[0] = x.shape();
                            return x.reshape(x.size());
                          })
                      .run();
              return GeneralMistakes.changed(flat, y -> y.reshape(shape[0]));
            }));
  }

  private void addGradients() {
    if (!words.has("--grad")) {
      candidates.add(
          Candidate.of(
              "derivative-for-value",
              "the derivative instead of the function's value",
              "check what was asked for",
              () -> {
                Answer whole = words.with("--grad", "1").runWhole();
                return words.selectedWith(whole, Map.of(Answer.MAIN, whole.member(GRADIENT)));
              }));
      return;
    }
    String hint = "check the derivative at the kink";
    UnaryOperator<Tensor> up = x -> CommandWords.mapped(x, v -> v + NUDGE);
    UnaryOperator<Tensor> down = x -> CommandWords.mapped(x, v -> v - NUDGE);
    candidates.add(
        Candidate.of(
                "kink-right",
                "the result with the derivative that the right side has at the kink",
                hint,
                () -> words.withInput(1, up).run())
            .needing(AT_KINKS));
    candidates.add(
        Candidate.of(
                "kink-left",
                "the result with the derivative that the left side has at the kink",
                hint,
                () -> words.withInput(1, down).run())
            .needing(AT_KINKS));
    candidates.add(
        Candidate.of(
                "kink-mean",
                "the result with the mean of both sides' derivatives at the kink",
                hint,
                this::meanOfSides)
            .needing(AT_KINKS));
    candidates.add(
        Candidate.of(
            "upstream-ignored",
            "the derivative alone, not multiplied by the gradient that comes from behind",
            "check the chain rule",
            () -> words.with("--grad", "1").run()));
    addChainRule();
  }

  /** Derivatives of the wrong place: of the function's value, or by a formula in its value. */
  private void addChainRule() {
    String hint = "check of what the derivative is taken";
    candidates.add(
        Candidate.of(
            "derivative-of-value",
            "the derivative at the function's value instead of at x",
            hint,
            () -> {
              Answer whole = words.runWhole();
              CommandWords of = words.withInput(1, x -> (Tensor) whole.member(Answer.MAIN));
              return words.selectedWith(whole, Map.of(GRADIENT, of.runWhole().member(GRADIENT)));
            }));
    if (function.equals("sigmoid") || function.equals("tanh")) {
      boolean sigmoid = function.equals("sigmoid");
      candidates.add(
          Candidate.of(
              "value-formula-of-x",
              sigmoid
                  ? "x (1 - x), the derivative's formula in terms of the value, of x itself"
                  : "1 - x², the derivative's formula in terms of the value, of x itself",
              hint,
              () -> {
                Tensor x = words.tensor(words.positionals().get(1));
                Tensor right = (Tensor) words.runWhole().member(GRADIENT);
                Tensor unit = (Tensor) words.with("--grad", "1").runWhole().member(GRADIENT);
                double[] values = new double[x.size()];
                for (int i = 0; i < values.length; i++) {
                  double v = x.get(i);
                  double upstream = right.get(i) / unit.get(i);
                  values[i] = upstream * (sigmoid ? v * (1 - v) : 1 - v * v);
                }
                return words.selectedWith(
                    words.runWhole(), Map.of(GRADIENT, Tensor.of(values, x.shape())));
              }));
    }
    candidates.add(
        Candidate.of(
            "value-for-derivative",
            "the function's value instead of its derivative",
            "check what was asked for",
            () -> {
              Answer whole = words.runWhole();
              return words.selectedWith(whole, Map.of(GRADIENT, whole.member(Answer.MAIN)));
            }));
  }

  private Answer meanOfSides() {
    Answer right = words.withInput(1, x -> CommandWords.mapped(x, v -> v + NUDGE)).runWhole();
    Answer left = words.withInput(1, x -> CommandWords.mapped(x, v -> v - NUDGE)).runWhole();
    Tensor a = (Tensor) right.member("grad_input");
    Tensor b = (Tensor) left.member("grad_input");
    double[] mean = new double[a.size()];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (a.get(i) + b.get(i)) / 2;
    }
    return words.selectedWith(right, Map.of("grad_input", Tensor.of(mean, a.shape())));
  }

  private void addStatistics() {
    if (!words.has("--stats")) {
      return;
    }
    candidates.add(
        Candidate.of(
            "other-variance",
            "the standard deviation with the other divisor (n or n - 1)",
            "check what the variance is divided by",
            () -> {
              Answer answer = words.runWhole();
              double n = number(answer, "stats.count");
              double std = number(answer, "stats.std");
              Tensor other = Tensor.scalar(std * otherDivisor(words, n, std));
              return words.selectedWith(answer, Map.of("stats.std", other));
            }));
    candidates.add(
        Candidate.of(
                "dead-in-a-row",
                "the number of units that are zero in some row, instead of in all",
                "check over how many rows a unit must be zero to be dead",
                () -> deadInSome(words.runWhole()))
            .needing(1));
  }

  /** What turns the deviation into that of the other divisor, whichever the right one is. */
  private static double otherDivisor(CommandWords words, double n, double std) {
    Tensor y = (Tensor) words.without("--stats").runWhole().member(Answer.MAIN);
    double mean = 0;
    for (int i = 0; i < y.size(); i++) {
      mean += y.get(i) / n;
    }
    double squares = 0;
    for (int i = 0; i < y.size(); i++) {
      squares += (y.get(i) - mean) * (y.get(i) - mean);
    }
    boolean biased = Math.abs(Math.sqrt(squares / n) - std) < 1e-9 * Math.abs(std);
    return biased ? Math.sqrt(n / (n - 1)) : Math.sqrt((n - 1) / n);
  }

  private static double number(Answer answer, String name) {
    return ((Tensor) answer.member(name)).get(0);
  }

  private Answer deadInSome(Answer answer) {
    Tensor y = (Tensor) answer.member(Answer.MAIN);
    int units = y.size() / y.dim(0);
    Set<Integer> dead = new HashSet<>();
    for (int i = 0; i < y.size(); i++) {
      if (y.get(i) == 0) {
        dead.add(i % units);
      }
    }
    return words.selectedWith(answer, Map.of("stats.dead", Tensor.scalar(dead.size())));
  }
}
