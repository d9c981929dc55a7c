package lamina.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import lamina.tensor.Tensor;

/** The gradients of a network's parameters, by full name. */
public final class Gradients {
  private final Map<String, Tensor> byName = new LinkedHashMap<>();

  /** Adds a gradient to what its parameter has gathered; a shared weight gathers several. */
  public void add(Weights weights, String name, Tensor gradient) {
    byName.merge(weights.fullName(name), gradient, Gradients::sum);
  }

  private static Tensor sum(Tensor a, Tensor b) {
    Tensor sum = Tensor.zeros(a.dtype(), a.shape());
    for (int i = 0; i < a.size(); i++) {
      switch (a.dtype()) {
        case FLOAT32 -> sum.floats()[i] = a.floats()[i] + b.floats()[i];
        case FLOAT64 -> sum.doubles()[i] = a.doubles()[i] + b.doubles()[i];
        case INT64 -> throw new IllegalArgumentException("an int64 tensor has no gradient");
      }
    }
    return sum;
  }

  /** The gradients in the order in which they were found, last layer first. */
  public Map<String, Tensor> byName() {
    return byName;
  }
}
