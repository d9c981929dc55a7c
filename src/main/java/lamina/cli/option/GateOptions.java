package lamina.cli.option;

import java.util.Arrays;
import java.util.List;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.layer.recurrent.RecurrentConvention;
import lamina.text.NearSpelling;

/** What a recurrent cell computes, and how its weights are written. */
final class GateOptions extends OptionGroup {
  private static final List<String> FUNCTIONS =
      Arrays.asList(
          "tanh",
          "sigmoid",
          "relu",
          "hard-sigmoid",
          "leaky-relu",
          "elu",
          "softsign",
          "softplus",
          "identity");

  private final ChoiceOption convention =
      choice(
          "NAME",
          Arrays.asList("torch", "onnx", "keras"),
          "torch",
          "names, layouts and gate order of the weights: torch (default), onnx (W R B P) or"
              + " keras (kernel recurrent_kernel bias)",
          "--convention");

  private final FlagOption resetBefore =
      flag("gru: reset the state before its product (onnx's default)", "--reset-before");

  private final FlagOption resetAfter =
      flag("gru: reset after the product (torch's; linear_before_reset=1)", "--reset-after");

  private final TextOption activations =
      text(
          "F,G,H",
          "functions of gates, candidate and cell state; rnn: one. Of "
              + String.join(", ", FUNCTIONS),
          "--activations");

  private final NumberOption clip =
      number("C", "bound the sums within the cell to -C..C", "--clip");

  /** How the weights are written. */
  RecurrentConvention convention() {
    return RecurrentConvention.of(convention.word());
  }

  /** What the sums within the cell are bound to; infinite by default. */
  double clip() {
    return clip.positive(Double.POSITIVE_INFINITY);
  }

  /** Whether a GRU resets after the product; null if its convention decides. */
  Boolean resetAfter(Cell cell) {
    if (resetBefore.isGiven() && resetAfter.isGiven()) {
      throw new UsageException("--reset-before and --reset-after exclude each other");
    }
    for (Option option : new Option[] {resetBefore, resetAfter}) {
      if (option.isGiven() && cell != Cell.GRU) {
        throw new UsageException(option.name() + " goes with --cell gru, not " + cell.label());
      }
    }
    return (resetBefore.isGiven() || resetAfter.isGiven()) ? (Boolean) resetAfter.isGiven() : null;
  }

  /**
   * The functions of gates, candidate and cell state.
   *
   * @param nonlinearity that of a plain RNN by PyTorch's argument; null if it was not given
   */
  GateFunction[] functions(Cell cell, RecurrentConvention written, String nonlinearity) {
    GateFunction[] functions = {GateFunction.SIGMOID, GateFunction.TANH, GateFunction.TANH};
    if (nonlinearity != null) {
      if (cell != Cell.RNN) {
        throw new UsageException("--nonlinearity goes with --cell rnn, not " + cell.label());
      }
      if (activations.isGiven()) {
        throw new UsageException("--nonlinearity and --activations exclude each other");
      }
      functions[1] = function(nonlinearity, written);
    }
    if (!activations.isGiven()) {
      return functions;
    }
    String[] names = activations.text().split(",", -1);
    int count = cell == Cell.RNN ? 1 : cell == Cell.GRU ? 2 : 3;
    if (names.length != count) {
      throw new UsageException(
          "--activations takes "
              + count
              + (count == 1 ? " function for " : " functions for ")
              + cell.label()
              + " ("
              + (count == 1 ? "F" : count == 2 ? "F,G" : "F,G,H")
              + "), not "
              + names.length);
    }
    for (int i = 0; i < count; i++) {
      functions[cell == Cell.RNN ? 1 : i] = function(names[i], written);
    }
    return functions;
  }

  /** A function by its name, as PyTorch, Keras or ONNX write it. */
  private static GateFunction function(String name, RecurrentConvention convention) {
    String plain = NearSpelling.plain(name);
    for (int i = 0; i < FUNCTIONS.size(); i++) {
      if (NearSpelling.plain(FUNCTIONS.get(i)).equals(plain)) {
        return switch (i) {
          case 0 -> GateFunction.TANH;
          case 1 -> GateFunction.SIGMOID;
          case 2 -> GateFunction.RELU;
          case 3 ->
              convention == RecurrentConvention.ONNX
                  ? GateFunction.ONNX_HARD_SIGMOID
                  : GateFunction.HARD_SIGMOID;
          case 4 -> GateFunction.LEAKY_RELU;
          case 5 -> GateFunction.ELU;
          case 6 -> GateFunction.SOFTSIGN;
          case 7 -> GateFunction.SOFTPLUS;
          default -> GateFunction.IDENTITY;
        };
      }
    }
    throw new UsageException(
        "--activations does not know '" + name + "'; known are " + String.join(", ", FUNCTIONS),
        Suggestions.didYouMean(name, FUNCTIONS, null));
  }
}
