package lamina.format;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Tensors by formula: {@code zeros:3x4}, {@code ones:3x4}, {@code arange:3x4}, {@code rand:3x4}
 * (uniform in [0, 1)) and {@code randn:3x4} (standard normal).
 *
 * <p>Random numbers come from SplitMix64 (Steele, Lea and Flood, 2014), normal ones from it by the
 * transform of Box and Muller in {@link StrictMath}: a seed gives the same bytes on every machine
 * and every JDK.
 */
final class Generator {
  private static final String[] NAMES = {"zeros", "ones", "arange", "rand", "randn"};

  private Generator() {}

  /** Whether a TENSOR argument names a generator. */
  static boolean matches(String argument) {
    int colon = argument.indexOf(':');
    if (colon < 0) {
      return false;
    }
    for (String name : NAMES) {
      if (name.length() == colon && argument.startsWith(name)) {
        return true;
      }
    }
    return false;
  }

  static Tensor generate(String argument, DType dtype, long seed) {
    int colon = argument.indexOf(':');
    Tensor tensor = Tensor.zeros(dtype, shape(argument, colon + 1));
    switch (argument.substring(0, colon)) {
      case "ones" -> ones(tensor);
      case "arange" -> arange(tensor);
      case "rand" -> random(tensor, seed, false, argument);
      case "randn" -> random(tensor, seed, true, argument);
      default -> {}
    }
    return tensor;
  }

  private static int[] shape(String argument, int from) {
    int[] shape = new int[argument.length()];
    int rank = 0;
    long size = -1;
    for (int i = from; i <= argument.length(); i++) {
      char c = i < argument.length() ? argument.charAt(i) : 'x';
      if (c >= '0' && c <= '9') {
        size = Math.max(size, 0) * 10 + c - '0';
      } else if (c == 'x' && size >= 0) {
        shape[rank++] = (int) size;
        size = -1;
      } else {
        size = Long.MAX_VALUE;
      }
      if (size > Tensor.MAX_ELEMENTS) {
        throw new InputException(
            "'"
                + argument
                + "' needs a shape of sizes up to "
                + Tensor.MAX_ELEMENTS
                + ", such as "
                + argument.substring(0, from)
                + "3x4");
      }
    }
    return Arrays.copyOf(shape, rank);
  }

  private static void ones(Tensor tensor) {
    switch (tensor.dtype()) {
      case FLOAT64 -> Arrays.fill(tensor.doubles(), 1);
      case FLOAT32 -> Arrays.fill(tensor.floats(), 1);
      case INT64 -> Arrays.fill(tensor.longs(), 1);
    }
  }

  private static void arange(Tensor tensor) {
    for (int i = 0; i < tensor.size(); i++) {
      switch (tensor.dtype()) {
        case FLOAT64 -> tensor.doubles()[i] = i;
        case FLOAT32 -> tensor.floats()[i] = i;
        case INT64 -> tensor.longs()[i] = i;
      }
    }
  }

  private static void random(Tensor tensor, long seed, boolean normal, String argument) {
    if (tensor.dtype() == DType.INT64) {
      throw new InputException("'" + argument + "' gives fractions, but integers are needed here");
    }
    long state = seed;
    double second = Double.NaN;
    for (int i = 0; i < tensor.size(); i++) {
      double value;
      if (!normal) {
        state += GOLDEN_GAMMA;
        value = fraction(mix(state), tensor.dtype());
      } else if (i % 2 == 0) {
        state += GOLDEN_GAMMA;
        double uniform = 1 - fraction(mix(state), DType.FLOAT64);
        double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform));
        state += GOLDEN_GAMMA;
        double angle = 2 * Math.PI * fraction(mix(state), DType.FLOAT64);
        value = radius * StrictMath.cos(angle);
        second = radius * StrictMath.sin(angle);
      } else {
        value = second;
      }
      if (tensor.dtype() == DType.FLOAT64) {
        tensor.doubles()[i] = value;
      } else {
        tensor.floats()[i] = (float) value;
      }
    }
  }

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** SplitMix64's output function. */
  private static long mix(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The leading bits as a fraction in [0, 1); as many as the type holds, so that 1 never comes. */
  private static double fraction(long bits, DType dtype) {
    return dtype == DType.FLOAT32 ? (bits >>> 40) * 0x1p-24 : (bits >>> 11) * 0x1p-53;
  }
}
