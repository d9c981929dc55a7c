package lamina.cli.command;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Model;
import lamina.network.RunnableNetwork;
import lamina.report.Document;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.Loss;

/**
 * What goes back through a network that ran.
 *
 * @param dy the gradient of the output, or a number for all its elements; null if a loss gives it
 * @param loss null if the gradient is given
 * @param target what the loss compares with
 */
record NetworkGradients(Tensor dy, Loss loss, Tensor target) {
  /** Whether anything goes back. */
  boolean areWanted() {
    return dy != null || loss != null;
  }

  /**
   * Adds the loss and the gradients of inputs and parameters.
   *
   * @param pass recorded what went forward
   * @param model names its inputs; null for other networks
   */
  void add(Document document, Tensor output, Pass pass, RunnableNetwork network, Model model) {
    if (output.dtype() == DType.INT64) {
      throw new InputException(
          "the output holds whole numbers or truth values, which have no gradient");
    }
    if (loss != null) {
      document.put("loss", shortest(loss.forward(output, target)));
    }
    Tensor gradient = loss == null ? filled(output) : loss.backward(output, target);
    Gradients gradients = new Gradients();
    Tensor input = pass.backward(gradient, gradients);
    boolean isDecided = model != null && network.usesValues() && !model.inputs().isEmpty();
    if (isDecided && input == null && !model.inputs().get(0).isInteger()) {
      throw new InputException(
          "--grad: the values of the input '"
              + model.inputs().get(0).name()
              + "' decide what the layers are, so it has no gradient here");
    }
    if (input != null) {
      document.put("grad_input", input);
    }
    for (int i = 1; i < pass.inputGradients().size(); i++) {
      if (pass.inputGradients().get(i) != null) {
        document.put("grad_" + model.inputs().get(i).name(), pass.inputGradients().get(i));
      }
    }
    Set<String> names = new LinkedHashSet<>();
    for (String name : network.parameters().keySet()) {
      names.add(network.nameOf(name));
    }
    names.retainAll(gradients.byName().keySet());
    for (String name : names) {
      document.put("grad_" + name, gradients.byName().get(name));
    }
  }

  /** A number with no more digits than its dtype holds. */
  private static Double shortest(Tensor scalar) {
    return scalar.dtype() == DType.FLOAT32
        ? Double.valueOf(Float.toString(scalar.floats()[0]))
        : Double.valueOf(scalar.get(0));
  }

  /** The gradient in the output's shape: a number stands for all elements. */
  private Tensor filled(Tensor output) {
    if (Arrays.equals(dy.shape(), output.shape())) {
      return dy;
    }
    if (dy.rank() > 0) {
      throw new InputException(
          "--grad has shape "
              + Tensor.text(dy.shape())
              + " but the output has "
              + Tensor.text(output.shape()));
    }
    return Tensor.filled(output.dtype(), dy.get(0), output.shape());
  }
}
