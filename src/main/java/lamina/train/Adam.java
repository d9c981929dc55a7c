package lamina.train;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Steps by averages of the gradient and of its square: at step t, with {@code d = g + λ w},
 *
 * <pre>
 * m ← β₁ m + (1 − β₁) d
 * v ← β₂ v + (1 − β₂) d²
 * w ← w − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * AdamW has {@code d = g} and, before that, {@code w ← (1 − η λ) w}. AMSGrad divides by the largest
 * v so far. Sources: torch.optim.Adam and torch.optim.AdamW.
 *
 * @param lr η, the learning rate; PyTorch's default is 1e-3
 * @param beta1 β₁; PyTorch's default is 0.9
 * @param beta2 β₂; PyTorch's default is 0.999
 * @param eps ε; PyTorch's default is 1e-8
 * @param weightDecay λ; PyTorch's default is 0, for AdamW 1e-2
 * @param decoupled whether the weights decay by themselves (AdamW), not by their gradient
 * @param amsgrad whether v is its largest value so far
 */
public record Adam(
    double lr,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    boolean decoupled,
    boolean amsgrad)
    implements Optimizer {
  /**
   * @throws InputException if a hyperparameter is out of its range
   */
  public Adam {
    String name = decoupled ? "AdamW" : "Adam";
    Optimizer.atLeastZero(name, "a learning rate", lr);
    Optimizer.belowOne(name, "a first beta", beta1);
    Optimizer.belowOne(name, "a second beta", beta2);
    Optimizer.atLeastZero(name, "an eps", eps);
    Optimizer.atLeastZero(name, "a weight decay", weightDecay);
  }

  @Override
  public List<String> stateNames() {
    return amsgrad
        ? List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
        : List.of("exp_avg", "exp_avg_sq");
  }

  @Override
  public void step(int number, Tensor parameter, Tensor gradient, List<Tensor> state) {
    Optimizer.check(this, number, parameter, gradient, state);
    Tensor largest = amsgrad ? state.get(2) : null;
    if (parameter.dtype() == DType.FLOAT64) {
      OptimizerDouble.adam(
          this,
          number,
          parameter.doubles(),
          gradient.doubles(),
          state.get(0).doubles(),
          state.get(1).doubles(),
          largest == null ? null : largest.doubles());
    } else {
      OptimizerFloat.adam(
          this,
          number,
          parameter.floats(),
          gradient.floats(),
          state.get(0).floats(),
          state.get(1).floats(),
          largest == null ? null : largest.floats());
    }
  }

  /** What becomes of a weight by itself at each step. */
  double kept() {
    return decoupled ? 1 - lr * weightDecay : 1;
  }

  /** What of a weight adds to its gradient. */
  double gradientDecay() {
    return decoupled ? 0 : weightDecay;
  }
}
