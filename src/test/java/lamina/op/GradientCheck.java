package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Compares a gradient with central differences of {@code sum(f(x) · dy)} in float64, for a function
 * without kinks near the drawn values.
 */
public final class GradientCheck {
  private static final double STEP = 1e-5;

  private GradientCheck() {}

  /** A tensor of normally distributed numbers. */
  public static Tensor random(long seed, int... shape) {
    Random random = new Random(seed);
    Tensor tensor = Tensor.zeros(DType.FLOAT64, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.doubles()[i] = random.nextGaussian();
    }
    return tensor;
  }

  /** Draws x and dy and fails at the first element that differs, with the seed. */
  public static void of(
      String what,
      UnaryOperator<Tensor> forward,
      BinaryOperator<Tensor> backward,
      int[] shape,
      long seed) {
    Tensor x = random(seed, shape);
    of(what + ", seed " + seed, forward, backward, x, random(seed + 1, forward.apply(x).shape()));
  }

  /** The same at a given point. */
  public static void of(
      String what,
      UnaryOperator<Tensor> forward,
      BinaryOperator<Tensor> backward,
      Tensor x,
      Tensor dy) {
    Tensor dx = backward.apply(x, dy);
    assertThat(dx.shape()).as(what).containsExactly(x.shape());
    for (int i = 0; i < x.size(); i++) {
      double slope =
          (weighted(forward, x, i, STEP, dy) - weighted(forward, x, i, -STEP, dy)) / (2 * STEP);
      assertThat(dx.get(i))
          .as("%s: element %s", what, i)
          .isCloseTo(slope, within(1e-7 * Math.max(1, Math.abs(slope))));
    }
  }

  private static double weighted(
      UnaryOperator<Tensor> forward, Tensor x, int index, double change, Tensor dy) {
    double[] moved = x.doubles().clone();
    moved[index] += change;
    Tensor y = forward.apply(Tensor.of(moved, x.shape()));
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      sum += y.get(i) * dy.get(i);
    }
    return sum;
  }
}
