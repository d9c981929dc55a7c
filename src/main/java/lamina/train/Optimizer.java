package lamina.train;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lamina.op.Checks;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A rule that changes parameters w by the gradients g of a loss, step by step, as torch.optim of
 * PyTorch 1.13 defines it. A rule is a record of its hyperparameters; what it keeps from one step
 * of a parameter to the next is given back to it each time.
 *
 * <p>Each step is one pass over the arrays, in place, computed in the precision of the parameter;
 * factors that are the same for all elements are computed in float64 and rounded once. NaN and
 * infinite gradients go on into the parameter.
 */
public sealed interface Optimizer permits Sgd, Adam, NAdam, RmsProp, Adagrad, Adadelta {
  /** What is kept, by PyTorch's names, in the order in which {@link #step} takes it. */
  List<String> stateNames();

  /** What is kept for a parameter before its first step: zeros of its type and shape. */
  default List<Tensor> start(Tensor parameter) {
    return stateNames().stream()
        .map(name -> Tensor.zeros(parameter.dtype(), parameter.shape()))
        .toList();
  }

  /**
   * Changes a parameter and what is kept for it.
   *
   * @param number counts the steps of this parameter; the first one is 1
   * @param parameter of any shape, float64 or float32
   * @param gradient of the loss with respect to the parameter, in its type and shape; stays as it
   *     is
   * @param state what {@link #start} gave and the steps before this one changed
   * @throws InputException if types or shapes do not fit
   * @throws IllegalArgumentException if the number is below 1, or the state is another rule's
   */
  void step(int number, Tensor parameter, Tensor gradient, List<Tensor> state);

  /** What every step asks of its arguments; the state has the parameter's shape, or is a scalar. */
  static void check(
      Optimizer rule, int number, Tensor parameter, Tensor gradient, List<Tensor> state) {
    Checks.real(parameter, "an optimizer");
    if (gradient.dtype() != parameter.dtype()
        || !Arrays.equals(gradient.shape(), parameter.shape())) {
      throw new InputException(
          "the gradient is "
              + described(gradient)
              + " but the parameter is "
              + described(parameter));
    }
    if (number < 1) {
      throw new IllegalArgumentException("step " + number);
    }
    if (state.size() != rule.stateNames().size()) {
      throw new IllegalArgumentException(
          state.size() + " tensors of state, not " + rule.stateNames());
    }
    for (Tensor kept : state) {
      if (kept.dtype() != parameter.dtype()
          || (kept.rank() > 0 && !Arrays.equals(kept.shape(), parameter.shape()))) {
        throw new IllegalArgumentException(
            "the state is " + described(kept) + " but the parameter is " + described(parameter));
      }
    }
  }

  private static String described(Tensor tensor) {
    return tensor.dtype().label() + " " + Tensor.text(tensor.shape());
  }

  /**
   * A hyperparameter that must be 0 or more.
   *
   * @param name with its article, for the message
   */
  static void atLeastZero(String rule, String name, double value) {
    require(value >= 0 && value < Double.POSITIVE_INFINITY, rule, name, "0 or more", value);
  }

  /** The share of an average that stays at each step: 0 or more, and below 1. */
  static void belowOne(String rule, String name, double value) {
    require(value >= 0 && value < 1, rule, name, "at least 0 and below 1", value);
  }

  /** A hyperparameter that must be 0 to 1. */
  static void zeroToOne(String rule, String name, double value) {
    require(value >= 0 && value <= 1, rule, name, "0 to 1", value);
  }

  private static void require(boolean valid, String rule, String name, String range, double value) {
    if (!valid) {
      throw new InputException(
          String.format(
              Locale.ROOT, "%s needs %s of %s, not %s", rule, name, range, Checks.number(value)));
    }
  }
}
