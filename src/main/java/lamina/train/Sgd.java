package lamina.train;

import java.util.List;
import lamina.op.Checks;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Gradient descent: with {@code d = g + λ w},
 *
 * <pre>
 * v ← μ v + (1 − τ) d    (at the first step v ← d)
 * w ← w − η v            (Nesterov: w ← w − η (d + μ v))
 * </pre>
 *
 * Without momentum v is d, and nothing is kept. Source: torch.optim.SGD.
 *
 * @param lr η, the learning rate
 * @param momentum μ; PyTorch's default is 0
 * @param dampening τ; PyTorch's default is 0
 * @param weightDecay λ; PyTorch's default is 0
 * @param nesterov whether the step looks ahead along the momentum
 */
public record Sgd(
    double lr, double momentum, double dampening, double weightDecay, boolean nesterov)
    implements Optimizer {
  /**
   * @throws InputException if a hyperparameter is out of its range
   */
  public Sgd {
    Optimizer.atLeastZero("SGD", "a learning rate", lr);
    Optimizer.atLeastZero("SGD", "a momentum", momentum);
    Optimizer.atLeastZero("SGD", "a weight decay", weightDecay);
    if (!Double.isFinite(dampening)) {
      throw new InputException("SGD needs a finite dampening, not " + dampening);
    }
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new InputException(
          "Nesterov's SGD needs a momentum and no dampening, not momentum "
              + Checks.number(momentum)
              + " and dampening "
              + Checks.number(dampening));
    }
  }

  @Override
  public List<String> stateNames() {
    return momentum == 0 ? List.of() : List.of("momentum_buffer");
  }

  @Override
  public void step(int number, Tensor parameter, Tensor gradient, List<Tensor> state) {
    Optimizer.check(this, number, parameter, gradient, state);
    if (parameter.dtype() == DType.FLOAT64) {
      double[] w = parameter.doubles();
      double[] g = gradient.doubles();
      if (momentum == 0) {
        OptimizerDouble.descend(this, w, g);
      } else {
        OptimizerDouble.descend(this, number == 1, w, g, state.get(0).doubles());
      }
    } else {
      float[] w = parameter.floats();
      float[] g = gradient.floats();
      if (momentum == 0) {
        OptimizerFloat.descend(this, w, g);
      } else {
        OptimizerFloat.descend(this, number == 1, w, g, state.get(0).floats());
      }
    }
  }
}
