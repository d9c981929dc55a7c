package lamina.format;

import java.util.Random;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** Tensors of random rank, shape and values of all magnitudes, special ones among them. */
public final class RandomTensors {
  private static final double[] SPECIAL = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0
  };

  private RandomTensors() {}

  public static Tensor next(Random random, DType dtype) {
    int[] shape = new int[random.nextInt(5)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = 1 + random.nextInt(4);
    }
    return fill(Tensor.zeros(dtype, shape), random);
  }

  static Tensor fill(Tensor tensor, Random random) {
    for (int i = 0; i < tensor.size(); i++) {
      switch (tensor.dtype()) {
        case FLOAT64 -> tensor.doubles()[i] = number(random);
        case FLOAT32 -> tensor.floats()[i] = single(random);
        case INT64 -> tensor.longs()[i] = random.nextLong() >> random.nextInt(64);
      }
    }
    return tensor;
  }

  private static double number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
      case 1 -> canonical(Double.longBitsToDouble(random.nextLong()));
      case 2 -> random.nextInt(2000) / 100.0 - 10;
      default -> random.nextGaussian();
    };
  }

  private static float single(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> (float) SPECIAL[random.nextInt(SPECIAL.length)];
      case 1 -> canonical(Float.intBitsToFloat(random.nextInt()));
      default -> (float) random.nextGaussian();
    };
  }

  private static double canonical(double value) {
    return Double.isNaN(value) ? Double.NaN : value;
  }

  private static float canonical(float value) {
    return Float.isNaN(value) ? Float.NaN : value;
  }
}
