package lamina.train;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Divides by the root of the sum of all squared gradients: at step t, with {@code d = g + λ w},
 *
 * <pre>
 * s ← s + d²
 * w ← w − η / (1 + (t − 1) γ) d / (√s + ε)
 * </pre>
 *
 * Source: torch.optim.Adagrad.
 *
 * @param lr η, the learning rate; PyTorch's default is 1e-2
 * @param lrDecay γ; PyTorch's default is 0
 * @param weightDecay λ; PyTorch's default is 0
 * @param eps ε; PyTorch's default is 1e-10
 */
public record Adagrad(double lr, double lrDecay, double weightDecay, double eps)
    implements Optimizer {
  private static final List<String> STATE = List.of("sum");

  /**
   * @throws InputException if a hyperparameter is out of its range
   */
  public Adagrad {
    Optimizer.atLeastZero("Adagrad", "a learning rate", lr);
    Optimizer.atLeastZero("Adagrad", "a decay of its learning rate", lrDecay);
    Optimizer.atLeastZero("Adagrad", "a weight decay", weightDecay);
    Optimizer.atLeastZero("Adagrad", "an eps", eps);
  }

  @Override
  public List<String> stateNames() {
    return STATE;
  }

  @Override
  public void step(int number, Tensor parameter, Tensor gradient, List<Tensor> state) {
    Optimizer.check(this, number, parameter, gradient, state);
    if (parameter.dtype() == DType.FLOAT64) {
      OptimizerDouble.adagrad(
          this, number, parameter.doubles(), gradient.doubles(), state.get(0).doubles());
    } else {
      OptimizerFloat.adagrad(
          this, number, parameter.floats(), gradient.floats(), state.get(0).floats());
    }
  }
}
