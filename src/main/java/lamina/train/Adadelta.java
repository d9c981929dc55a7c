package lamina.train;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Steps of the size of former steps: with {@code d = g + λ w},
 *
 * <pre>
 * s ← ρ s + (1 − ρ) d²
 * u = √(a + ε) / √(s + ε) d
 * a ← ρ a + (1 − ρ) u²
 * w ← w − η u
 * </pre>
 *
 * Source: torch.optim.Adadelta.
 *
 * @param lr η, a factor on the steps; PyTorch's default is 1
 * @param rho ρ; PyTorch's default is 0.9
 * @param eps ε; PyTorch's default is 1e-6
 * @param weightDecay λ; PyTorch's default is 0
 */
public record Adadelta(double lr, double rho, double eps, double weightDecay) implements Optimizer {
  private static final List<String> STATE = List.of("square_avg", "acc_delta");

  /**
   * @throws InputException if a hyperparameter is out of its range
   */
  public Adadelta {
    Optimizer.atLeastZero("Adadelta", "a learning rate", lr);
    Optimizer.zeroToOne("Adadelta", "a rho", rho);
    Optimizer.atLeastZero("Adadelta", "an eps", eps);
    Optimizer.atLeastZero("Adadelta", "a weight decay", weightDecay);
  }

  @Override
  public List<String> stateNames() {
    return STATE;
  }

  @Override
  public void step(int number, Tensor parameter, Tensor gradient, List<Tensor> state) {
    Optimizer.check(this, number, parameter, gradient, state);
    if (parameter.dtype() == DType.FLOAT64) {
      OptimizerDouble.adadelta(
          this,
          parameter.doubles(),
          gradient.doubles(),
          state.get(0).doubles(),
          state.get(1).doubles());
    } else {
      OptimizerFloat.adadelta(
          this,
          parameter.floats(),
          gradient.floats(),
          state.get(0).floats(),
          state.get(1).floats());
    }
  }
}
