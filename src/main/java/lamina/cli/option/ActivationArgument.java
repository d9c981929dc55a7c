package lamina.cli.option;

import java.util.List;
import lamina.layer.Compatibility;
import lamina.layer.Layer;
import lamina.network.Network;
import lamina.network.Node;
import lamina.op.Activation;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.text.InputException;

/**
 * A FUNCTION argument with the options that belong to it.
 *
 * @param text what the user typed
 * @param function what it means
 */
public record ActivationArgument(String text, Activation function) {

  /** Whether a word is a function: the name of one, or a layer expression. */
  public static boolean isFunction(String word) {
    return isExpression(word) || Activations.find(word) != null;
  }

  /** {@code Name(...)}: letters, digits, dots and underscores before a parenthesis. */
  private static boolean isExpression(String word) {
    int open = word.indexOf('(');
    if (open < 1 || !word.endsWith(")")) {
      return false;
    }
    for (int i = 0; i < open; i++) {
      char c = word.charAt(i);
      if (!Character.isLetterOrDigit(c) && c != '.' && c != '_') {
        return false;
      }
    }
    return true;
  }

  /**
   * The function of a word, with {@code --alpha}, {@code --beta} and {@code --axis}.
   *
   * @throws UsageException if there is no such function, or an option does not belong to it
   */
  public static ActivationArgument parse(Arguments arguments, String word) {
    try {
      return new ActivationArgument(word, function(arguments, word));
    } catch (InputException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private static Activation function(Arguments arguments, String word) {
    if (isExpression(word)) {
      return expression(arguments, word);
    }
    ActivationKind kind = Activations.of(word);
    double alpha = alpha(arguments, kind);
    double beta = arguments.has("--alpha") ? kind.betaOf(alpha) : kind.beta();
    if (arguments.has("--beta")) {
      if (!kind.takesBeta()) {
        throw new UsageException("--beta is hard-sigmoid's offset; " + kind.label() + " has none");
      }
      beta = arguments.number("--beta", beta);
    }
    if (Double.isNaN(alpha)) {
      throw new UsageException(
          kind.label() + " needs its two parameters; write " + kind.expression());
    }
    return new Activation(kind, alpha, beta, axis(arguments, kind, -1));
  }

  private static double alpha(Arguments arguments, ActivationKind kind) {
    if (!arguments.has("--alpha")) {
      return kind.alpha();
    }
    if (kind.expression() != null) {
      throw new UsageException(kind.label() + " has two parameters; write " + kind.expression());
    }
    if (kind.alphaName() == null) {
      if (arguments.has("--plot") && arguments.positionals().size() > 1) {
        return kind.alpha(); // meant for the functions beside it that have one
      }
      throw new UsageException(kind.label() + " has no parameter for --alpha to set");
    }
    if (kind.isTrained() && !arguments.has("--plot")) {
      return kind.alpha(); // a tensor, read with the other inputs
    }
    return arguments.number("--alpha", kind.alpha());
  }

  private static int axis(Arguments arguments, ActivationKind kind, int otherwise) {
    if (!arguments.has("--axis")) {
      return otherwise;
    }
    if (!kind.hasAxis()) {
      throw new UsageException(
          kind.label()
              + " works on each element; --axis goes with softmax, log-softmax, softmin"
              + " and glu");
    }
    long axis = arguments.longInteger("--axis", otherwise);
    if (axis != (int) axis) {
      throw new UsageException("--axis takes a whole number such as 0 or -1, not '" + axis + "'");
    }
    return (int) axis;
  }

  private static Activation expression(Arguments arguments, String word) {
    for (String option : new String[] {"--alpha", "--beta", "--axis"}) {
      if (arguments.has(option)) {
        throw new UsageException(
            option + " goes with a function's name; write its value into '" + word + "'");
      }
    }
    List<Node.Leaf> layers = Network.parse(word, "the expression", Compatibility.TORCH).leaves();
    Layer layer = layers.size() == 1 ? layers.get(0).layer() : null;
    if (layer != null && layer.activation() != null) {
      return layer.activation();
    }
    throw new UsageException(
        "'" + word + "' is not one activation; 'lamina run' executes layers and networks");
  }
}
