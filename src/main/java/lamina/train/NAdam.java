package lamina.train;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * {@link Adam} with Nesterov's momentum: at step t, with {@code d = g + λ w}, m and v as there,
 *
 * <pre>
 * μₜ = β₁ (1 − 0.96^(t ψ) / 2),  pₜ = μ₁ ⋯ μₜ
 * w ← w − η ((1 − μₜ) / (1 − pₜ) d + μₜ₊₁ / (1 − pₜ μₜ μₜ₊₁) m) / (√(v / (1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * The second μₜ beside pₜ is PyTorch 1.13's; the paper and later releases do without it.
 *
 * <p>Source: torch.optim.NAdam.
 *
 * @param lr η, the learning rate; PyTorch's default is 2e-3
 * @param beta1 β₁; PyTorch's default is 0.9
 * @param beta2 β₂; PyTorch's default is 0.999
 * @param eps ε; PyTorch's default is 1e-8
 * @param weightDecay λ; PyTorch's default is 0
 * @param momentumDecay ψ; PyTorch's default is 4e-3
 */
public record NAdam(
    double lr, double beta1, double beta2, double eps, double weightDecay, double momentumDecay)
    implements Optimizer {
  private static final List<String> STATE = List.of("exp_avg", "exp_avg_sq", "mu_product");

  /**
   * @throws InputException if a hyperparameter is out of its range
   */
  public NAdam {
    Optimizer.atLeastZero("NAdam", "a learning rate", lr);
    Optimizer.belowOne("NAdam", "a first beta", beta1);
    Optimizer.belowOne("NAdam", "a second beta", beta2);
    Optimizer.atLeastZero("NAdam", "an eps", eps);
    Optimizer.atLeastZero("NAdam", "a weight decay", weightDecay);
    Optimizer.atLeastZero("NAdam", "a momentum decay", momentumDecay);
  }

  @Override
  public List<String> stateNames() {
    return STATE;
  }

  /** Zeros for m and v, and the scalar p, which starts as 1. */
  @Override
  public List<Tensor> start(Tensor parameter) {
    return List.of(
        Tensor.zeros(parameter.dtype(), parameter.shape()),
        Tensor.zeros(parameter.dtype(), parameter.shape()),
        Tensor.scalar(1).as(parameter.dtype()));
  }

  @Override
  public void step(int number, Tensor parameter, Tensor gradient, List<Tensor> state) {
    Optimizer.check(this, number, parameter, gradient, state);
    if (parameter.dtype() == DType.FLOAT64) {
      OptimizerDouble.nadam(
          this,
          number,
          parameter.doubles(),
          gradient.doubles(),
          state.get(0).doubles(),
          state.get(1).doubles(),
          state.get(2).doubles());
    } else {
      OptimizerFloat.nadam(
          this,
          number,
          parameter.floats(),
          gradient.floats(),
          state.get(0).floats(),
          state.get(1).floats(),
          state.get(2).floats());
    }
  }

  /** μ of a step. */
  double momentum(int number) {
    return beta1 * (1 - 0.5 * Math.pow(0.96, number * momentumDecay));
  }
}
