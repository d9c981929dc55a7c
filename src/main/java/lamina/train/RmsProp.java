package lamina.train;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Divides by the root of an average of the squared gradient: with {@code d = g + λ w},
 *
 * <pre>
 * s ← α s + (1 − α) d²
 * u = d / (√s + ε)       (centered: a ← α a + (1 − α) d, u = d / (√(s − a²) + ε))
 * w ← w − η u            (with momentum: b ← μ b + u, w ← w − η b)
 * </pre>
 *
 * Source: torch.optim.RMSprop.
 *
 * @param lr η, the learning rate; PyTorch's default is 1e-2
 * @param alpha α; PyTorch's default is 0.99. Above 1, which PyTorch allows, s would become negative
 * @param eps ε; PyTorch's default is 1e-8
 * @param weightDecay λ; PyTorch's default is 0
 * @param momentum μ; PyTorch's default is 0
 * @param centered whether the average a is taken off
 */
public record RmsProp(
    double lr, double alpha, double eps, double weightDecay, double momentum, boolean centered)
    implements Optimizer {
  /**
   * @throws InputException if a hyperparameter is out of its range
   */
  public RmsProp {
    Optimizer.atLeastZero("RMSprop", "a learning rate", lr);
    Optimizer.zeroToOne("RMSprop", "an alpha", alpha);
    Optimizer.atLeastZero("RMSprop", "an eps", eps);
    Optimizer.atLeastZero("RMSprop", "a weight decay", weightDecay);
    Optimizer.atLeastZero("RMSprop", "a momentum", momentum);
  }

  @Override
  public List<String> stateNames() {
    List<String> names = new ArrayList<>(List.of("square_avg"));
    if (centered) {
      names.add("grad_avg");
    }
    if (momentum > 0) {
      names.add("momentum_buffer");
    }
    return names;
  }

  @Override
  public void step(int number, Tensor parameter, Tensor gradient, List<Tensor> state) {
    Optimizer.check(this, number, parameter, gradient, state);
    Tensor means = centered ? state.get(1) : null;
    Tensor velocity = momentum > 0 ? state.get(state.size() - 1) : null;
    if (parameter.dtype() == DType.FLOAT64) {
      OptimizerDouble.rmsProp(
          this,
          parameter.doubles(),
          gradient.doubles(),
          state.get(0).doubles(),
          means == null ? null : means.doubles(),
          velocity == null ? null : velocity.doubles());
    } else {
      OptimizerFloat.rmsProp(
          this,
          parameter.floats(),
          gradient.floats(),
          state.get(0).floats(),
          means == null ? null : means.floats(),
          velocity == null ? null : velocity.floats());
    }
  }
}
