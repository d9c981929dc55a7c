package lamina.layer;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;

/** The values of parameters before training. Both dtypes draw the same numbers. */
public final class InitialValues {
  private InitialValues() {}

  /** 1/√fan-in of a weight {@code (out, in, kernel...)}: all its sizes but the first. */
  static double fanInBound(Shape weight) {
    double fanIn = 1;
    for (int axis = 1; axis < weight.rank(); axis++) {
      fanIn *= weight.dim(axis).value();
    }
    return 1 / Math.sqrt(fanIn);
  }

  static void fill(Tensor values, double value) {
    if (values.dtype() == DType.FLOAT32) {
      Arrays.fill(values.floats(), (float) value);
    } else if (values.dtype() == DType.FLOAT64) {
      Arrays.fill(values.doubles(), value);
    }
  }

  /** Uniform in [−bound, bound). */
  public static void uniform(Tensor values, double bound, RandomNumbers random) {
    for (int i = 0; i < values.size(); i++) {
      values.set(i, random.nextWithin(bound));
    }
  }

  /** Standard normal. */
  static void normal(Tensor values, RandomNumbers random) {
    for (int i = 0; i < values.size(); i++) {
      values.set(i, random.nextGaussian());
    }
  }
}
