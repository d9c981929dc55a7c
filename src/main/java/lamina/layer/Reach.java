package lamina.layer;

import java.util.Arrays;
import lamina.kernel.Window;

/**
 * Which part of its input an element of a layer's output sees, per spatial axis, in steps of the
 * input. Composed over layers it gives the receptive field: {@code size += growth · j; start +=
 * offset · j; j *= step}, j being the distance of neighbouring elements in the network's input.
 *
 * @param growth how many more elements than one
 * @param offset where the centre of the first element's window lies
 * @param step the distance of neighbouring windows, below 1 for layers that enlarge
 */
public record Reach(double[] growth, double[] offset, double[] step) {
  /** Each element sees the one at its place. */
  public static final Reach POINT = new Reach(new double[0], new double[0], new double[0]);

  /** Each element sees everything. */
  public static final Reach ALL = new Reach(null, null, null);

  /** A window that slides over the input: {@code d(k − 1)}, {@code d(k − 1)/2 − p}, {@code s}. */
  static Reach of(Window window) {
    int axes = window.rank();
    Reach reach = new Reach(new double[axes], new double[axes], new double[axes]);
    for (int axis = 0; axis < axes; axis++) {
      reach.growth[axis] = window.span(axis) - 1.0;
      reach.offset[axis] = reach.growth[axis] / 2 - window.padBefore()[axis];
      reach.step[axis] = window.stride()[axis];
    }
    return reach;
  }

  /**
   * The transpose of a window: output o comes from the inputs i with {@code o = i·s − p + t·d}, at
   * most {@code ⌈(d(k − 1) + 1) / s⌉} of them, around {@code (o + p − d(k − 1)/2) / s}.
   */
  static Reach ofTransposed(Window window) {
    int axes = window.rank();
    Reach reach = new Reach(new double[axes], new double[axes], new double[axes]);
    for (int axis = 0; axis < axes; axis++) {
      double span = window.span(axis);
      double stride = window.stride()[axis];
      reach.growth[axis] = Math.ceil(span / stride) - 1;
      reach.offset[axis] = (window.padBefore()[axis] - (span - 1) / 2) / stride;
      reach.step[axis] = 1 / stride;
    }
    return reach;
  }

  /** The same on each of some axes. */
  static Reach uniform(int axes, double growth, double offset, double step) {
    double[][] values = {new double[axes], new double[axes], new double[axes]};
    Arrays.fill(values[0], growth);
    Arrays.fill(values[1], offset);
    Arrays.fill(values[2], step);
    return new Reach(values[0], values[1], values[2]);
  }
}
