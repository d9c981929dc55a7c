package lamina.cli.option;

import java.util.List;
import lamina.format.TensorArgument;
import lamina.layer.Compatibility;
import lamina.layer.Layer;
import lamina.network.Network;
import lamina.network.Node;
import lamina.op.Activation;
import lamina.op.activation.Activations;
import lamina.text.InputException;

/**
 * A FUNCTION argument with the options that belong to it.
 *
 * @param text what the user typed
 * @param function what it means
 */
public record ActivationArgument(String text, Activation function) {

  /** Whether a word is a function: the name of one, or a layer expression; no printed tensor. */
  public static boolean isFunction(String word) {
    boolean isTensor = TensorArgument.parse(word).isLiteral();
    return (isExpression(word) && !isTensor) || Activations.find(word) != null;
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
   * The function of a word.
   *
   * @param options its parameters
   * @param besideOthers whether several functions are drawn
   * @throws UsageException if there is no such function, or an option does not belong to it
   */
  public static ActivationArgument parse(
      String word, ActivationOptions options, boolean besideOthers) {
    try {
      return new ActivationArgument(
          word,
          isExpression(word) ? expression(word, options) : options.function(word, besideOthers));
    } catch (InputException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private static Activation expression(String word, ActivationOptions options) {
    options.refuseBeside(word);
    List<Node.Leaf> layers = Network.parse(word, "the expression", Compatibility.TORCH).leaves();
    Layer layer = layers.size() == 1 ? layers.get(0).layer() : null;
    if (layer != null && layer.activation() != null) {
      return layer.activation();
    }
    throw new UsageException(
        "'" + word + "' is not one activation; 'lamina run' executes layers and networks");
  }
}
