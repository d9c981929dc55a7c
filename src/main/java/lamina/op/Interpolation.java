package lamina.op;

import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Resampling of each axis by itself: element o of the output is a weighted sum of elements of the
 * input. Source: ONNX's Resize and its reference implementation.
 */
public final class Interpolation {
  private Interpolation() {}

  /**
   * Of which elements of the input each element of the output is made, on one axis.
   *
   * @param places for each of them, the elements of the input that count; −1 for none
   * @param weights how much each of these counts
   * @param fills what is added for what lies outside
   */
  public record Taps(int[][] places, double[][] weights, double[] fills) {}

  /** How elements between others come about. */
  public enum Mode {
    NEAREST,
    LINEAR,
    CUBIC
  }

  /** Which of two elements is the nearest. */
  public enum Nearest {
    ROUND_PREFER_FLOOR,
    ROUND_PREFER_CEIL,
    FLOOR,
    CEIL
  }

  /**
   * How an axis is resampled.
   *
   * @param coefficient of the cubic kernel, −0.75 by default
   * @param excludesOutside whether weights of elements outside count as 0 and the others are scaled
   * @param extrapolation what lies beyond the input has this value; NaN for that of the border
   * @param antialias whether the kernel is widened when the axis shrinks
   */
  public record Rule(
      Mode mode,
      Nearest nearest,
      double coefficient,
      boolean excludesOutside,
      double extrapolation,
      boolean antialias) {

    /**
     * The taps of an axis.
     *
     * @param size of the input
     * @param positions where in the input each element of the output lies
     * @param scale of output to input
     */
    public Taps taps(int size, double[] positions, double scale) {
      int count = positions.length;
      Taps taps = new Taps(new int[count][], new double[count][], new double[count]);
      for (int o = 0; o < count; o++) {
        double at = positions[o];
        if (!Double.isNaN(extrapolation) && (at < 0 || at > size - 1)) {
          taps.places[o] = new int[0];
          taps.weights[o] = new double[0];
          taps.fills[o] = extrapolation;
        } else if (mode == Mode.NEAREST) {
          taps.places[o] = new int[] {clamp(nearest(at), size)};
          taps.weights[o] = new double[] {1};
        } else {
          kernel(taps, o, at, size, antialias && scale < 1 ? scale : 1);
        }
      }
      return taps;
    }

    private int nearest(double at) {
      double floor = Math.floor(at);
      return (int)
          switch (nearest) {
            case FLOOR -> floor;
            case CEIL -> Math.ceil(at);
            case ROUND_PREFER_FLOOR -> at - floor <= 0.5 ? floor : floor + 1;
            case ROUND_PREFER_CEIL -> at - floor < 0.5 ? floor : floor + 1;
          };
    }

    private void kernel(Taps taps, int o, double at, int size, double scale) {
      double reach = (mode == Mode.LINEAR ? 1 : 2) / scale;
      int first = (int) Math.floor(at - reach) + 1;
      int last = (int) Math.ceil(at + reach) - 1;
      if (scale == 1) {
        first = (int) Math.floor(at) - (mode == Mode.LINEAR ? 0 : 1);
        last = first + (mode == Mode.LINEAR ? 1 : 3);
      }
      int[] places = new int[last - first + 1];
      double[] weights = new double[places.length];
      double sum = 0;
      for (int i = first; i <= last; i++) {
        boolean isOutside = i < 0 || i >= size;
        places[i - first] = clamp(i, size);
        weights[i - first] = isOutside && excludesOutside ? 0 : weight((i - at) * scale);
        sum += weights[i - first];
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] /= sum;
      }
      taps.places[o] = places;
      taps.weights[o] = weights;
    }

    private double weight(double distance) {
      double d = Math.abs(distance);
      if (mode == Mode.LINEAR) {
        return Math.max(0, 1 - d);
      }
      double a = coefficient;
      if (d <= 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }

    private static int clamp(int place, int size) {
      return Math.min(Math.max(place, 0), size - 1);
    }
  }

  /** One axis resampled; of any type, but sums of whole numbers are rounded down. */
  public static Tensor forward(Tensor x, int axis, Taps taps) {
    int[] shape = x.shape();
    int inner = Checks.product(shape, axis + 1, shape.length);
    int outer = Checks.product(shape, 0, axis);
    int size = shape[axis];
    int count = taps.places.length;
    shape[axis] = count;
    Tensor y = Tensor.zeros(x.dtype(), shape);
    for (int o = 0; o < outer; o++) {
      for (int c = 0; c < count; c++) {
        int to = (o * count + c) * inner;
        int[] places = taps.places[c];
        double[] weights = taps.weights[c];
        for (int j = 0; j < inner; j++) {
          double sum = taps.fills[c];
          for (int t = 0; t < places.length; t++) {
            sum += weights[t] * x.get((o * size + places[t]) * inner + j);
          }
          // Whole numbers are rounded down, not towards 0.
          y.set(to + j, y.dtype() == DType.INT64 ? Math.floor(sum) : sum);
        }
      }
    }
    return y;
  }

  /** The gradient with respect to the input. */
  public static Tensor backward(Tensor dy, int axis, Taps taps, int... inputShape) {
    Tensor dx = Tensor.zeros(dy.dtype(), inputShape);
    int inner = Checks.product(inputShape, axis + 1, inputShape.length);
    int outer = Checks.product(inputShape, 0, axis);
    int size = inputShape[axis];
    int count = taps.places.length;
    for (int o = 0; o < outer; o++) {
      for (int c = 0; c < count; c++) {
        int[] places = taps.places[c];
        for (int t = 0; t < places.length; t++) {
          for (int j = 0; j < inner; j++) {
            int to = (o * size + places[t]) * inner + j;
            double slope = dy.get((o * count + c) * inner + j) * taps.weights[c][t];
            dx.set(to, dx.get(to) + slope);
          }
        }
      }
    }
    return dx;
  }
}
