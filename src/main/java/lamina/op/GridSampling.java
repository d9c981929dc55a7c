package lamina.op;

import java.util.Arrays;
import java.util.List;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A tensor {@code (N, C, sizes...)} read where a grid {@code (N, positions..., axes)} says: −1 and
 * 1 are its borders, and the last axis comes first. Source: torch.nn.functional.grid_sample and
 * ONNX's GridSample.
 *
 * @param alignsCorners whether −1 and 1 are the centres of the outer elements, not their edges
 */
public record GridSampling(Mode mode, Outside outside, boolean alignsCorners) {
  private static final double CUBIC = -0.75;

  /** How elements between others come about. */
  public enum Mode {
    NEAREST,
    LINEAR,
    CUBIC
  }

  /** What lies beyond the borders. */
  public enum Outside {
    ZEROS,
    BORDER,
    REFLECTION
  }

  /** The elements of one axis that count at one position; −1 for one of value 0. */
  private record Taps(int[] places, double[] weights, double[] slopes) {}

  /** The values at the positions: {@code (N, C, positions...)}. */
  public Tensor forward(Tensor x, Tensor grid) {
    int[] shape = grid.shape();
    int[] output = new int[shape.length];
    output[0] = shape[0];
    output[1] = x.dim(1);
    System.arraycopy(shape, 1, output, 2, shape.length - 2);
    Tensor y = Tensor.zeros(x.dtype(), output);
    int channels = x.dim(1);
    int count = Checks.product(shape, 1, shape.length - 1);
    int plane = Checks.product(x.shape(), 2, x.rank());
    for (int position = 0; position < shape[0] * count; position++) {
      int first = position / count * channels;
      Combinations all = new Combinations(x, grid, position);
      while (all.next()) {
        for (int c = 0; all.place >= 0 && c < channels; c++) {
          int to = (first + c) * count + position % count;
          y.set(to, y.get(to) + all.weight * x.get((first + c) * plane + all.place));
        }
      }
    }
    return y;
  }

  /** The gradients with respect to the tensor and the grid. */
  public List<Tensor> backward(Tensor x, Tensor grid, Tensor dy) {
    int[] shape = grid.shape();
    Tensor dx = Tensor.zeros(dy.dtype(), x.shape());
    Tensor dgrid = Tensor.zeros(dy.dtype(), shape);
    int channels = x.dim(1);
    int axes = x.rank() - 2;
    int count = Checks.product(shape, 1, shape.length - 1);
    int plane = Checks.product(x.shape(), 2, x.rank());
    for (int position = 0; position < shape[0] * count; position++) {
      int first = position / count * channels;
      Combinations all = new Combinations(x, grid, position);
      while (all.next()) {
        for (int c = 0; all.place >= 0 && c < channels; c++) {
          int from = (first + c) * plane + all.place;
          double slope = dy.get((first + c) * count + position % count);
          dx.set(from, dx.get(from) + slope * all.weight);
          for (int axis = 0; axis < axes; axis++) {
            int to = position * axes + axes - 1 - axis;
            dgrid.set(to, dgrid.get(to) + slope * all.slope(axis) * x.get(from));
          }
        }
      }
    }
    return List.of(dx, dgrid);
  }

  /** All elements that count at one position. */
  private final class Combinations {
    private final Taps[] taps;
    private final int[] index;
    private final int[] sizes;
    private boolean isStarted;

    /** The offset of the element in its plane, or −1. */
    private int place;

    private double weight;

    Combinations(Tensor x, Tensor grid, int position) {
      sizes = Arrays.copyOfRange(x.shape(), 2, x.rank());
      taps = new Taps[sizes.length];
      index = new int[sizes.length];
      for (int axis = 0; axis < sizes.length; axis++) {
        double given = grid.get(position * sizes.length + sizes.length - 1 - axis);
        taps[axis] = taps(given, sizes[axis]);
      }
    }

    boolean next() {
      int axis = sizes.length - 1;
      while (isStarted && axis >= 0 && ++index[axis] == taps[axis].places.length) {
        index[axis--] = 0;
      }
      if (axis < 0) {
        return false;
      }
      isStarted = true;
      place = 0;
      weight = 1;
      for (int i = 0; i < sizes.length; i++) {
        int tap = taps[i].places[index[i]];
        place = tap < 0 || place < 0 ? -1 : place * sizes[i] + tap;
        weight *= taps[i].weights[index[i]];
      }
      return true;
    }

    /** How the weight changes with the position on an axis. */
    double slope(int axis) {
      double slope = 1;
      for (int i = 0; i < sizes.length; i++) {
        Taps own = taps[i];
        slope *= i == axis ? own.slopes[index[i]] : own.weights[index[i]];
      }
      return slope;
    }
  }

  private Taps taps(double given, int size) {
    if (size == 0) {
      throw new InputException("reads from an empty axis");
    }
    double scale = alignsCorners ? (size - 1) / 2.0 : size / 2.0;
    double at = (given + 1) * scale - (alignsCorners ? 0 : 0.5);
    double slope = scale;
    // NaN and infinity have no place; PyTorch takes −1 for NaN.
    if (Double.isNaN(at) || Math.abs(at) > Integer.MAX_VALUE / 4.0) {
      at = at > 0 ? size + 8.0 : -8.0;
      slope = 0;
    }
    if (mode != Mode.CUBIC && outside != Outside.ZEROS) {
      if (outside == Outside.REFLECTION) {
        double reflected = reflected(at, size);
        slope *= reflected(at + 1e-7, size) < reflected ? -1 : 1;
        at = reflected;
      }
      slope = at < 0 || at > size - 1 ? 0 : slope;
      at = Math.min(Math.max(at, 0), size - 1.0);
    }
    double floor = Math.floor(at);
    double t = at - floor;
    return switch (mode) {
      case NEAREST ->
          new Taps(new int[] {place(Math.rint(at), size)}, new double[] {1}, new double[1]);
      case LINEAR ->
          new Taps(
              new int[] {place(floor, size), place(floor + 1, size)},
              new double[] {1 - t, t},
              new double[] {-slope, slope});
      case CUBIC -> cubicTaps(floor, t, slope, size);
    };
  }

  private Taps cubicTaps(double floor, double t, double slope, int size) {
    Taps taps = new Taps(new int[4], new double[4], new double[4]);
    for (int i = 0; i < 4; i++) {
      taps.places[i] = place(floor + i - 1, size);
      double distance = t - (i - 1);
      taps.weights[i] = cubic(Math.abs(distance));
      taps.slopes[i] = slope * Math.signum(distance) * cubicSlope(Math.abs(distance));
    }
    return taps;
  }

  private static double cubic(double d) {
    return d <= 1
        ? ((CUBIC + 2) * d - (CUBIC + 3)) * d * d + 1
        : ((CUBIC * d - 5 * CUBIC) * d + 8 * CUBIC) * d - 4 * CUBIC;
  }

  private static double cubicSlope(double d) {
    return d <= 1
        ? (3 * (CUBIC + 2) * d - 2 * (CUBIC + 3)) * d
        : (3 * CUBIC * d - 10 * CUBIC) * d + 8 * CUBIC;
  }

  private double reflected(double at, int size) {
    double low = alignsCorners ? 0 : -0.5;
    double span = alignsCorners ? size - 1 : size;
    if (span == 0) {
      return 0;
    }
    double far = Math.abs(at - low) % (2 * span);
    return (far < span ? far : 2 * span - far) + low;
  }

  private int place(double at, int size) {
    if (at >= 0 && at < size) {
      return (int) at;
    }
    return switch (outside) {
      case ZEROS -> -1;
      case BORDER -> at < 0 ? 0 : size - 1;
      case REFLECTION -> (int) Math.min(Math.max(reflected(at, size), 0), size - 1.0);
    };
  }
}
